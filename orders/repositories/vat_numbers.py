"""VAT numbers of business buyers: what is known of each, by whose word, and until when."""

from dataclasses import dataclass
from datetime import datetime

from common import prefixes
from common.clock import iso
from common.dynamodb import Item, Key
from common.dynamodb.rows import Rows


@dataclass(frozen=True, slots=True)
class VatNumber:
    """A VAT number with the two letters of its country before it; times in ISO 8601 UTC.

    It was last asked about at `checked_at`; `confirmed_until` is set where it was found to be valid. `source`
    is who says so: `administrator` or `VIES`. `name` is whose it is, as they say it.
    """

    number: str
    checked_at: str
    source: str
    confirmed_until: str | None = None
    name: str | None = None
    version: int = 1

    def is_in_force(self, now: datetime) -> bool:
        """Whether it is confirmed, and not too long ago."""
        return self.confirmed_until is not None and iso(now) < self.confirmed_until


VAT_NUMBERS = Rows(VatNumber, "VAT number", key=prefixes.VAT_NUMBER + "#{number}")


def vat_number_key(number: str) -> Key:
    """The key of the row of a number in the form that is stored."""
    return VAT_NUMBERS.key(number)


def vat_number_in(row: Item | None) -> VatNumber | None:
    """What a row says of its number; None where there is no row."""
    return VAT_NUMBERS.of(row) if row else None


def country_of(number: str) -> str:
    """The country that gave out a number, ISO 3166-1 alpha-2: Greek numbers begin with EL."""
    return "GR" if number.startswith("EL") else number[:2]
