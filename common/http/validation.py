"""marshmallow schemas with this project's fields, texts and strictness.

Importing it costs about 30 ms, most of them for marshmallow's own e-mail and URL patterns, so only
`schemas.py` modules import it, which a route names and `Request.load` imports when there is a body.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any, ClassVar

from marshmallow import EXCLUDE, ValidationError, pre_load
from marshmallow import Schema as MarshmallowSchema

from common.errors import InvalidInput

# The names of the table's and the indexes' keys.
TABLE_KEYS = frozenset({"PK", "SK", *(f"GSI{n}{part}" for n in (1, 2, 3) for part in ("PK", "SK"))})
DATES = frozenset({"created_at", "updated_at", "deleted_at", "createdAt", "updatedAt", "deletedAt"})

# A list of a thousand wrong values is no reason for a thousand sentences.
MOST_FIELDS = 20

# marshmallow's sentences in the words that clients know, which follow the field's name: `title is required`.
_PREDICATES = {
    "Missing data for required field.": "is required",
    "Field may not be null.": "must not be null",
    "Not a valid string.": "must be text",
    "Not a valid boolean.": "must be true or false",
    "Not a valid list.": "must be a list",
    "Not a valid mapping type.": "must be an object",
    "Invalid input type.": "must be an object",
}


class Schema(MarshmallowSchema):
    """The base of every schema: unknown keys are ignored, because clients send back whole objects.

    `refused` names the keys that no client has a reason to send. The shop's own dates are among them for
    what is new (`refused_of_new`); a change may bring them back with the whole object, where `updated_at`
    says what the caller saw (`common.http.basis`).
    """

    # Other names of fields, which clients send too, and whether they win over a field's own name.
    other_names: ClassVar[Mapping[str, str]] = {}
    others_win: ClassVar[bool] = False
    refused: ClassVar[frozenset[str]] = TABLE_KEYS
    refused_of_new: ClassVar[frozenset[str]] = DATES

    class Meta:
        """How marshmallow treats what a schema does not name."""

        unknown = EXCLUDE

    @pre_load
    def own_names(self, data: Any, *, partial: Any, **_: Any) -> Any:
        """The body in the names of the fields; ValidationError for each key that is not for clients."""
        if not isinstance(data, Mapping):
            return data
        ours = self.refused if partial else self.refused | self.refused_of_new
        wrong = [name for name, value in data.items() if name in ours and value is not None]
        if wrong:
            raise ValidationError({name: ["must not be set"] for name in wrong})
        renamed = {own: data[other] for other, own in self.other_names.items() if other in data}
        return {**data, **renamed} if self.others_win else {**renamed, **data}


def names_of(schema: type[Schema]) -> set[str]:
    """Every name by which a body can say something."""
    own = {field.data_key or name for name, field in schema().fields.items()}
    return own | schema.other_names.keys()


def load(schema: type[MarshmallowSchema], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """The validated fields of `data`; InvalidInput naming each wrong one. `partial`: none is required."""
    if not isinstance(data, Mapping):
        raise InvalidInput("Request body must be a JSON object")
    try:
        loaded: dict[str, Any] = schema().load(data, partial=partial)
    except ValidationError as error:
        raise to_invalid_input(error) from error
    return loaded


def to_invalid_input(error: ValidationError) -> InvalidInput:
    """The messages as `{"items.0.quantity": ["must be a whole number"]}` and one sentence."""
    flat: dict[str, list[str]] = {}
    _flatten(error.messages, "", flat)
    told = dict(islice(flat.items(), MOST_FIELDS))
    sentences = [_sentence(field, text) for field, texts in told.items() for text in texts]
    told.pop("", None)
    return InvalidInput("; ".join(sentences), fields=told)


def _flatten(messages: Any, path: str, flat: dict[str, list[str]]) -> None:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            part = "" if name == "_schema" else str(name)
            _flatten(inner, f"{path}.{part}".strip("."), flat)
        return
    texts = messages if isinstance(messages, list) else [messages]
    flat.setdefault(path, []).extend(_PREDICATES.get(str(text), str(text)) for text in texts)


def _sentence(field: str, text: str) -> str:
    if not field:
        return text
    # A text of its own is a sentence and begins with a capital; ours go on after the field's name.
    return f"{field}: {text}" if text[:1].isupper() else f"{field} {text}"
