"""Creators' works added over HTTP: what may be sent, by whom, and once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from common.http import Role
from common.media import store
from common.repositories.listings import total_of
from common.repositories.products import HELD_BACK, LISTS
from tests.catalog.builders import actions_of, created, ok, picture
from tests.catalog.marketplace import (
    ALL,
    OWN,
    PICTURE,
    Artist,
    disable,
    error_of,
    new_artist,
    new_work,
    one,
    signed_in,
    stored,
    work_body,
)
from tests.support.http import Client
from tests.support.races import just_before


def test_a_new_work_is_the_callers_and_waits_to_be_approved(artist: Artist, shelf: str) -> None:
    sent = work_body(shelf, title="Città di Notte", featured=True, stock=3)
    work = one(
        created(artist.client.post(OWN, json=sent | {"creatorId": "x", "status": "approved", "id": "9"}))
    )
    assert {name: work[name] for name in sent} == sent
    assert (work["creatorId"], work["status"]) == (artist.creator.id, "pending")
    assert work["slug"] == "citta-di-notte"
    assert work["createdAt"] == work["updatedAt"]
    assert isinstance(work["id"], str)
    assert "rejectionReason" not in work
    (variant,) = work["variants"]
    assert (variant["price"], variant["stock"]) == ("$29.99", 3)
    product = stored(work)
    assert (product.base_price, product.currency, product.listed_as) == (Decimal("29.99"), "USD", HELD_BACK)
    assert actions_of("Product", product.id) == ["CREATE"]


def test_what_may_be_left_out_has_its_defaults(artist: Artist, shelf: str) -> None:
    sent = {"title": "Moon", "description": "Ink", "category": shelf, "imageUrl": PICTURE}
    work = one(created(artist.client.post(OWN, json=sent)))
    assert (work["published"], work["featured"], work["tags"], work["amazonLink"]) == (True, False, [], "")
    assert "price" not in work
    assert (work["stock"], work["variants"]) == (0, [])


def test_two_works_of_one_title_have_a_slug_each(artist: Artist, shelf: str) -> None:
    works = [new_work(artist, shelf, title="Luna", stock=1) for _ in range(2)]
    assert [work["slug"] for work in works] == ["luna", "luna-2"]


@pytest.mark.parametrize("price", [29.99, 29, "29.99", "29,99 €", "EUR 29.99"])
def test_a_price_without_a_currency_is_in_the_shops(artist: Artist, shelf: str, price: Any) -> None:
    work = new_work(artist, shelf, price=price)
    assert work["price"] == ("€29.00" if price == 29 else "€29.99")


def test_an_upload_becomes_the_works_own_picture(artist: Artist, shelf: str, bucket: str) -> None:
    store("incoming/products/a.png", picture(), "image/png")
    work = new_work(artist, shelf, imageUrl="incoming/products/a.png")
    assert f"/products/{work['id']}/" in work["imageUrl"]
    gone = work_body(shelf, imageUrl="incoming/products/gone.png")
    error = error_of(artist.client.post(OWN, json=gone), 400, "VALIDATION_ERROR")
    assert error["details"]["errors"][0].startswith("imageUrl: ")


BAD: list[tuple[str, Any]] = [
    ("title", ""),
    ("title", "x" * 201),
    ("title", 7),
    ("title", None),
    ("description", "x" * 2001),
    ("description", "   "),
    ("category", "no-such-category"),
    ("category", "99999"),
    ("category", None),
    ("imageUrl", "http://pictures.example/a.jpg"),
    ("imageUrl", "javascript:alert(1)"),
    ("imageUrl", "/etc/passwd"),
    ("imageUrl", "products/../secrets.png"),
    ("imageUrl", ""),
    ("amazonLink", "http://amazon.com/dp/1"),
    ("amazonLink", "amazon"),
    ("price", "free"),
    ("price", "$-1"),
    ("price", "0"),
    ("price", 0),
    ("price", -1),
    ("price", "$29.999"),
    ("price", "¥29.5"),
    ("price", "99999999999"),
    ("price", [1]),
    ("tags", "ink"),
    ("tags", ["x" * 51]),
    ("tags", [""]),
    ("tags", ["a"] * 21),
    ("tags", [1]),
    ("published", "yes"),
    ("published", None),
    ("featured", 3),
    ("stock", -1),
    ("stock", 1.5),
    ("stock", 10**9),
    ("stock", "many"),
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda value: str(value)[:20])
def test_bad_input_is_refused_by_its_name_and_nothing_is_stored(
    artist: Artist, shelf: str, name: str, value: Any
) -> None:
    answer = artist.client.post(OWN, json=work_body(shelf) | {name: value})
    error = error_of(answer, 400, "VALIDATION_ERROR")
    assert any(text.split(":")[0].split(".")[0] == name for text in error["details"]["errors"]), answer.text
    assert [total_of(name) for name in LISTS] == [0, 0, 0, 0]


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda value: str(value)[:20])
def test_a_change_is_held_to_the_same_rules(artist: Artist, shelf: str, name: str, value: Any) -> None:
    work = new_work(artist, shelf)
    answer = artist.client.put(f"{OWN}/{work['id']}", json={name: value})
    error = error_of(answer, 400, "VALIDATION_ERROR")
    assert any(text.split(":")[0].split(".")[0] == name for text in error["details"]["errors"]), answer.text
    assert stored(work).version == 1


def test_a_megabyte_of_text_is_refused(artist: Artist, shelf: str) -> None:
    body = work_body(shelf, description="x" * 1_000_000)
    error_of(artist.client.post(OWN, json=body), 400, "VALIDATION_ERROR")
    error_of(artist.client.post(OWN, json=body | {"title": "x" * 100_000}), 413, "PAYLOAD_TOO_LARGE")


def test_stock_needs_a_price(artist: Artist, shelf: str) -> None:
    body = work_body(shelf, stock=2) | {"price": ""}
    error = error_of(artist.client.post(OWN, json=body), 400, "VALIDATION_ERROR")
    assert error["details"]["errors"] == ["stock: needs a price"]
    work = new_work(artist, shelf, price=None)
    error_of(artist.client.put(f"{OWN}/{work['id']}", json={"stock": 2}), 400, "VALIDATION_ERROR")
    both = ok(artist.client.put(f"{OWN}/{work['id']}", json={"stock": 2, "price": "€5"}))
    assert (one(both)["stock"], one(both)["price"]) == (2, "€5.00")


@pytest.mark.parametrize("none", ["", None])
def test_a_price_is_not_taken_away(artist: Artist, shelf: str, none: str | None) -> None:
    work = new_work(artist, shelf)
    error = error_of(artist.client.put(f"{OWN}/{work['id']}", json={"price": none}), 400, "VALIDATION_ERROR")
    assert error["details"]["errors"][0].startswith("price: cannot be taken away")
    free = new_work(artist, shelf, price=None)
    assert "price" not in one(
        ok(artist.client.put(f"{OWN}/{free['id']}", json={"price": none, "title": "A"}))
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null"])
def test_a_body_that_cannot_be_read_is_an_invalid_request(artist: Artist, shelf: str, body: bytes) -> None:
    work, sent = new_work(artist, shelf), {"headers": {"Content-Type": "application/json"}, "data": body}
    error_of(artist.client.post(OWN, **sent), 400, "INVALID_REQUEST")
    error_of(artist.client.put(f"{OWN}/{work['id']}", **sent), 400, "INVALID_REQUEST")


def test_an_account_without_a_creator_adds_nothing(admin: Client, shelf: str) -> None:
    _, nobody = signed_in(Role.CREATOR)
    for client, path in ((nobody, OWN), (admin, OWN), (admin, ALL)):
        # Who may not add a work is not told what is wrong with it.
        error_of(client.post(path, json={"title": ""}), 403, "FORBIDDEN")
    error_of(nobody.get(OWN), 403, "FORBIDDEN")


def test_an_administrator_who_is_a_creator_adds_works_too(shelf: str, table: str) -> None:
    boss = new_artist(role=Role.ADMIN)
    for path in (OWN, ALL):
        work = one(created(boss.client.post(path, json=work_body(shelf))))
        assert (work["creatorId"], work["status"]) == (boss.creator.id, "pending")


def test_a_disabled_creator_writes_nothing(artist: Artist, shelf: str) -> None:
    work = new_work(artist, shelf)
    disable(artist)
    error_of(artist.client.post(OWN, json=work_body(shelf)), 403, "FORBIDDEN")
    error_of(artist.client.put(f"{OWN}/{work['id']}", json={"title": "New"}), 403, "FORBIDDEN")
    error_of(artist.client.delete(f"{OWN}/{work['id']}"), 403, "FORBIDDEN")
    assert stored(work).version == 1


@pytest.mark.parametrize("kind", ["add", "change", "remove"])
def test_a_creator_who_is_disabled_a_moment_before_the_commit_writes_nothing(
    artist: Artist, shelf: str, kind: str
) -> None:
    work = new_work(artist, shelf)
    writes: dict[str, Callable[[], Any]] = {
        "add": lambda: artist.client.post(OWN, json=work_body(shelf)),
        "change": lambda: artist.client.put(f"{OWN}/{work['id']}", json={"title": "New"}),
        "remove": lambda: artist.client.delete(f"{OWN}/{work['id']}"),
    }
    target = "catalog.products." + {"add": "add", "change": "change", "remove": "delete"}[kind] + "_product"
    with just_before(target, lambda: disable(artist)):
        error_of(writes[kind](), 403, "FORBIDDEN")
    assert (stored(work).version, total_of(HELD_BACK)) == (1, 1)


def test_a_request_that_is_sent_again_adds_one_work(artist: Artist, shelf: str) -> None:
    body, key = work_body(shelf, stock=1), {"Idempotency-Key": "try-1"}
    first = one(created(artist.client.post(OWN, json=body, headers=key)))
    assert one(created(artist.client.post(OWN, json=body, headers=key))) == first
    assert total_of(HELD_BACK) == 1
    other = artist.client.post(OWN, json=body | {"title": "Sun"}, headers=key)
    error_of(other, 422, "UNPROCESSABLE_CONTENT")
    error_of(new_artist().client.post(OWN, json=body, headers=key), 422, "UNPROCESSABLE_CONTENT")
    assert new_work(artist, shelf)["id"] != first["id"]
    error_of(artist.client.post(OWN, json=body, headers={"Idempotency-Key": " "}), 400, "INVALID_REQUEST")


def test_a_request_that_arrives_twice_at_once_adds_one_work(artist: Artist, shelf: str) -> None:
    body, key = work_body(shelf, stock=1), {"Idempotency-Key": "try-1"}
    works: list[dict[str, Any]] = []

    def send() -> None:
        works.append(one(created(artist.client.post(OWN, json=body, headers=key))))

    with just_before("catalog.products.add_product", send):
        send()
    assert works[0] == works[1]
    assert total_of(HELD_BACK) == 1
