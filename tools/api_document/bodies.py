"""What a route reads of a request's body, from the schemas that it names."""

from inspect import getdoc
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from marshmallow import fields

from common.http import Route
from common.http.body import FORM, MULTIPART
from common.http.declared_bodies import Body, Kind, schema_named
from common.http.responses import JSON
from common.http.validation import Schema
from tools.api_document.fields import attributes_of

Json = dict[str, Any]

_FILE: Json = {"type": "string", "contentMediaType": "image/*", "description": "A picture of at most 10 MiB"}


def plugin() -> MarshmallowPlugin:
    """The plugin of apispec by which schemas become components under names that no answer has."""
    return MarshmallowPlugin(schema_name_resolver=_name)


def teach(made: MarshmallowPlugin) -> None:
    """Teach the plugin, which belongs to a document by now, the project's own fields."""
    _converter(made).add_attribute_function(attributes_of)


def body_of(route: Route, document: APISpec) -> Json | None:
    """The request body of a route, whose schemas become components; None where nothing is read."""
    body = route.body
    if body is None:
        return None
    return {"required": body.required, "content": _content(route.domain, body, document)}


def complete(document: APISpec, made: MarshmallowPlugin) -> None:
    """Add to the components of all bodies what they are for and the other names of their fields."""
    for key, name in _converter(made).refs.items():
        component = document.components.schemas[name]
        component["description"] = _description(key[0])
        _add_other_names(component, key[0])


def _content(domain: str, body: Body, document: APISpec) -> Json:
    if body.kind is Kind.SIGNED:
        signed = "As its sender signed it; the signature is in a header of the sender's own"
        return {JSON: {"schema": {"type": "object", "description": signed}}}
    if body.kind is Kind.FIELDS:
        schemas = [_schema(domain, name, body, document) for name in body.schema_names]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        is_flat = all(_is_flat(schema_named(domain, name)) for name in body.schema_names)
        return {kind: {"schema": schema} for kind in ([JSON, FORM] if is_flat else [JSON])}
    form = _upload(domain, body, document)
    if body.kind is Kind.UPLOAD:
        return {MULTIPART: {"schema": form}}
    return {MULTIPART: {"schema": form}, JSON: {"schema": {"description": "Asks where to put the picture"}}}


def _upload(domain: str, body: Body, document: APISpec) -> Json:
    file: Json = {"type": "object", "properties": {body.file: _FILE}, "required": [body.file]}
    return {"allOf": [file, _schema(domain, body.schema, body, document)]} if body.schema else file


def _schema(domain: str, name: str, body: Body, document: APISpec) -> Json:
    schema = schema_named(domain, name)(partial=True if body.is_change else None)
    reference: Json = _converter(document.plugins[0]).resolve_nested_schema(schema)
    return reference


def _converter(made: Any) -> Any:
    """The part of the plugin that knows the schemas; apispec does not say its types."""
    return made.converter


def _name(schema: Any) -> str:
    found: Any = resolve_schema_cls(schema)
    name = str(found.__name__).removesuffix("Schema")
    is_partial = bool(getattr(schema, "partial", None)) and not name.endswith("Changes")
    return f"{name}{'Changes' if is_partial else ''}Input"


def _is_flat(schema: type[Schema]) -> bool:
    return not any(isinstance(field, fields.List | fields.Nested) for field in schema().fields.values())


def _description(schema: type[Schema]) -> str:
    return f"{getdoc(schema)} Fields that are not named here are ignored."


def _add_other_names(component: Json, schema: type[Schema]) -> None:
    properties, groups = component["properties"], dict[str, list[str]]()
    for other, own in schema.other_names.items():
        if schema.others_win:
            properties[other] = {**properties[own], "description": f"The same as {own}, and goes before it"}
        else:
            # Beside the field's own name it may hold anything, for nobody looks at it.
            properties.setdefault(other, {"description": f"The same as {own}, which goes before it"})
        groups.setdefault(own, [own]).append(other)
    needed = component.get("required", [])
    either = [[{"required": [name]} for name in groups[own]] for own in needed if own in groups]
    if either:
        component["required"] = [own for own in needed if own not in groups]
        component["allOf"] = [{"anyOf": names} for names in either]
