"""What a list of products is narrowed to and ordered by, and where a product stands in an order."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from common.collation import COMPARED, collation_key
from common.repositories.listings import ListingRow
from common.repositories.products import HELD_BACK, Product

# What clients may name; the id is the order of lists that name none.
SORTS = ("created_at", "base_price", "title")

# Where a product stands in an order; equal ones by their ids.
Place = tuple[Any, int]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to and ordered by; prices are inclusive bounds.

    `search` looks in the texts of a product, `title` in the title alone, whatever the capitals and accents.
    `creator` is the id of one. Works that are not approved are left out unless `sees_held_back`, and so are
    products whose times do not leave them to the public at the moment `at`, ISO 8601 UTC; an empty one is
    before all times. `best_first` is for a search whose order nobody named: what matches best comes first,
    and equals by `sort_by`.
    """

    statuses: tuple[str, ...]
    sees_held_back: bool = False
    creator: str | None = None
    search: str = ""
    title: str = ""
    category: str | None = None
    character: str | None = None
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool | None = None
    sort_by: str = "created_at"
    descending: bool = True
    best_first: bool = False
    at: str = ""

    @property
    def only_newest_of_one_status(self) -> bool:
        """Whether the table's index already holds exactly this list in this order."""
        return len(self.statuses) == 1 and self == Filters(self.statuses, self.sees_held_back, at=self.at)

    @property
    def lists(self) -> tuple[str, ...]:
        """Which of the shop's lists have what is asked for."""
        return (*self.statuses, HELD_BACK) if self.sees_held_back else self.statuses

    @property
    def scope(self) -> str:
        """What a cursor of this list is bound to."""
        named = asdict(self)
        # The next page is asked for later.
        del named["at"]
        if not self.best_first:
            del named["best_first"]
        return f"products:{sorted(named.items(), key=lambda item: item[0])}"

    def sees(self, row: ListingRow | Product) -> bool:
        """Whether a product may be shown, as far as its status, the word of the shop and its times go."""
        is_listed = row.status in self.statuses and row.listed_as in self.lists
        return is_listed and (self.sees_held_back or row.is_on_show(self.at))


# What a list is ordered by, as a cursor keeps it, and how such a text becomes comparable.
_SORT_TEXTS: Mapping[str, Callable[[ListingRow | Product], str]] = {
    "created_at": lambda row: row.created_at,
    "base_price": lambda row: str(row.base_price),
    "title": lambda row: row.title[:COMPARED],
    "id": lambda row: str(row.id),
}
_COMPARABLE: Mapping[str, Callable[[str], Any]] = {
    "created_at": str,
    "base_price": Decimal,
    "title": collation_key,
    "id": int,
}
# The same without the way through a text.
_PLACES: Mapping[str, Callable[[ListingRow], Place]] = {
    "created_at": lambda row: (row.created_at, row.id),
    "base_price": lambda row: (row.base_price, row.id),
    "title": lambda row: (collation_key(row.title), row.id),
    "id": lambda row: (row.id, row.id),
}


def sort_text(product: ListingRow | Product, sort_by: str) -> str:
    """What a product is ordered by, as a cursor keeps it."""
    return _SORT_TEXTS[sort_by](product)


def place_of_text(text: str, product_id: int, sort_by: str) -> Place:
    """The place that a cursor's text and id name. Raises ValueError or ArithmeticError for another's text."""
    return _COMPARABLE[sort_by](text), product_id


def place_of_row(row: ListingRow, sort_by: str) -> Place:
    """Where a row stands in an order."""
    return _PLACES[sort_by](row)


def in_category(row: ListingRow, category: str) -> bool:
    """Whether a product is in the category with this slug or id."""
    return category in row.categories.values() or category in row.categories
