"""The catalogue under threads that really change the same things at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest

from tests.catalog.builders import (
    catalog_app,
    new_category,
    new_image,
    new_product,
    new_variant,
    ok,
    product_body,
    row,
    store,
    tallies,
)
from tests.support.buckets import fresh_bucket
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

T = TypeVar("T")


@pytest.fixture
def admin(table: str) -> Client:
    """An admin of an empty shop."""
    return Client(catalog_app(), token=admin_token())


def at_once(times: int, ask: Callable[[int], T]) -> list[T]:
    """The answers of a call that this many threads make at the same moment, each with its number."""
    barrier = Barrier(times)

    def start(number: int) -> T:
        barrier.wait(timeout=30)
        return ask(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(start, range(times), timeout=120))


def until_answered(ask: Callable[[], Answer]) -> Answer:
    """The answer to a call that is repeated, as Retry-After asks, while others keep it from passing."""
    answer = ask()
    for _ in range(20):
        if answer.status != 503:
            break
        assert answer.headers["Retry-After"]
        answer = ask()
    return answer


def _statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def test_of_twenty_creations_of_one_slug_one_wins(admin: Client) -> None:
    def create(number: int) -> Answer:
        body = product_body(slug="same", title=f"T{number}")
        return until_answered(lambda: admin.post("/api/products", json=body))

    answers = at_once(20, create)
    assert _statuses(answers) == {201: 1, 409: 19}
    winner = next(answer.json for answer in answers if answer.status == 201)
    assert ok(admin.get("/api/products/same")) == winner
    assert tallies()["published"] == 1


def test_of_twelve_rows_of_one_title_every_one_gets_a_slug(admin: Client) -> None:
    def create(_: int) -> Answer:
        body = {"name": "Moon", "price": 5, "stock": 1}
        return until_answered(lambda: admin.post("/api/admin/shop/products", json=body))

    answers = at_once(12, create)
    assert _statuses(answers) == {201: 12}
    assert len({answer.json["slug"] for answer in answers}) == 12
    assert tallies()["draft"] == 12


def _variant(admin: Client, stock: int) -> dict[str, Any]:
    return new_variant(admin, new_product(admin)["id"], stock=stock)


def _change_stock(admin: Client, variant: dict[str, Any], operation: str) -> Answer:
    path = f"/api/variants/{variant['id']}/stock"
    return until_answered(lambda: admin.patch(path, json={"quantity": 1, "operation": operation}))


def _stock(admin: Client, variant: dict[str, Any]) -> Any:
    return ok(admin.get(f"/api/products/{variant['product_id']}/variants"))["variants"][0]["stock"]


def test_of_thirty_who_take_the_last_five_pieces_five_get_one(admin: Client) -> None:
    variant = _variant(admin, 5)
    answers = at_once(30, lambda _: _change_stock(admin, variant, "subtract"))
    assert _statuses(answers) == {200: 5, 400: 25}
    assert _stock(admin, variant) == 0


def test_twenty_additions_all_count(admin: Client) -> None:
    variant = _variant(admin, 3)
    answers = at_once(20, lambda _: _change_stock(admin, variant, "add"))
    assert _statuses(answers) == {200: 20}
    assert _stock(admin, variant) == 23


def test_the_totals_are_right_after_twenty_are_published_or_withdrawn(admin: Client) -> None:
    store([row(n, status="draft" if n % 2 else "published") for n in range(1, 21)])

    def swap(number: int) -> Answer:
        status = "draft" if number % 2 else "published"
        path = f"/api/products/{number + 1}"
        return until_answered(lambda: admin.put(path, json={"status": status}))

    assert _statuses(at_once(20, swap)) == {200: 20}
    assert tallies() == {"published": 10, "draft": 10, "archived": 0}
    published = {product["id"] for product in ok(Client(catalog_app()).get("/api/products"))["products"]}
    assert published == set(range(1, 21, 2))


def test_one_product_that_many_publish_and_withdraw_is_counted_once(admin: Client) -> None:
    path = f"/api/products/{new_product(admin)['id']}"
    statuses = ("published", "draft", "archived")
    # Some may be told that others were faster, but the totals always say where the product is.
    at_once(10, lambda number: admin.put(path, json={"status": statuses[number % 3]}))
    at_last = ok(admin.get(path))["status"]
    assert tallies() == {status: int(status == at_last) for status in statuses}


def test_many_deletions_and_restores_of_one_product_leave_it_counted_as_it_is(admin: Client) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}"
    at_once(10, lambda number: admin.post(f"{path}/restore") if number % 2 else admin.delete(path))
    assert tallies()["published"] == int(admin.get(path).status == 200)
    ok(until_answered(lambda: admin.post(f"{path}/restore")))
    assert tallies()["published"] == 1


def test_moves_of_categories_never_close_a_circle(admin: Client) -> None:
    made = [new_category(admin, f"C{number}")["id"] for number in range(6)]

    def move(number: int) -> Answer:
        return admin.put(f"/api/categories/{made[number]}", json={"parent_id": made[(number + 1) % 6]})

    at_once(6, move)
    parents = {it["id"]: it["parent_id"] for it in ok(admin.get("/api/categories"))["categories"]}
    for category in made:
        line = [category]
        while (parent := parents[line[-1]]) is not None:
            assert parent not in line
            line.append(parent)


def test_images_that_are_moved_at_once_all_move(admin: Client) -> None:
    with fresh_bucket():
        product = new_product(admin)
        images = [new_image(admin, product["id"])["id"] for _ in range(5)]
    path = f"/api/products/{product['id']}/images"

    def move(number: int) -> Answer:
        body = {"position": 4 - number}
        return until_answered(lambda: admin.patch(f"{path}/{images[number]}", json=body))

    assert _statuses(at_once(5, move)) == {200: 5}
    assert [image["id"] for image in ok(admin.get(path))["images"]] == images[::-1]
