"""The words that a column may have, as the shop writes them, and which others plainly say the same.

A product is listed under its status, a code takes off what its type says, an order is paid when its word
says so. A word that is none of them would mean something else without anybody being told, so a row with
one cannot be moved.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from common.currencies import DEFAULT_CURRENCY

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


Words = Vocabulary | Currencies
CURRENCIES = Currencies()
