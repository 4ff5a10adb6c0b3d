"""What clients may send to the shop domain."""

from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from common.http.fields import Text
from common.http.validation import Schema
from common.passwords import LONGEST

LONGEST_NAME = 255


class Credentials(Schema):
    """A name and a password as they were typed, and one of the two codes where there is a second factor."""

    username = Text(255, shortest=1, strip=False, required=True)
    password = Text(1024, shortest=1, strip=False, required=True)
    totp = Text(16)
    recovery_code = Text(64)


class RequiredName(Text):
    """A name that is not left out; clients know `name required` for one that is missing, null or blank."""

    def __init__(self, *, required: bool = True) -> None:
        texts = {"required": "required", "null": "required"}
        super().__init__(LONGEST_NAME, shortest=1, required=required, error_messages=texts)

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


class NameBesideId(RequiredName):
    """The same name where an id stands beside it, without which it is not looked at."""


class NamedEnterprise(EnterpriseName):
    """The same with the id of the enterprise, a text or a number; whatever else it is, none has it."""

    id = fields.Raw(allow_none=True)
    name = NameBesideId(required=False)


class PasswordChange(Schema):
    """The password as it is and as it is to be."""

    old_password = Text(1024, shortest=1, strip=False, required=True)
    new_password = Text(LONGEST, shortest=1, strip=False, required=True)


class ResetRequest(Schema):
    """Whose password is to be chosen anew."""

    email = Text(254, shortest=1, required=True)


class ResetConfirmation(Schema):
    """A token that was sent, and the password as it is to be."""

    token = Text(255, shortest=1, required=True)
    password = Text(LONGEST, shortest=1, strip=False, required=True)


class TotpCode(Schema):
    """A code of an app."""

    code = Text(16, shortest=1, required=True)


class TotpRemoval(Schema):
    """The password, and a code of an app or a recovery code."""

    password = Text(1024, shortest=1, strip=False, required=True)
    code = Text(64, shortest=1, required=True)
