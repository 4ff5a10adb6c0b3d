"""A visitor: looks around as the storefront does, sometimes fills a cart, and now and then buys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from tools.load import checks
from tools.load.asking import OK, Answer, Asked, Client, need
from tools.load.books import Books

CODE = "LOAD10"
PER_PAGE = 12
WORDS = ("luna", "print", "the", "garden", "night")
SORTS = ("sort_by=base_price&sort_order=ASC", "sort_by=title&sort_order=ASC")
LIST = "/api/products?status=published"
NEWEST = f"{LIST}&sort_by=created_at&sort_order=DESC"
PERSONAGGI, FUMETTI = "/api/personaggi", "/api/fumetti"
ADDRESS = {
    "street": "Via del Molo 12",
    "city": "Camogli",
    "state": "GE",
    "zip_code": "16032",
    "country": "IT",
}

# 400 says that fewer are left than are asked for; it is said when a line is added, 409 when it is bought.
_SHORT = frozenset({200, 400})
_SOLD_OUT = frozenset({201, 409})


@dataclass(frozen=True, slots=True)
class Mix:
    """How often it happens in a visit: shares of 1, and `orders` of them end in an order."""

    filters: float = 0.2
    searches: float = 0.2
    comics: float = 0.3
    returning: float = 0.3
    carts: float = 0.06
    orders: float = 0.02


@dataclass
class Visitor:
    """One person with a browser: what it has seen is asked for again by its ETag."""

    client: Client
    dice: Random
    books: Books
    mix: Mix = field(default_factory=Mix)
    seen: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def visit(self) -> None:
        """One visit; Unexpected ends it."""
        self.books.visits += 1
        if not self._happens(self.mix.returning):
            self.seen.clear()
        rows = self._look_around()
        chance = self.dice.random()
        if chance < self.mix.carts and (row := self._choice_of(rows)):
            self._fill_cart(row, buys=chance < self.mix.orders)

    def _look_around(self) -> list[Any]:
        """The lists and pages that are looked at; the products that were seen last."""
        first = self._list("newest first", f"{NEWEST}&page=1&per_page={PER_PAGE}")
        self._entries(PERSONAGGI)
        self.client.pause()
        filtered = self._filtered()
        if self._happens(self.mix.filters):
            filtered = self._filtered() or filtered
        if self._happens(self.mix.searches):
            word = self.dice.choice(WORDS)
            self._list("search", f"{NEWEST}&search={quote(word)}&page=1&per_page={PER_PAGE}")
        for row in self._some(first, 2) + self._some(filtered, 1):
            self._product(row["slug"])
            self.client.pause()
        if self._happens(self.mix.comics):
            self._entries(FUMETTI)
        self._list("newest first", f"{NEWEST}&page=1&per_page={PER_PAGE}")
        return first + filtered

    def _filtered(self) -> list[Any]:
        if self._happens(0.5):
            rows = self._list("sorted", f"{LIST}&{self.dice.choice(SORTS)}&page=1&per_page={PER_PAGE}")
        else:
            name = self.dice.choice(self._entries(PERSONAGGI) or [{"name": "nobody"}])["name"]
            query = f"{NEWEST}&character_value={quote(name)}&page=1&per_page={PER_PAGE}"
            rows = self._list("of a character", query)
        self.client.pause()
        return rows

    def _list(self, what: str, path: str) -> list[Any]:
        found: list[Any] = self._see(f"GET /api/products ({what})", path, checks.product_page)["products"]
        return found

    def _entries(self, path: str) -> list[Any]:
        found: list[Any] = self._see(f"GET {path}", path, checks.entries)
        return found

    def _product(self, slug: str) -> None:
        def check(answer: Answer) -> None:
            checks.one_product(answer)
            need(answer.body["slug"] == slug, "another product than was asked for")

        self._see("GET /api/products/{slug}", f"/api/products/{quote(slug)}", check)

    def _see(self, name: str, path: str, check: Any) -> Any:
        """The body of a public page, which a browser that has it asks for by its ETag."""
        tag, known = self.seen.get(path, ("", None))
        if tag:
            name = f"{name}, again"
        expected = frozenset({200, 304}) if tag else OK
        headers = {"If-None-Match": tag} if tag else {}
        answer = self.client.ask(Asked(name, "GET", path, check, expected, headers=headers))
        if answer.status == 304:
            return known
        if tag := answer.headers.get("etag", ""):
            self.seen[path] = (tag, answer.body)
        return answer.body

    def _choice_of(self, rows: list[Any]) -> Any:
        """A product to buy: half of all buyers want the newest that is there, so that they meet at it."""
        there = [row for row in rows if any(each["stock"] for each in row["variants"])]
        if not there:
            return None
        return there[0] if self._happens(0.5) else self.dice.choice(there)

    def _fill_cart(self, row: Mapping[str, Any], *, buys: bool) -> None:
        self.books.carts += 1
        opened = self.client.ask(Asked("GET /api/cart", "GET", "/api/cart", checks.cart))
        session = {"X-Cart-Session": opened.body["cart"]["session_token"]}
        variant = self.dice.choice([each for each in row["variants"] if each["stock"]])
        body = {"product_id": row["id"], "variant_id": variant["id"], "quantity": 1}
        added = self._cart("POST", "/api/cart/items", session, body, _SHORT)
        if added is None:
            return
        self.client.pause()
        (line,) = added["cart"]["items"]
        path, quantity = f"/api/cart/items/{line['id']}", {"quantity": self.dice.choice((1, 1, 2))}
        self._cart("PATCH", path, session, quantity, _SHORT)
        if self._happens(0.5):
            self._cart("POST", "/api/cart/discount", session, {"code": CODE})
        shown = self._cart("GET", "/api/cart", session)
        if buys:
            self.client.pause()
            self._buy(session, shown)
        elif self._happens(0.5):
            self._cart("DELETE", path, session)

    def _cart(
        self,
        method: str,
        path: str,
        session: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        expected: frozenset[int] = OK,
    ) -> Any:
        """The cart after a step; None where fewer are left than the step asks for."""
        shown = path if path.rpartition("/")[2].isalpha() else "/api/cart/items/{item}"
        answer = self.client.ask(
            Asked(f"{method} {shown}", method, path, checks.cart, expected, body, headers=session)
        )
        if answer.status == 400:
            need("Insufficient stock" in str(answer.body.get("error")), f"400 {answer.body.get('error')}")
            self.books.sold_out += 1
            return None
        return answer.body

    def _buy(self, session: Mapping[str, str], cart: Mapping[str, Any]) -> None:
        body = {
            "email": f"buyer-{self.dice.randrange(1_000_000)}@example.com",
            "name": "A Buyer",
            "payment_method": "mock",
            "shipping_address": ADDRESS,
        }
        headers = {**session, "Idempotency-Key": str(uuid4())}
        asked = Asked(
            "POST /api/orders", "POST", "/api/orders", checks.placed_order, _SOLD_OUT, body, headers=headers
        )
        answer = self.client.ask(asked)
        if answer.status == 409:
            need(bool(answer.body.get("lines")), f"409 {answer.body.get('error')}")
            self.books.sold_out += 1
            return
        order = answer.body
        self.books.order(order["order_number"], order["items"])
        need(
            checks.money(order["total"]) == checks.money(cart["total"]),
            "an order that costs other than its cart",
        )
        self._pay(order["order_number"], order["access_token"])

    def _pay(self, number: str, secret: str) -> None:
        path = f"/api/orders/{number}"
        name = "POST /api/orders/{order}/payment"
        self.client.ask(Asked(name, "POST", f"{path}/payment", checks.paid, body={}))
        page = f"{path}?access_token={secret}"
        self.client.ask(Asked("GET /api/orders/{order}", "GET", page, checks.order_page))

    def _some(self, rows: list[Any], count: int) -> list[Any]:
        return self.dice.sample(rows, min(count, len(rows)))

    def _happens(self, share: float) -> bool:
        return self.dice.random() < share
