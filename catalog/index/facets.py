"""How many products of a list are in each category, show each character, cost about as much, can be bought.

Each is counted among what the other filters leave, without its own: whoever has chosen a category sees how
many there are in the others.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from catalog.index.holding import Found, Holding
from catalog.index.searching import found_by
from catalog.product_filters import Filters
from common.collation import folded
from common.repositories.listings import ListingRow

if TYPE_CHECKING:
    from catalog import answers

# Where the bands of prices begin.
PRICES = tuple(map(Decimal, (0, 10, 25, 50, 100, 250, 500, 1000)))
_CENT = Decimal("0.01")
_MOST_KEPT = 64
# For each catalogue its version and what was counted of it.
_kept: "WeakKeyDictionary[Holding, tuple[str, dict[Filters, Facets]]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class CharacterCount:
    """A character with how many products show it; the id is None where they tell its name alone."""

    id: int | None
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class PriceCount:
    """How many products cost at least `least` and at most `most`, which is None for the last band."""

    least: Decimal
    most: Decimal | None
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of a list; what has no product is left out.

    `categories` by slug and `characters` are in the order of their counts, `prices` in that of amounts.
    """

    categories: tuple[tuple[str, int], ...]
    characters: tuple[CharacterCount, ...]
    prices: tuple[PriceCount, ...]
    in_stock: int
    sold_out: int


def facets_of(holding: Holding, filters: Filters) -> Facets:
    """The facets of a list; without a search they are counted once for each state of the catalogue."""
    if filters.search:
        return _counted(holding, filters, found_by(holding, filters))
    version, moment = holding.version, holding.moment(filters.at)
    counted = replace(filters, sort_by="id", descending=False, best_first=False, at=moment)
    kept = _kept.get(holding)
    if kept is None or kept[0] != version or len(kept[1]) >= _MOST_KEPT:
        kept = _kept[holding] = (version, {})
    if counted not in kept[1]:
        kept[1][counted] = _counted(holding, counted, None)
    return kept[1][counted]


def facets_json(facets: Facets, names: Mapping[str, str]) -> "answers.Facets":
    """Facets as they are answered; `names` are those of categories by slug."""
    return {
        "categories": [
            {"slug": slug, "name": names.get(slug, slug), "count": count} for slug, count in facets.categories
        ],
        "characters": [{"id": each.id, "name": each.name, "count": each.count} for each in facets.characters],
        "price": [{"min": each.least, "max": each.most, "count": each.count} for each in facets.prices],
        "in_stock": {"true": facets.in_stock, "false": facets.sold_out},
    }


def _counted(holding: Holding, filters: Filters, found: Found | None) -> Facets:
    rows = _Rows(holding, found)
    stocks = Counter(row.in_stock for row in rows.of(replace(filters, in_stock=None)))
    return Facets(
        categories=_categories(rows.of(replace(filters, category=None))),
        characters=_characters(rows.of(replace(filters, character=None))),
        prices=_prices(rows.of(replace(filters, min_price=None, max_price=None))),
        in_stock=stocks[True],
        sold_out=stocks[False],
    )


class _Rows:
    """The rows of several lists, each read once."""

    def __init__(self, holding: Holding, found: Found | None) -> None:
        self._holding, self._found = holding, found
        self._read: dict[Filters, list[ListingRow]] = {}

    def of(self, filters: Filters) -> list[ListingRow]:
        """The rows of a list, in no order."""
        if filters not in self._read:
            self._read[filters] = self._holding.rows(self._holding.matching(filters, self._found))
        return self._read[filters]


def _categories(rows: Iterable[ListingRow]) -> tuple[tuple[str, int], ...]:
    counts = Counter(slug for row in rows for slug in set(row.categories.values()))
    return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def _characters(rows: Iterable[ListingRow]) -> tuple[CharacterCount, ...]:
    """One entry for each name whatever its capitals and accents, as lists filter by it."""
    counts = Counter((row.character_value, row.character_id) for row in rows if row.character_value)
    spellings: dict[str, list[tuple[str, int | None, int]]] = {}
    for (name, character_id), count in counts.items():
        spellings.setdefault(folded(name or ""), []).append((name or "", character_id, count))
    entries = [_character(of_name) for of_name in spellings.values()]
    return tuple(sorted(entries, key=lambda entry: (-entry.count, entry.name)))


def _character(spellings: Sequence[tuple[str, int | None, int]]) -> CharacterCount:
    name, _, _ = min(spellings, key=lambda spelling: (-spelling[2], spelling[0]))
    ids = {character_id for _, character_id, _ in spellings if character_id is not None}
    return CharacterCount(min(ids, default=None), name, sum(count for _, _, count in spellings))


def _prices(rows: Iterable[ListingRow]) -> tuple[PriceCount, ...]:
    counts = Counter(max(bisect_right(PRICES, row.base_price) - 1, 0) for row in rows)
    return tuple(
        PriceCount(least, PRICES[band + 1] - _CENT if band + 1 < len(PRICES) else None, counts[band])
        for band, least in enumerate(PRICES)
        if counts[band]
    )
