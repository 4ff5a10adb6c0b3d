"""The words that the shop's lists and rules go by, and which words of a source plainly say the same.

A product is listed under its status, a code takes off what its type says, an order is paid when its word
says so. A word that is none of them would mean something else without anybody being told, so a row with
one cannot be moved.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.currencies import DEFAULT_CURRENCY
from common.repositories.notifications import TYPES as NOTIFICATION_TYPES
from common.repositories.products import STATUSES
from migration.mapping.records import BadRow, Row
from migration.postgres.loading import shortened
from orders.repositories.discounts import FIXED, PERCENTAGE, TYPES
from orders.states import (
    DELIVERED,
    FULFILLED,
    FULFILLMENT_STATUSES,
    PAID,
    PARTIALLY_FULFILLED,
    PAYMENT_STATUSES,
    PENDING,
    PROCESSING,
    SHIPPED,
    UNFULFILLED,
)

_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one column, as the shop writes them; `same` has others for them, in small letters.

    In one that is open every other word may stand as well.
    """

    words: Sequence[str]
    same: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False

    def knows(self, text: str) -> bool:
        """Whether a text may stand as it is."""
        return text in self.words or (self.is_open and self.word_of(text) is None)

    def word_of(self, text: str) -> str | None:
        """The word that a text says, whatever its capitals and the blanks around it, or None."""
        plain = text.strip().lower()
        return plain if plain in self.words else self.same.get(plain)

    def __str__(self) -> str:
        return ", ".join(word or "an empty text" for word in self.words)


@dataclass(frozen=True, slots=True)
class Currencies:
    """Currencies by their three capital letters; none at all is the shop's own, as it is when one is sold."""

    same: Mapping[str, str] = field(default_factory=lambda: {"": DEFAULT_CURRENCY, "€": "EUR"})

    def knows(self, text: str) -> bool:
        """Whether a text is a currency as it stands."""
        return _CODE.fullmatch(text) is not None

    def word_of(self, text: str) -> str | None:
        """The currency that a text says; None when it says none."""
        plain = text.strip().upper()
        return plain if self.knows(plain) else self.same.get(plain)

    def __str__(self) -> str:
        return "three letters of ISO 4217"


_CURRENCIES = Currencies()

# A parcel's words are those that a step of the order takes; `orders` makes two attributes of `delivered`.
VOCABULARIES: Mapping[str, Mapping[str, Vocabulary | Currencies]] = {
    "products": {"status": Vocabulary(STATUSES), "currency": _CURRENCIES},
    "discount_codes": {
        "type": Vocabulary(TYPES, {"percent": PERCENTAGE, "%": PERCENTAGE, "fixed_amount": FIXED}),
    },
    "orders": {
        "payment_status": Vocabulary(PAYMENT_STATUSES, {"succeeded": PAID, "unpaid": PENDING}),
        "fulfillment_status": Vocabulary(
            FULFILLMENT_STATUSES,
            {
                PENDING: UNFULFILLED,
                PROCESSING: PARTIALLY_FULFILLED,
                SHIPPED: FULFILLED,
                DELIVERED: DELIVERED,
            },
        ),
        "currency": _CURRENCIES,
    },
    # The list is asked for a type, and how severe one is follows from it; others are shown as they are.
    "notifications": {"type": Vocabulary(NOTIFICATION_TYPES, is_open=True)},
    "personaggi": {"background_type": Vocabulary(("solid", "gradient", "image", ""))},
}
_NO_WORDS: Mapping[str, Vocabulary | Currencies] = {}


def word_of(table: str, column: str, text: str) -> str | None:
    """The shop's word for what a column of a source says; None when it has none."""
    return VOCABULARIES[table][column].word_of(text)


def foreign_words(table: str, row: Row) -> Iterator[tuple[str, str, str | None]]:
    """Each column whose word is not written as the shop does: its text, and the shop's word or None."""
    for column, vocabulary in VOCABULARIES.get(table, _NO_WORDS).items():
        text = row.get(column)
        if isinstance(text, str) and not vocabulary.knows(text):
            yield column, text, vocabulary.word_of(text)


def in_words_of_the_shop(table: str, row: Row) -> Row:
    """The same row with the shop's words. Raises BadRow for a word that the shop does not have."""
    changed: dict[str, Any] = {}
    unknown = []
    for column, text, word in foreign_words(table, row):
        changed[column] = word
        if word is None:
            has = vocabulary_of(table, column)
            unknown.append(f"{column} {shortened(text)} is no word that the shop has ({has})")
    if unknown:
        raise BadRow(table, row.get("id"), "; ".join(unknown))
    return row | changed if changed else row


def vocabulary_of(table: str, column: str) -> str:
    """The words of a column, for people."""
    return str(VOCABULARIES[table][column])
