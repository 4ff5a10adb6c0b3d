"""The units that each call consumes, as they were measured (`python -m benchmarks.cost_units`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("units.json")


@dataclass(frozen=True)
class Units:
    """Read units by place (`table`, or the name of an index), and write units of all places together."""

    reads: Mapping[str, Decimal]
    writes: Decimal = Decimal(0)

    @property
    def read(self) -> Decimal:
        """The read units of all places."""
        return sum(self.reads.values(), Decimal(0))

    def times(self, number: Decimal) -> "Units":
        """What so many of these consume."""
        return Units({place: units * number for place, units in self.reads.items()}, self.writes * number)

    def __add__(self, other: "Units") -> "Units":
        places = {**self.reads, **other.reads}
        nothing = Decimal(0)
        reads = {place: self.reads.get(place, nothing) + other.reads.get(place, nothing) for place in places}
        return Units(reads, self.writes + other.writes)


NOTHING = Units({})


@cache
def measured() -> Mapping[str, Any]:
    """The file as it is, with `date`, `measured_on` and `command`."""
    found: Mapping[str, Any] = json.loads(PATH.read_text(encoding="utf-8"), parse_float=Decimal)
    return found


def units_of(call: str, products: int) -> Units:
    """What a call consumes in a shop with so many products: between two measured sizes in proportion.

    Beyond them as between the nearest two. KeyError for a call that was not measured.
    """
    found = measured()
    if call in found["fixed"]:
        return _units(found["fixed"][call])
    by_size = {int(size): _units(each) for size, each in found["by_products"][call].items()}
    below, above = _neighbours(sorted(by_size), products)
    share = Decimal(products - below) / Decimal(above - below)
    return by_size[below].times(1 - share) + by_size[above].times(share)


def stored_bytes(products: int) -> Decimal:
    """What a table with so many products holds, its indexes too."""
    by_size = {int(size): Decimal(number) for size, number in measured()["stored_bytes"].items()}
    below, above = _neighbours(sorted(by_size), products)
    share = Decimal(products - below) / Decimal(above - below)
    return by_size[below] * (1 - share) + by_size[above] * share


def _neighbours(sizes: list[int], products: int) -> tuple[int, int]:
    above = next((size for size in sizes[1:] if size >= products), sizes[-1])
    return sizes[sizes.index(above) - 1], above


def _units(each: Mapping[str, Any]) -> Units:
    return Units({place: Decimal(units) for place, units in each["reads"].items()}, Decimal(each["writes"]))
