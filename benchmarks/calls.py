"""The calls that are measured, each with the budget of the design."""

from dataclasses import dataclass, field
from decimal import Decimal

SMALL, LARGE = 50, 1000
SIZES = (SMALL, LARGE)

NO_SLOWER = Decimal(1)

# Whose the oldest works are, in the shop that is measured.
CREATOR_SLUG, CREATOR_WORKS = "studio", 20


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one request may cost: round trips, and read and write units; None is no limit."""

    trips: int
    read: Decimal | None = None
    write: Decimal | None = None

    def holds(self, trips: int, read: Decimal, write: Decimal) -> bool:
        """Whether a request that cost so much stays within it."""
        units = ((read, self.read), (write, self.write))
        return trips <= self.trips and all(limit is None or spent <= limit for spent, limit in units)


@dataclass(frozen=True, slots=True)
class Call:
    """One GET: its path, what the replaced Lambdas were asked for the same, and what it may cost.

    `budgets` is by the number of published products. `{slug}` in a path stands for the slug of a
    product in the middle of the list. `wanted` is the least ratio of the replaced p50 to ours.
    """

    name: str
    path: str
    budgets: dict[int, Budget] = field(default_factory=dict)
    replaced: str = ""
    wanted: Decimal = NO_SLOWER


def _budgets(small: tuple[int, str], large: tuple[int, str]) -> dict[int, Budget]:
    return {
        size: Budget(trips, Decimal(read)) for size, (trips, read) in zip(SIZES, (small, large), strict=True)
    }


_LIST = "/api/products?per_page=20"
_FIXED = _budgets((1, "1"), (1, "1"))
_CHOSEN = _budgets((2, "16"), (3, "60"))

# The replaced Lambdas ignored sorts and most filters: asked for one, they answered the plain list. They
# looked for a text in the first rows of the index only.
CALLS = (
    Call(
        "product page by slug",
        "/api/products/{slug}",
        _budgets((1, "1.5"), (1, "1.5")),
        "/api/products/{slug}",
    ),
    Call("20 products, newest first", _LIST, _budgets((2, "10"), (2, "10")), _LIST, Decimal(5)),
    Call("20 products by title", f"{_LIST}&sort_by=title", _CHOSEN, _LIST),
    Call(
        "20 products in stock, cheapest first",
        f"{_LIST}&in_stock=true&sort_by=base_price&sort_order=ASC",
        _CHOSEN,
        _LIST,
    ),
    Call("20 products of a character", f"{_LIST}&character_value=Luna", _CHOSEN, _LIST),
    Call("20 products of a category", f"{_LIST}&category=sea", _CHOSEN),
    Call(
        "20 products by free text",
        f"{_LIST}&search=lighthouse",
        _budgets((2, "16"), (6, "350")),
        f"{_LIST}&search=lighthouse",
    ),
    Call(
        "20 works of a creator, for the public page",
        f"/api/creators/{CREATOR_SLUG}/products?limit=20",
        _budgets((3, "12"), (3, "12")),
    ),
    Call("personaggi", "/api/personaggi", _FIXED, "/api/personaggi"),
    Call("fumetti", "/api/fumetti", _FIXED, "/api/fumetti"),
    Call("categories", "/api/categories", {}, "/api/categories"),
)
