"""The shop's access log, read back: how often the table was asked, and for how many units."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ARTIST, CART, ORDER, VISIT = "artist", "cart", "order", "visit"
ORDER_ROUTES = frozenset({"/api/orders", "/api/orders/{order}", "/api/orders/{order}/payment"})
_CART = "/api/cart"
_SIGN_IN = "/api/auth/login"


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One request: who asked for which route, and what it cost in round trips, read and write units."""

    method: str
    route: str
    status: int
    role: str
    calls: int
    read: float
    write: float

    @property
    def journey(self) -> str:
        """What it belongs to: the artist's round, an order, a cart, or the looking around of a visit."""
        if self.role != "anonymous" or self.route == _SIGN_IN:
            return ARTIST
        if self.route.startswith(_CART):
            return CART
        return ORDER if self.route in ORDER_ROUTES else VISIT


@dataclass(frozen=True, slots=True)
class Spent:
    """What some requests cost together; `most_calls` is of a single one."""

    requests: int = 0
    calls: int = 0
    read: float = 0.0
    write: float = 0.0
    most_calls: int = 0

    def plus(self, line: AccessLine) -> "Spent":
        """With one request more."""
        return Spent(
            self.requests + 1,
            self.calls + line.calls,
            self.read + line.read,
            self.write + line.write,
            max(self.most_calls, line.calls),
        )


def read_lines(path: Path, start: int, end: int) -> Iterator[AccessLine]:
    """The requests of which a log tells between two bytes; lines that tell of none are passed over."""
    with path.open("rb") as file:
        file.seek(start)
        for text in file.read(end - start).splitlines():
            if line := _parse(text):
                yield line


def _parse(text: bytes) -> AccessLine | None:
    try:
        held = json.loads(text)
    except ValueError:
        return None
    if not isinstance(held, dict) or held.get("message") != "request":
        return None
    return AccessLine(
        method=held["method"],
        route=held["route"],
        status=held["status"],
        role=held["role"],
        calls=held["dynamodb_calls"],
        read=held["read_units"],
        write=held["write_units"],
    )


def by_journey(lines: Iterable[AccessLine]) -> dict[str, Spent]:
    """What visits, orders and the artist cost."""
    found: dict[str, Spent] = defaultdict(Spent)
    for line in lines:
        found[line.journey] = found[line.journey].plus(line)
    return dict(found)


def by_route(lines: Iterable[AccessLine]) -> dict[str, Spent]:
    """What each route cost, dearest first."""
    found: dict[str, Spent] = defaultdict(Spent)
    for line in lines:
        name = f"{line.method} {line.route}"
        found[name] = found[name].plus(line)
    return dict(sorted(found.items(), key=lambda item: -(item[1].read + item[1].write)))
