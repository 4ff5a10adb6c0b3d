"""What the clients of the users' API may send, complained of in the words of their first server (AJV)."""

import re
from typing import Any

from marshmallow import ValidationError

from common.accounts import usable_address
from common.errors import InvalidInput
from common.http.fields import StrictField

SHORTEST_EMAIL, LONGEST_EMAIL = 3, 255
LONGEST_NAME = 255
LONGEST_ID = 200
# No blank at either end, and no line break.
NAME_PATTERN = r"^\S([^\n\r\u2028\u2029]*\S)?$"

_NAME = re.compile(NAME_PATTERN.removesuffix("$") + r"\Z")


class _Stated(StrictField[Any]):
    """A property by its name, which says itself that it is missing or null."""

    kind = "string"

    def __init__(self, name: str, **kwargs: Any) -> None:
        missing = f"must have required property '{name}'"
        super().__init__(error_messages={"required": missing, "null": f"must be {self.kind}"}, **kwargs)


class AccountEmail(_Stated):
    """An address that is to be somebody's own, in the form that is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("email", **kwargs)

    def read(self, value: Any) -> str:
        wrong = _length_complaints(value, SHORTEST_EMAIL, LONGEST_EMAIL)
        stored = _own_address(value)
        if not stored:
            wrong.append('must match format "email"')
        if wrong:
            raise ValidationError(wrong)
        return stored


class PersonName(_Stated):
    """What somebody is called, in one line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("name", **kwargs)

    def read(self, value: Any) -> str:
        wrong = _length_complaints(value, 1, LONGEST_NAME)
        if not _NAME.match(value):
            wrong.append(f'must match pattern "{NAME_PATTERN}"')
        if wrong:
            raise ValidationError(wrong)
        return str(value)


class UserIds(_Stated):
    """Ids of users, at most so many; what cannot be anybody's id is nobody's."""

    kind = "array"

    def __init__(self, most: int, **kwargs: Any) -> None:
        super().__init__("ids", **kwargs)
        self.most = most

    def read(self, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise ValidationError("must be array")
        if len(value) > self.most:
            raise ValidationError(f"must NOT have more than {self.most} items")
        if not all(isinstance(each, str) for each in value):
            raise ValidationError("must be array of string")
        if any(len(each) > LONGEST_ID for each in value):
            raise ValidationError(f"must NOT have items of more than {LONGEST_ID} characters")
        return list(value)


def _length_complaints(value: Any, shortest: int, longest: int) -> list[str]:
    if not isinstance(value, str):
        raise ValidationError("must be string")
    if len(value) < shortest:
        return [f"must NOT have fewer than {shortest} characters"]
    return [f"must NOT have more than {longest} characters"] if len(value) > longest else []


def _own_address(text: str) -> str:
    """The address in the form that is stored; empty for what is none, or has blanks around it."""
    try:
        return usable_address(text) if text == text.strip() else ""
    except InvalidInput:
        return ""
