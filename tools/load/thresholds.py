"""What a load must keep: no unexpected answer, no piece sold twice, and what the table may be asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tools.load.access_lines import ARTIST, CART, ORDER, VISIT, Spent
from tools.load.books import Books

# Of one request. Two that meet in a row try again, which a busy shop may do a few times.
MOST_CALLS = 40


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one journey may cost on average: round trips, and read and write units.

    Processes that begin read the catalogue: `read_each` for each product that is published.
    """

    calls: float
    read: float
    write: float
    read_each: float = 0.0


# On DynamoDB Local; what was measured stands in docs/load.md, and about a quarter is added.
BUDGETS: Mapping[str, Budget] = {
    VISIT: Budget(calls=10, read=9, write=0, read_each=0.05),
    CART: Budget(calls=14, read=9, write=4),
    ORDER: Budget(calls=15, read=14, write=90),
    ARTIST: Budget(calls=55, read=45, write=330, read_each=0.05),
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One thing that must hold: what was found, and the most (or with `is_least` the least) that may be."""

    what: str
    found: float
    limit: float
    is_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether it was kept."""
        return self.found >= self.limit if self.is_least else self.found <= self.limit

    def __str__(self) -> str:
        word = "at least" if self.is_least else "at most"
        return f"{'ok    ' if self.holds else 'BROKEN'} {self.what}: {self.found:g} ({word} {self.limit:g})"


def conduct(books: Books, complaints: Iterable[str]) -> list[Threshold]:
    """What holds of any load: that something happened, and nothing that must not."""
    return [
        Threshold("visits", books.visits, 1, is_least=True),
        Threshold("orders", len(books.orders), 1, is_least=True),
        Threshold("rounds of the artist", books.artist_rounds, 1, is_least=True),
        Threshold("unexpected answers", books.unexpected.total(), 0),
        Threshold("contradictions of stock and orders", len(list(complaints)), 0),
    ]


def consumption(
    spent: Mapping[str, Spent], books: Books, products: int, *, has_units: bool
) -> list[Threshold]:
    """What the table was asked, with `products` published.

    Without `has_units`, as on an engine that counts none, only round trips are held.
    """
    journeys = {VISIT: books.visits, CART: books.carts, ORDER: len(books.orders), ARTIST: books.artist_rounds}
    found: list[Threshold] = []
    for journey, times in journeys.items():
        if times and journey in spent:
            found += _averages(journey, spent[journey], times, products, has_units)
    most = max((each.most_calls for each in spent.values()), default=0)
    # A log of which nothing could be read would keep every limit.
    read = Threshold(
        "requests in the access log", sum(each.requests for each in spent.values()), 1, is_least=True
    )
    return [read, *found, Threshold("round trips of the dearest request", most, MOST_CALLS)]


def _averages(journey: str, spent: Spent, times: int, products: int, has_units: bool) -> Iterator[Threshold]:
    budget = BUDGETS[journey]
    yield Threshold(f"round trips of a journey ({journey})", round(spent.calls / times, 1), budget.calls)
    if has_units:
        most_read = round(budget.read + products * budget.read_each, 1)
        yield Threshold(f"read units of a journey ({journey})", round(spent.read / times, 1), most_read)
        yield Threshold(f"write units of a journey ({journey})", round(spent.write / times, 1), budget.write)
