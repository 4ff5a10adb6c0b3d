"""marshmallow fields that take exact values only and complain in the words that clients know."""

import re
from decimal import Decimal
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields

from common.clock import iso
from common.countries import LONGEST as LONGEST_COUNTRY
from common.countries import country_code
from common.currencies import DEFAULT_CURRENCY, MOST_DECIMALS
from common.dates import Stated, stated
from common.http.body import text_complaint
from common.http.choices import chosen
from common.money import LARGEST_AMOUNT, unrounded

Value = TypeVar("Value")

LARGEST_ID = 10**15

# A text of digits is harmless; an exponent or a sign by itself is not what a form sends.
_NUMERIC = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")

# What ends an address in a page or a header, or stands for a slash to some browsers.
_UNSAFE = re.compile(r"[\s\\<>\"]")

_TAX_CLASS = re.compile(r"[a-z][a-z0-9_-]*")


class StrictField(fields.Field[Value], Generic[Value]):
    """The base of the fields below: each says in `read` what it makes of a value that is not null."""

    def read(self, value: Any) -> Value:
        """The value as it is kept; ValidationError with a text that goes on after the field's name."""
        raise NotImplementedError

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Value:  # noqa: ARG002
        return self.read(value)


class Text(StrictField[str]):
    """Text of `shortest` to `longest` characters, blanks around it removed unless `strip` is False."""

    def __init__(self, longest: int, *, shortest: int = 0, strip: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest, self.shortest, self.strip = longest, shortest, strip

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be text")
        complaint = text_complaint(value)
        if complaint:
            raise ValidationError(complaint)
        text = value.strip() if self.strip else value
        if len(text) < self.shortest:
            shortest = f"must have at least {self.shortest} characters"
            raise ValidationError(shortest if text else "is required")
        if len(text) > self.longest:
            raise ValidationError(f"must be at most {self.longest} characters")
        return text


class HttpsAddress(Text):
    """The https address of a page elsewhere, without a name and password in it; empty for none."""

    def read(self, value: Any) -> str:
        address = super().read(value)
        if address and not is_https(address):
            raise ValidationError("must be an https address")
        return address


def is_https(text: str) -> bool:
    """Whether it is an address by https that names a host, and nothing that a page could read otherwise."""
    if not text.startswith("https://") or not text.isprintable() or _UNSAFE.search(text):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return "." in host and not (parts.username or parts.password)


class WholeNumber(StrictField[int]):
    """An integer within bounds; digits in a text are taken, because forms send nothing else."""

    def __init__(self, *, minimum: int | None = None, maximum: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.minimum, self.maximum = minimum, maximum

    def read(self, value: Any) -> int:
        number = _as_number(value)
        if number is None or number != number.to_integral_value():
            raise ValidationError("must be a whole number")
        _check_bounds(number, self.minimum, self.maximum)
        return int(number)


class FromDropDown(StrictField[Value], Generic[Value]):
    """A field that may be null, which it is for the empty choice of a drop-down too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, allow_none=True, **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The value that was chosen, None where that is none."""
        return super().deserialize(chosen(value), attr, data, **kwargs)


class Id(WholeNumber):
    """The id of something else: an integer from 1 to 10^15."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(minimum=1, maximum=LARGEST_ID, **kwargs)


class NullableId(FromDropDown[int], Id):
    """The same, or null."""


class Money(StrictField[Decimal]):
    """An exact amount, by default from 0 to 99,999,999.99, as fine as the finest currency.

    Whether it is finer than its own says the rule that knows which that is (common.money.refuse_finer).
    """

    def __init__(
        self, *, minimum: Decimal = Decimal(0), maximum: Decimal = LARGEST_AMOUNT, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.minimum, self.maximum = minimum, maximum

    def read(self, value: Any) -> Decimal:
        number = _as_number(value)
        if self.minimum == 0 and (number is None or number < 0):
            raise ValidationError("must be a non-negative number")
        if number is None:
            raise ValidationError("must be a number")
        _check_bounds(number, self.minimum, self.maximum)
        if number.scaleb(MOST_DECIMALS) % 1:
            raise ValidationError(f"must have at most {MOST_DECIMALS} decimals")
        return unrounded(number, DEFAULT_CURRENCY)


class Currency(Text):
    """A currency by its three capital letters (ISO 4217)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(3, shortest=3, **kwargs)

    def read(self, value: Any) -> str:
        code = super().read(value)
        if not (code.isascii() and code.isalpha() and code.isupper()):
            raise ValidationError("must be three capital letters")
        return code


class Country(Text):
    """A country by its code or by what people call it; loads its two letters (ISO 3166-1 alpha-2)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LONGEST_COUNTRY, shortest=1, **kwargs)

    def read(self, value: Any) -> str:
        code = country_code(super().read(value))
        if code is None:
            raise ValidationError("must be the code or the name of a country")
        return code


class TaxClass(Text):
    """What goods count as for their tax, by a word of the shop's: `standard`, `art`, `book`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(30, shortest=1, **kwargs)

    def read(self, value: Any) -> str:
        name = super().read(value)
        if not _TAX_CLASS.fullmatch(name):
            raise ValidationError("must be small letters, digits, _ and -, beginning with a letter")
        return name


class NullableTaxClass(TaxClass):
    """The same, or null, which it is for an empty text too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The class, None where none is meant."""
        is_empty = isinstance(value, str) and not value.strip()
        return super().deserialize(None if is_empty else value, attr, data, **kwargs)


class Number(StrictField[Decimal]):
    """An exact number within bounds."""

    def __init__(
        self, *, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.minimum, self.maximum = minimum, maximum

    def read(self, value: Any) -> Decimal:
        number = _as_number(value)
        if number is None:
            raise ValidationError("must be a number")
        _check_bounds(number, self.minimum, self.maximum)
        return number


class DayOrMoment(StrictField[Stated]):
    """A date, which is a whole day of the shop, or a time, both in ISO 8601."""

    def read(self, value: Any) -> Stated:
        if not isinstance(value, str):
            raise ValidationError("must be a date")
        try:
            return stated(value)
        except ValueError as error:
            raise ValidationError("must be a date") from error


class NullableMoment(FromDropDown[str], StrictField[str]):
    """A moment as `clock.iso` writes it, of a date or a time; null, or an empty text, for none.

    Of a date, which is a whole day of the shop, it is the beginning, or with `ends` the end.
    """

    def __init__(self, *, ends: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ends = ends

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The moment, None for an empty text too, which is what a form sends of an empty field."""
        is_empty = isinstance(value, str) and not value.strip()
        return super().deserialize(None if is_empty else value, attr, data, **kwargs)

    def read(self, value: Any) -> str:
        said = DayOrMoment().read(value)
        return iso(said.end if self.ends else said.start)


class Flag(StrictField[bool]):
    """true or false, also as the texts that forms send."""

    def read(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return bool(value == "true")
        raise ValidationError("must be true or false")


class Choice(StrictField[str]):
    """One of a few words."""

    def __init__(self, *choices: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise ValidationError(f"must be one of {', '.join(self.choices)}")
        return value


def _as_number(value: Any) -> Decimal | None:
    if isinstance(value, str) and _NUMERIC.fullmatch(value.strip()):
        return Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None


def _check_bounds(number: Decimal, minimum: Decimal | int | None, maximum: Decimal | int | None) -> None:
    if minimum is not None and number < minimum:
        raise ValidationError(f"must be at least {minimum}")
    if maximum is not None and number > maximum:
        raise ValidationError(f"must be at most {maximum}")
