"""What the people of a load did, by their own account: held against the shop's afterwards."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass
class Books:
    """What was done, refusals that are no error, and unexpected answers in words.

    `orders` are numbers of orders; `sold` and `stocked` count pieces by variant.
    """

    visits: int = 0
    carts: int = 0
    artist_rounds: int = 0
    orders: list[str] = field(default_factory=list)
    sold: Counter[int] = field(default_factory=Counter)
    stocked: Counter[int] = field(default_factory=Counter)
    sold_out: int = 0
    stale_forms: int = 0
    unexpected: Counter[str] = field(default_factory=Counter)

    def order(self, number: str, lines: Iterable[Mapping[str, Any]]) -> None:
        """Enter an order that the shop has answered."""
        self.orders.append(number)
        for line in lines:
            self.sold[int(line["variant_id"])] += int(line["quantity"])

    def to_json(self) -> dict[str, Any]:
        """What a file holds of them."""
        return {
            "visits": self.visits,
            "carts": self.carts,
            "artist_rounds": self.artist_rounds,
            "orders": self.orders,
            "sold": dict(self.sold),
            "stocked": dict(self.stocked),
            "sold_out": self.sold_out,
            "stale_forms": self.stale_forms,
            "unexpected": dict(self.unexpected),
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """The books of a file."""
        counted = {
            name: Counter({int(key): value for key, value in held[name].items()})
            for name in ("sold", "stocked")
        }
        return cls(**{**held, **counted, "unexpected": Counter(held["unexpected"])})
