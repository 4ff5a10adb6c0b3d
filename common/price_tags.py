"""Prices as people write them: `$29.99`, `25 EUR`, `1.299,00 €`."""

import re
from decimal import Decimal

from common.money import money_text, unrounded

_SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}
_CODES = {symbol: code for code, symbol in _SYMBOLS.items()}

# Groups of three digits behind commas, points, blanks or apostrophes, and decimals behind the other mark. A
# point alone begins decimals; a comma does so unless three digits follow it.
_AMOUNT = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,4}"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}"
    r"|[0-9]{1,3}(?:[ \u00a0\u202f'’][0-9]{3})+(?:[.,][0-9]{1,4})?"
    r"|[0-9]{1,20}(?:[.,][0-9]{1,4})?"
)
_CURRENCY = r"[A-Za-z]{3}|[€£¥$]"
_PRICE = re.compile(
    rf"(?:(?P<before>{_CURRENCY})\s*)?(?P<amount>{_AMOUNT.pattern})(?:\s*(?P<behind>{_CURRENCY}))?"
)
_DECIMALS = re.compile(r"[.,](?P<digits>[0-9]{1,4})\Z")
_THOUSANDS_ONLY = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3}){2,}")


def price_tag(amount: Decimal, currency: str) -> str:
    """An amount as a price is shown: `$29.99`, `€25.00`, `¥1200`, and `12.50 CHF` where no sign is sure.

    `read_price` reads the same amount and currency out of it.
    """
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{unrounded(amount, currency)}" if symbol else money_text(amount, currency)


def read_price(text: str) -> tuple[Decimal, str | None]:
    """The amount and the currency (ISO 4217) of a price as people write it, None where it names no currency.

    `$1,299.00` and `1.299,00 USD` are 1299.00 USD, `29,99` is 29.99. Raises ValueError for anything else,
    for a sign below zero, and for two currencies.
    """
    found = _PRICE.fullmatch(text.strip())
    if found is None or (found["before"] and found["behind"]):
        raise ValueError(f"no price: {text[:50]!r}")
    named = found["before"] or found["behind"]
    currency = _CODES.get(named, named.upper()) if named else None
    return _amount(found["amount"]), currency


def _amount(text: str) -> Decimal:
    decimals = None if _THOUSANDS_ONLY.fullmatch(text) else _DECIMALS.search(text)
    whole = text[: decimals.start()] if decimals else text
    digits = re.sub(r"[^0-9]", "", whole)
    return Decimal(f"{digits}.{decimals['digits']}" if decimals else digits)
