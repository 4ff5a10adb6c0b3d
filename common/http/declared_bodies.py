"""What a route declares of the body that it reads."""

from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING

from common.http.body import MAX_JSON_BYTES

if TYPE_CHECKING:
    from common.http.validation import Schema


class Kind(Enum):
    """How a body is written."""

    FIELDS = "fields"
    """A JSON object, or a urlencoded form."""
    UPLOAD = "upload"
    """A multipart form with a file."""
    FIELDS_OR_UPLOAD = "fields or upload"
    """A multipart form with a file; any other body, or none, asks where to put the file."""
    SIGNED = "signed"
    """Bytes whose signature is verified before anything is read of them."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body: the schema of its fields, as `schemas.NewProduct` in the domain's package.

    - `required`: whether an empty body is refused; an empty one that is not is one without fields.
    - `is_change`: no field is required, and only what differs from what was shown counts.
    - `otherwise`: the schema of a body without the field `distinguished_by`.
    - `file`: the field of an upload's file.
    - `most_bytes`: how large it may be; None for an upload, whose file has a limit of its own.
    - `is_beacon`: whether JSON is also taken as text/plain, which is what a browser calls a text that a page
      sends while it is left (`navigator.sendBeacon`). Only for what a foreign page may make a visitor say.
    """

    schema: str = ""
    kind: Kind = Kind.FIELDS
    required: bool = True
    is_change: bool = False
    otherwise: str = ""
    distinguished_by: str = ""
    file: str = ""
    most_bytes: int | None = MAX_JSON_BYTES
    is_beacon: bool = False

    @property
    def schema_names(self) -> tuple[str, ...]:
        """The names of all its schemas."""
        return tuple(name for name in (self.schema, self.otherwise) if name)


def changes(schema: str) -> Body:
    """A body of changes of something that the caller was shown."""
    return Body(schema, is_change=True)


def optional(schema: str) -> Body:
    """A body that may be left out."""
    return Body(schema, required=False)


def beacon(schema: str) -> Body:
    """A body that may be left out, or sent by a page that is left."""
    return Body(schema, required=False, is_beacon=True)


def upload(schema: str = "", file: str = "file") -> Body:
    """A multipart form with a file, and the fields of `schema`."""
    return Body(schema, Kind.UPLOAD, file=file, most_bytes=None)


def upload_or_address() -> Body:
    """A multipart form with a file; whatever else is sent asks by the query where to put the file."""
    return Body(kind=Kind.FIELDS_OR_UPLOAD, required=False, file="file", most_bytes=None)


def signed(most_bytes: int = MAX_JSON_BYTES) -> Body:
    """A webhook's body."""
    return Body(kind=Kind.SIGNED, most_bytes=most_bytes)


def schema_named(domain: str, name: str) -> "type[Schema]":
    """The schema of a domain; imported now, because marshmallow costs start-up time."""
    module, _, class_name = name.rpartition(".")
    found: type[Schema] = getattr(import_module(f"{domain}.{module}"), class_name)
    return found
