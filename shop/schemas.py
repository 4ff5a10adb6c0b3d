"""What clients may send to the shop domain."""

from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from common.http.fields import Text
from common.http.validation import Schema

LONGEST_NAME = 255


class Credentials(Schema):
    """A name and a password as they were typed, and one of the two codes where there is a second factor."""

    username = Text(255, shortest=1, strip=False, required=True)
    password = Text(1024, shortest=1, strip=False, required=True)
    totp = Text(16)
    recovery_code = Text(64)


class RequiredName(Text):
    """A name that is not left out; clients know `name required` for one that is missing, null or blank."""

    def __init__(self) -> None:
        texts = {"required": "required", "null": "required"}
        super().__init__(LONGEST_NAME, shortest=1, required=True, error_messages=texts)

    def read(self, value: Any) -> str:
        """The name without blanks around it."""
        if isinstance(value, str) and not value.strip():
            raise ValidationError("required")
        return super().read(value)


class EnterpriseName(Schema):
    """The name of an enterprise; whatever else a client sends with it is ignored."""

    refused: ClassVar[frozenset[str]] = frozenset()
    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    name = RequiredName()


class NamedEnterprise(EnterpriseName):
    """The same with the id of the enterprise, a text or a number; whatever else it is, none has it."""

    id = fields.Raw(allow_none=True)
