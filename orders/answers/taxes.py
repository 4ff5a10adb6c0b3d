"""The shapes of what is answered about taxes beside orders."""

from typing import TypedDict


class VatNumber(TypedDict):
    """A business's VAT number: whether it is confirmed, until when, by whom, and whose it is."""

    number: str
    is_confirmed: bool
    confirmed_until: str | None
    name: str | None
    source: str
    checked_at: str
