"""What is suggested to somebody who types: titles, characters and categories that match, best first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from catalog.index.facets import CharacterCount, facets_of
from catalog.index.holding import Holding
from catalog.index.searching import found_by
from catalog.index.texts import TextIndex, Texts
from catalog.product_filters import Filters
from common.repositories.listings import ListingRow

T = TypeVar("T")

# Products whose titles are looked at: titles that match come first of what a search finds.
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Products by their rows, characters with how many products show them, and categories by their slugs."""

    products: list[ListingRow]
    characters: list[CharacterCount]
    categories: list[str]


def suggest(holding: Holding, filters: Filters, names: dict[str, str], limit: int) -> Suggestions:
    """At most `limit` of each kind for the search of the filters, among what their other filters leave.

    `names` are those of the categories by slug. Equal matches are in the order of the filters, which is that
    of the newest first; characters and categories in that of how many products they have.
    """
    found = found_by(holding, filters)
    ranked = replace(filters, best_first=True)
    rows = holding.select(ranked, max(_LOOKED_AT, limit), found=found).rows
    counted = facets_of(holding, replace(filters, search=""))
    slugs = [slug for slug, _ in counted.categories]
    return Suggestions(
        products=_best(filters.search, rows, lambda row: row.title)[:limit],
        characters=_best(filters.search, counted.characters, lambda character: character.name)[:limit],
        categories=_best(filters.search, slugs, lambda slug: f"{names.get(slug, '')} {slug}")[:limit],
    )


def _best(query: str, entries: Sequence[T], text_of: Callable[[T], str]) -> list[T]:
    """The entries whose texts match a query, best first, equals in their order."""
    index = _index_of(tuple(map(text_of, entries)))
    return [entries[place] for tier in index.find(query) for place in sorted(tier)]


@lru_cache(maxsize=16)
def _index_of(texts: tuple[str, ...]) -> TextIndex:
    index = TextIndex()
    index.fill((place, Texts(text)) for place, text in enumerate(texts))
    return index
