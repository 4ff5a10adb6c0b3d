"""The lists and searches that are measured, each with what it may cost whatever the size of the catalogue."""

from dataclasses import dataclass
from decimal import Decimal

from benchmarks.calls import Budget

SIZES = (50, 1_000)
LARGE_SIZES = (10_000, 100_000)

# What is wanted of medians: of any call of 10,000 to the smallest catalogue, of a search of 1,000 to one
# that reads the whole, and of a search of 100,000 to one of 1,000.
MOST_TO_SMALL, MOST_TO_WHOLE, MOST_TO_THOUSAND = 1.5, 0.1, 3.0
CATALOGUE_PICTURE = "catalogue.svg"

FILTER, SEARCH, NEWEST, SUGGEST = "filter", "search", "newest", "suggest"
# What has to be read for the documents of a page, besides the question what changed.
_CHOSEN = Budget(2, Decimal(12))
_LIST = "/api/products?per_page=20"


@dataclass(frozen=True, slots=True)
class Ask:
    """One GET of a list.

    `kind` says what it costs the way that reads the whole catalogue: a `filter` every small row, a `search`
    every text. `behind` is asked with the cursor of its first page, `again` with the ETag of its last answer.
    """

    name: str
    path: str
    kind: str = FILTER
    budget: Budget = _CHOSEN
    behind: bool = False
    again: bool = False


ASKS = (
    Ask("newest first", _LIST, NEWEST, Budget(2, Decimal(10))),
    Ask("of a category", f"{_LIST}&category=sea"),
    Ask("of a character and a price", f"{_LIST}&character_value=Luna&min_price=25&max_price=60"),
    Ask("in stock", f"{_LIST}&in_stock=true"),
    Ask("cheapest first", f"{_LIST}&sort_by=base_price"),
    Ask("by title", f"{_LIST}&sort_by=title"),
    Ask("by title, page 3", f"{_LIST}&sort_by=title&page=3"),
    Ask("by title, behind a cursor", f"{_LIST}&sort_by=title", behind=True),
    Ask("of a category, unchanged (304)", f"{_LIST}&category=sea", again=True, budget=Budget(1, Decimal(1))),
    Ask("search: one letter", f"{_LIST}&search=l", SEARCH),
    Ask("search: three letters", f"{_LIST}&search=lig", SEARCH),
    Ask("search: a word", f"{_LIST}&search=lighthouse", SEARCH),
    Ask("search: two words", f"{_LIST}&search=stampa%20lighthouse", SEARCH),
    Ask("search: a slip of the pen", f"{_LIST}&search=lighthuose", SEARCH),
    Ask("search: nothing", f"{_LIST}&search=qwxyzzq", SEARCH),
    Ask("suggestions", "/api/products/suggest?q=lig", SUGGEST, Budget(1, Decimal(1))),
)
# Searches cost the whole way the same whatever is looked for: in large catalogues one is measured for all.
TYPICAL_FILTER, TYPICAL_SEARCH = "of a category", "search: a word"
