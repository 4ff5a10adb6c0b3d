"""What AWS asks for, by region, and what is free: one dated file with its sources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tools.errors import ToolError

PATH = Path(__file__).with_name("prices.json")


@dataclass(frozen=True)
class Price:
    """`usd` for `per` of what is counted, of which `free` cost nothing in a month (or at any moment)."""

    what: str
    per: Decimal
    usd: Decimal
    free: Decimal
    is_verified: bool


@dataclass(frozen=True)
class Prices:
    """The prices of a region, by their names in the file, and the day on which they were looked up."""

    region: str
    date: str
    by_name: Mapping[str, Price]

    def __getitem__(self, name: str) -> Price:
        return self.by_name[name]

    @property
    def unverified(self) -> list[str]:
        """What is asked of this region without a source that says so."""
        return [price.what for price in self.by_name.values() if not price.is_verified]


def regions() -> list[str]:
    """The regions whose prices are known."""
    return list(next(iter(_file()["prices"].values()))["usd"])


def prices_of(region: str) -> Prices:
    """The prices of a region; ToolError for one whose prices are not known."""
    if region not in regions():
        known = ", ".join(regions())
        raise ToolError(f"The prices of {region} are not in {PATH.name}; there are {known}.")
    found = _file()
    return Prices(region, found["date"], {name: _price(name, region) for name in found["prices"]})


def _price(name: str, region: str) -> Price:
    entry, free = _file()["prices"][name], _file()["free"].get(name, {"amount": "0"})
    return Price(
        what=entry["what"],
        per=Decimal(entry["per"]),
        usd=Decimal(entry["usd"][region]),
        free=Decimal(free["amount"]),
        is_verified=region not in entry["unverified"],
    )


@cache
def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return found
