"""Whether the shop sold what it had: stock before and after, against orders and the artist's counts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.load import checks
from tools.load.artist import Artist
from tools.load.asking import Asked, Client, no_check
from tools.load.books import Books
from tools.load.visitor import CODE

PER_PAGE = 100


@dataclass(frozen=True)
class Snapshot:
    """The stock of every variant, how many products are published, and the id of the newest order."""

    stock: Mapping[int, int]
    published: int = 0
    newest_order: int = 0


@dataclass(frozen=True)
class Audit:
    """What was sold by the shop's orders, and every contradiction in words."""

    sold: Counter[int] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)


class Auditor:
    """Reads a shop as its signed-in artist does."""

    def __init__(self, client: Client, artist: Artist) -> None:
        self._client, self._artist = client, artist

    def prepare(self) -> None:
        """Sign in, and have the code that some visitors try; one that is there already serves."""
        self._artist.sign_in()
        body = {"code": CODE, "discount_type": "percentage", "discount_value": 10}
        path, there = "/api/admin/discounts", frozenset({201, 400, 409})
        self._client.ask(Asked("prepare", "POST", path, no_check, there, body, headers=self._artist.headers))

    def snapshot(self) -> Snapshot:
        """The shop at this moment."""
        stock: dict[int, int] = {}
        for row in self._pages("/api/products?sort_by=title", "products"):
            stock |= {int(each["id"]): int(each["stock"]) for each in row["variants"]}
        newest = next((int(order["id"]) for order in self._pages("/api/admin/orders?", "orders")), 0)
        listed = self._get("/api/products?status=published&per_page=1", checks.product_page)
        return Snapshot(stock, int(listed["total"]), newest)

    def audit(self, before: Snapshot, books: Books) -> Audit:
        """What has happened since `before`, and whether it agrees with the people's books."""
        sold: Counter[int] = Counter()
        numbers: set[str] = set()
        for order in self._orders_since(before.newest_order):
            numbers.add(str(order["order_number"]))
            for line in order["items"]:
                sold[int(line["variant_id"])] += int(line["quantity"]) - int(line["restocked_quantity"])
        complaints = [
            *order_complaints(numbers, books),
            *stock_complaints(before, self.snapshot(), sold, books),
        ]
        return Audit(sold, complaints)

    def _orders_since(self, newest: int) -> Iterator[Any]:
        for order in self._pages("/api/admin/orders?", "orders"):
            if int(order["id"]) <= newest:
                return
            yield self._get(f"/api/orders/{order['id']}", checks.order_page)

    def _pages(self, path: str, name: str) -> Iterator[Any]:
        page, total = 1, 1
        while (page - 1) * PER_PAGE < total:
            found = self._get(f"{path}&per_page={PER_PAGE}&page={page}")
            yield from found[name]
            page, total = page + 1, int(found["total"])

    def _get(self, path: str, check: Any = no_check) -> Any:
        return self._client.ask(Asked("audit", "GET", path, check, headers=self._artist.headers)).body


def order_complaints(numbers: set[str], books: Books) -> Iterator[str]:
    """Orders that one side knows and the other does not, and numbers that two buyers were given."""
    for number, times in Counter(books.orders).items():
        if times > 1:
            yield f"{number} was given to {times} buyers"
    answered = set(books.orders)
    if lost := sorted(answered - numbers):
        yield f"{len(lost)} orders were answered and are not there: {', '.join(lost[:5])}"
    if unknown := sorted(numbers - answered):
        yield f"{len(unknown)} orders are there of which no buyer knows: {', '.join(unknown[:5])}"


def stock_complaints(before: Snapshot, after: Snapshot, sold: Counter[int], books: Books) -> Iterator[str]:
    """Variants whose pieces do not add up, or of which more were sold than there were."""
    for variant, had in before.stock.items():
        there, put = after.stock.get(variant, 0), books.stocked[variant]
        if sold[variant] > had + put:
            yield f"variant {variant}: {sold[variant]} sold of {had + put}"
        if there != had + put - sold[variant]:
            yield f"variant {variant}: {had} there, {put} put on stock, {sold[variant]} sold, {there} left"
