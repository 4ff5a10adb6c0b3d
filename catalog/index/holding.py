"""What a list needs of whatever holds the catalogue: to be told what changed, and to choose a page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from catalog.product_filters import Filters
from common.dynamodb import Item
from common.repositories.listings import ListingRow

# Disjoint sets of the products that a search found, those that match best first.
Found = Sequence[AbstractSet[int]]


@dataclass(frozen=True, slots=True)
class Position:
    """The product behind which a page begins: what it is ordered by as a text, and its id.

    `rank` is the number of its set in what was found, where the best come first.
    """

    text: str
    product_id: int
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a page in their order, how many the list has in all, and whether more follow.

    `ranks` says of each row how well it matched, where that is the order; else it is empty. `version` is
    that of the holding at the moment of choosing, empty where it is not told.
    """

    rows: list[ListingRow]
    total: int
    more: bool
    ranks: list[int]
    version: str = ""


class Holding(Protocol):
    """The listing rows of the whole catalogue, and the texts that are searched; safe to call from threads.

    Whoever searches reads the documents of what is `unread` first (`catalog.index.searching`).
    """

    @property
    def version(self) -> str:
        """A text that is equal in every process that holds the same, and in no other."""
        ...

    def apply(self, changed: Sequence[Item]) -> None:
        """Takes listing rows as they were read from the table, in whatever order and however often.

        A row without its place in the shop's lists is that of a deleted product. What is read last counts.
        """
        ...

    def moment(self, at: str) -> str:
        """The last of the products' times that had come at `at` (ISO 8601 UTC), empty where none had.

        What filters leave at a moment changes with the version and with this alone.
        """
        ...

    def row(self, product_id: int) -> ListingRow | None:
        """What lists know of a product; None for one that is deleted or not there."""
        ...

    def rows(self, product_ids: Iterable[int] | None = None) -> list[ListingRow]:
        """The rows of these products that there are, of all where none are named; in no order."""
        ...

    def matching(self, filters: Filters, found: Found | None = None) -> Collection[int]:
        """The ids of all products of a list, in no order; `search` is what `found` says."""
        ...

    def unread(self) -> list[ListingRow]:
        """The rows of the products whose documents are new or changed since their texts were read."""
        ...

    def read(self, documents: Mapping[int, Item | None]) -> None:
        """Takes in the texts of documents by product; None for a product that has none any more."""
        ...

    def find(self, filters: Filters) -> Found:
        """Which products match the search of the filters, whatever else these say."""
        ...

    def select(
        self,
        filters: Filters,
        count: int,
        *,
        skip: int = 0,
        after: Position | None = None,
        found: Found | None = None,
    ) -> Selection:
        """The `count` products behind the first `skip`, or behind `after`, of what the filters leave.

        With `best_first` in the filters and something found, those that match best come first.
        """
        ...
