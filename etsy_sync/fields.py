"""The fields of what the sync's clients send: strict where it counts, mild where it only informs."""

from typing import Any

from marshmallow import ValidationError

from common.dates import stated
from common.http.fields import FromDropDown, StrictField, Text, WholeNumber
from etsy_sync.stock.returns import RULES

LONGEST_SKU = 200
LONGEST_ORDER_ID = 100
LONGEST_REASON = 500
LONGEST_ID = 19
MAX_QUANTITY = 1_000_000


class Sku(Text):
    """A SKU of 1 to 200 characters, without the blanks around it."""

    def __init__(self, **kwargs: Any) -> None:
        nothing = dict.fromkeys(("required", "null"), "is required")
        super().__init__(LONGEST_SKU, shortest=1, error_messages=nothing, **kwargs)


class Quantity(WholeNumber):
    """A number of pieces up to a million, which must be said."""

    def __init__(self, *, minimum: int = 1, **kwargs: Any) -> None:
        nothing = dict.fromkeys(("required", "null"), "is required")
        super().__init__(
            minimum=minimum, maximum=MAX_QUANTITY, required=True, error_messages=nothing, **kwargs
        )


class ShortText(StrictField[str | None]):
    """A text or whole number; None for what is empty, too long or neither, because it only informs."""

    def __init__(self, longest: int = LONGEST_ORDER_ID, **kwargs: Any) -> None:
        super().__init__(allow_none=True, load_default=None, **kwargs)
        self.longest = longest

    def read(self, value: Any) -> str | None:
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        return text if 0 < len(text) <= self.longest else None


class OrderId(ShortText):
    """The id of an order of at most 100 characters; None where there is none that could be used."""

    def read(self, value: Any) -> str | None:
        text = super().read(value)
        return None if text == "unknown" else text


class Id(StrictField[int]):
    """A whole number from 1, which must be said."""

    def __init__(self) -> None:
        self.complaint = "must be a whole number from 1"
        super().__init__(required=True, error_messages=dict.fromkeys(("required", "null"), self.complaint))

    def read(self, value: Any) -> int:
        text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID and int(text)):
            raise ValidationError(self.complaint)
        return int(text)


class TextOrNumber(FromDropDown[str], StrictField[str]):
    """An id as a text or number; None where nothing was chosen."""

    def __init__(self) -> None:
        super().__init__(load_default=None)

    def read(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValidationError("must be text or a number")
        return str(value).strip()


class Truth(StrictField[bool]):
    """true or false, and no text of it."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Disposition(StrictField[str]):
    """What became of a returned piece, whatever the word's capitals."""

    def __init__(self) -> None:
        self.complaint = f"must be one of {', '.join(RULES)}"
        super().__init__(required=True, error_messages=dict.fromkeys(("required", "null"), self.complaint))

    def read(self, value: Any) -> str:
        word = value.strip().upper() if isinstance(value, str) else ""
        if word not in RULES:
            raise ValidationError(self.complaint)
        return word


class Moment(StrictField[Any]):
    """A date or time; None where there is no text of one."""

    def read(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return None
        try:
            return stated(value).start
        except ValueError as error:
            raise ValidationError("must be a date or a time") from error


class Asin(ShortText):
    """Ten capital letters and digits."""

    def read(self, value: Any) -> str | None:
        text = super().read(value)
        if text and not (len(text) == 10 and text.isascii() and text.isalnum() and text == text.upper()):
            raise ValidationError("must be 10 capital letters or digits")
        return text
