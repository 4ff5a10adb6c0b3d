"""The journeys on the shop itself: its answers pass their checks, and the books agree with its stock."""

from dataclasses import replace
from random import Random

import pytest

from tools.load.artist import Artist
from tools.load.asking import Answer, Asked, Unexpected
from tools.load.books import Books
from tools.load.in_process import InProcessClient
from tools.load.stock_audit import Auditor
from tools.load.visitor import Mix, Visitor

pytestmark = pytest.mark.exhaustive

EVERYBODY_BUYS = Mix(filters=1, searches=1, comics=1, returning=1, carts=1, orders=1)


class Tampering:
    """A shop whose answers to some requests are changed before they are judged."""

    def __init__(self, client: InProcessClient, name: str, **changes: object) -> None:
        self._client, self._name, self._changes = client, name, changes
        self.pause = client.pause

    def ask(self, asked: Asked) -> Answer:
        answer = self._client.ask(asked)
        if asked.name == self._name:
            answer = replace(answer, body={**answer.body, **self._changes})
            asked.judge(answer)
        return answer


def visitor(
    client: InProcessClient | Tampering, books: Books, seed: int = 1, mix: Mix = EVERYBODY_BUYS
) -> Visitor:
    return Visitor(client, Random(seed), books, mix)  # noqa: S311 - likings


def test_buyers_sell_the_shop_out_and_the_books_agree(
    client: InProcessClient, books: Books, auditor: Auditor
) -> None:
    before = auditor.snapshot()
    buyer = visitor(client, books)
    for _ in range(10):
        buyer.visit()
    audit = auditor.audit(before, books)
    assert audit.complaints == []
    assert audit.sold == books.sold
    assert sum(books.sold.values()) == sum(before.stock.values())
    assert not any(auditor.snapshot().stock.values())
    assert books.visits == 10
    assert len(books.orders) == len(set(books.orders)) >= 3


def test_a_returning_visitor_asks_by_the_etag(client: InProcessClient, books: Books) -> None:
    statuses = []

    class Watching(Tampering):
        def ask(self, asked: Asked) -> Answer:
            answer = super().ask(asked)
            statuses.append((answer.status, "If-None-Match" in asked.headers))
            return answer

    visitor(Watching(client, ""), books, mix=Mix(carts=0, orders=0, returning=1)).visit()
    assert (304, True) in statuses
    assert all(asked_by_tag for status, asked_by_tag in statuses if status == 304)


def test_the_artist_works_through_the_pages_and_the_stock_agrees(
    client: InProcessClient, books: Books, auditor: Auditor, artist: Artist
) -> None:
    before = auditor.snapshot()
    visitor(client, books).visit()
    for _ in range(3):
        artist.round()
    assert auditor.audit(before, books).complaints == []
    assert books.artist_rounds == sum(books.stocked.values()) == 3


def test_a_piece_that_is_sold_twice_is_found(client: InProcessClient, books: Books, auditor: Auditor) -> None:
    before = auditor.snapshot()
    visitor(client, books).visit()
    ((variant, pieces),) = books.sold.items()
    # As if the order had not taken its pieces.
    body = {"quantity": pieces, "operation": "add"}
    asked = Asked(
        "stock", "PATCH", f"/api/variants/{variant}/stock", body=body, headers=auditor._artist.headers
    )
    client.ask(asked)
    (complaint,) = auditor.audit(before, books).complaints
    assert complaint == f"variant {variant}: 3 there, 0 put on stock, {pieces} sold, 3 left"


@pytest.mark.parametrize(
    ("name", "changes", "complaint"),
    [
        ("GET /api/products (newest first)", {"total": 0}, "more products than there are"),
        ("GET /api/products (newest first)", {"products": None}, "no list"),
        ("GET /api/cart", {"total": 1}, "a total that is not"),
        ("POST /api/cart/items", {"subtotal": 1}, "a subtotal that is not"),
        ("POST /api/orders", {"items": []}, "an order whose lines"),
        ("POST /api/orders", {"total": 0.5}, "an order that costs other"),
        ("POST /api/orders/{order}/payment", {"transaction_id": ""}, "a payment without"),
    ],
)
def test_a_wrong_answer_ends_the_visit(
    client: InProcessClient,
    books: Books,
    auditor: Auditor,
    name: str,
    changes: dict[str, object],
    complaint: str,
) -> None:
    with pytest.raises(Unexpected, match=complaint):
        visitor(Tampering(client, name, **changes), books).visit()


def test_a_refusal_that_is_none_of_the_expected_ends_the_visit(client: InProcessClient, books: Books) -> None:
    with pytest.raises(Unexpected, match="404 Product not found"):
        client.ask(Asked("page", "GET", "/api/products/no-such-print"))


def test_stock_is_not_touched_by_who_only_looks(
    client: InProcessClient, books: Books, auditor: Auditor
) -> None:
    before = auditor.snapshot()
    visitor(client, books, mix=Mix(carts=0, orders=0)).visit()
    assert auditor.snapshot() == before
