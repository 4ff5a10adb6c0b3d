"""Works through HTTP: added, changed and taken away by their creators, and by whoever keeps the catalogue."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import AT_ONCE, UnitOfWork
from common.http import Role
from common.media import store
from common.repositories.creators import CREATORS, DISABLED
from common.repositories.listings import total_of
from common.repositories.product_writes import decide_product
from common.repositories.products import HELD_BACK, LISTS, PUBLISHED, product_by_id
from tests.catalog.builders import actions_of, created, new_category, new_image, new_product, ok, picture
from tests.catalog.marketplace import (
    ALL,
    OWN,
    PICTURE,
    Artist,
    error_of,
    new_artist,
    new_work,
    one,
    shelved,
    signed_in,
    stored,
    work_body,
)
from tests.support.http import Client
from tests.support.races import just_before


@pytest.fixture
def shelf(admin: Client) -> str:
    """The slug of a category."""
    return shelved(admin)


@pytest.fixture
def artist(table: str) -> Artist:
    """A creator who is signed in."""
    return new_artist()


def disable(artist: Artist) -> None:
    """The creator as one who was disabled."""
    creator = CREATORS.get(artist.creator.id)
    assert creator is not None
    CREATORS.change(AT_ONCE, creator, replace(creator, status=DISABLED))


def decide(work: dict[str, Any], status: str, reason: str | None = None) -> None:
    """What the shop says of a work, as its row has it."""
    before = stored(work)
    after = replace(before, moderation_status=status, rejection_reason=reason, version=before.version + 1)
    with UnitOfWork() as unit:
        decide_product(unit, before, after)


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


def test_what_is_sent_is_changed_and_nothing_else(artist: Artist, shelf: str, admin: Client) -> None:
    other = new_category(admin, "Other")["slug"]
    work = new_work(artist, shelf, stock=2)
    sent = {
        "title": "Sun",
        "description": "Oil",
        "category": other,
        "imageUrl": "https://pictures.example/sun.jpg",
        "amazonLink": "",
        "price": "$31.00",
        "tags": ["Oil", "oil", "sun"],
        "published": False,
        "featured": True,
        "stock": 4,
    }
    mine = {"status": "approved", "creatorId": "x", "id": "5", "rejectionReason": "no", "createdAt": "then"}
    after = one(ok(artist.client.put(f"{OWN}/{work['id']}", json=sent | mine)))
    changed = sent | {"tags": ["Oil", "sun"]}
    assert {name: after[name] for name in changed} == changed
    assert {name: after[name] for name in ("id", "slug", "creatorId", "createdAt", "status")} == {
        name: work[name] for name in ("id", "slug", "creatorId", "createdAt", "status")
    }
    assert [image.key for image in stored(work).images] == ["https://pictures.example/sun.jpg"]
    assert (stored(work).status, stored(work).listed_as) == ("draft", HELD_BACK)
    assert "UPDATE" in actions_of("Product", int(work["id"]))


def test_a_work_that_is_sent_back_as_it_was_shown_is_not_changed(artist: Artist, shelf: str) -> None:
    work = new_work(artist, shelf, stock=2)
    again = one(ok(artist.client.put(f"{OWN}/{work['id']}", json=work)))
    assert again == work
    assert stored(work).version == 1


def test_a_change_of_nothing_known_is_an_invalid_request(artist: Artist, shelf: str) -> None:
    work = new_work(artist, shelf)
    for body in ({}, {"status": "approved"}, {"creatorId": "x", "slug": "y"}):
        error_of(artist.client.put(f"{OWN}/{work['id']}", json=body), 400, "INVALID_REQUEST")


def test_refusals_come_in_their_order(artist: Artist, shelf: str) -> None:
    theirs = new_work(new_artist(), shelf)
    mine = artist.client
    for path in ("abc", "0", "-1", "1.5"):
        error_of(mine.put(f"{OWN}/{path}"), 400, "INVALID_REQUEST")
        error_of(mine.delete(f"{OWN}/{path}"), 400, "INVALID_REQUEST")
    error_of(mine.put(f"{OWN}/99"), 400, "INVALID_REQUEST")
    error_of(mine.put(f"{OWN}/99", json={}), 404, "NOT_FOUND")
    error_of(mine.put(f"{OWN}/{theirs['id']}", json={}), 403, "FORBIDDEN")
    error_of(mine.delete(f"{OWN}/99"), 404, "NOT_FOUND")
    error_of(mine.delete(f"{OWN}/{theirs['id']}"), 403, "FORBIDDEN")


def test_nobody_touches_the_work_of_another_creator(artist: Artist, admin: Client, shelf: str) -> None:
    theirs, shops = new_work(new_artist(), shelf), new_product(admin)
    for product_id in (theirs["id"], shops["id"]):
        error_of(artist.client.put(f"{OWN}/{product_id}", json={"title": "Mine"}), 403, "FORBIDDEN")
        error_of(artist.client.delete(f"{OWN}/{product_id}"), 403, "FORBIDDEN")
        before = product_by_id(int(product_id))
        assert before is not None
        assert (before.version, before.deleted_at) == (1, None)


@pytest.mark.parametrize("path", [OWN, ALL])
def test_an_administrator_changes_and_deletes_everybodys_works(
    artist: Artist, admin: Client, shelf: str, path: str
) -> None:
    work = new_work(artist, shelf)
    decide(work, "rejected", "Too dark")
    after = one(ok(admin.put(f"{path}/{work['id']}", json={"title": "Brighter"})))
    # Only what the creator changes is sent in again.
    assert (after["title"], after["status"], after["rejectionReason"]) == ("Brighter", "rejected", "Too dark")
    assert ok(admin.delete(f"{path}/{work['id']}")) == {"success": True}
    assert stored(work).deleted_at
    assert actions_of("Product", int(work["id"]))[-2:] == ["UPDATE_PRODUCT", "DELETE_PRODUCT"]


def test_an_editor_keeps_the_catalogue_below_admin(artist: Artist, shelf: str) -> None:
    _, editor = signed_in(Role.EDITOR)
    work = new_work(artist, shelf)
    assert one(ok(editor.put(f"{ALL}/{work['id']}", json={"title": "Sun"})))["title"] == "Sun"
    error_of(editor.put(f"{OWN}/{work['id']}", json={"title": "Moon"}), 403, "FORBIDDEN")
    error_of(artist.client.put(f"{ALL}/{work['id']}", json={"title": "Moon"}), 403, "FORBIDDEN")


def test_deletion_is_soft_and_repeating_it_changes_nothing(artist: Artist, shelf: str) -> None:
    work = new_work(artist, shelf, stock=1)
    for _ in range(2):
        assert ok(artist.client.delete(f"{OWN}/{work['id']}")) == {"success": True}
    assert actions_of("Product", int(work["id"])) == ["CREATE", "DELETE"]
    assert ok(artist.client.get(OWN)) == {"products": [], "total": 0}
    error_of(artist.client.put(f"{OWN}/{work['id']}", json={"title": "New"}), 404, "NOT_FOUND")
    error_of(new_artist().client.delete(f"{OWN}/{work['id']}"), 403, "FORBIDDEN")


@pytest.mark.parametrize(
    "body",
    [
        {"title": "Lighter"},
        {"imageUrl": "https://pictures.example/b.jpg"},
        {"stock": 4},
        {"published": False},
    ],
    ids=str,
)
def test_what_its_creator_changes_of_a_rejected_work_waits_anew(
    artist: Artist, shelf: str, body: dict[str, Any]
) -> None:
    work = new_work(artist, shelf, stock=1)
    decide(work, "rejected", "Too dark")
    after = one(ok(artist.client.put(f"{OWN}/{work['id']}", json=body)))
    assert after["status"] == "pending"
    assert "rejectionReason" not in after


def test_a_rejected_work_that_is_sent_again_as_it_is_waits_anew(artist: Artist, shelf: str) -> None:
    work = new_work(artist, shelf)
    decide(work, "rejected", "Too dark")
    assert one(ok(artist.client.put(f"{OWN}/{work['id']}", json=work)))["status"] == "pending"


def test_an_approved_work_stays_approved_when_it_is_changed(artist: Artist, shelf: str) -> None:
    work = new_work(artist, shelf)
    decide(work, "approved")
    assert one(ok(artist.client.put(f"{OWN}/{work['id']}", json={"title": "Sun"})))["status"] == "approved"


def test_a_work_that_is_approved_beside_an_edit_stays_approved(artist: Artist, shelf: str) -> None:
    work = new_work(artist, shelf)
    decide(work, "rejected", "Too dark")
    with just_before("catalog.products.change_product", lambda: decide(work, "approved")):
        after = one(ok(artist.client.put(f"{OWN}/{work['id']}", json={"title": "Sun"})))
    assert (after["title"], after["status"]) == ("Sun", "approved")
    assert (total_of(PUBLISHED), total_of(HELD_BACK)) == (1, 0)


def test_a_work_that_is_rejected_beside_an_edit_waits_anew(artist: Artist, shelf: str) -> None:
    work = new_work(artist, shelf)
    with just_before("catalog.products.change_product", lambda: decide(work, "rejected", "No")):
        after = one(ok(artist.client.put(f"{OWN}/{work['id']}", json={"title": "Sun"})))
    assert (after["title"], after["status"]) == ("Sun", "pending")
    assert stored(work).rejection_reason is None


@pytest.mark.usefixtures("bucket")
def test_a_picture_that_was_added_beside_an_edit_is_kept(artist: Artist, admin: Client, shelf: str) -> None:
    work = new_work(artist, shelf)
    with just_before("catalog.products.change_product", lambda: new_image(admin, int(work["id"]))):
        body = {"imageUrl": "https://pictures.example/b.jpg"}
        ok(artist.client.put(f"{OWN}/{work['id']}", json=body))
    keys = [image.key for image in stored(work).images]
    assert keys[0] == "https://pictures.example/b.jpg"
    assert len(keys) == 2


def test_a_form_older_than_what_it_writes_over_is_refused(artist: Artist, admin: Client, shelf: str) -> None:
    work = new_work(artist, shelf)
    ok(admin.put(f"{ALL}/{work['id']}", json={"title": "Sun"}))
    stale = {"title": "Star", "updatedAt": "2020-01-01T00:00:00.000Z"}
    error_of(artist.client.put(f"{OWN}/{work['id']}", json=stale), 409, "CONFLICT")
    fresh = {"title": "Star", "updatedAt": stored(work).updated_at}
    assert one(ok(artist.client.put(f"{OWN}/{work['id']}", json=fresh)))["title"] == "Star"
    headers = {"If-Match": '"another"'}
    answer = artist.client.put(f"{OWN}/{work['id']}", json={"title": "A"}, headers=headers)
    error_of(answer, 412, "PRECONDITION_FAILED")


def test_the_own_list_holds_all_of_the_own_and_nothing_else(
    artist: Artist, admin: Client, shelf: str
) -> None:
    mine = [new_work(artist, shelf, published=number != 1) for number in range(3)]
    new_work(new_artist(), shelf)
    new_product(admin)
    decide(mine[0], "approved")
    decide(mine[1], "rejected", "No")
    listed = ok(artist.client.get(OWN))
    assert [work["id"] for work in listed["products"]] == [work["id"] for work in mine[::-1]]
    assert listed["total"] == 3
    assert [work["status"] for work in listed["products"]] == ["pending", "rejected", "approved"]
    for status, work in zip(("approved", "rejected", "pending"), mine, strict=True):
        chosen = ok(artist.client.get(OWN, params={"status": status}))
        assert [it["id"] for it in chosen["products"]] == [work["id"]]
        assert chosen["total"] == 1
    error_of(artist.client.get(OWN, params={"status": "lost"}), 400, "INVALID_REQUEST")


def test_all_products_are_listed_for_whoever_keeps_the_catalogue(
    artist: Artist, admin: Client, shelf: str
) -> None:
    shops = new_product(admin, status="archived")
    works = [new_work(artist, shelf) for _ in range(3)]
    theirs = new_work(new_artist(), shelf, published=False)
    decide(works[0], "approved")
    listed = ok(admin.get(ALL))
    newest_first = [theirs["id"], *(work["id"] for work in works[::-1]), str(shops["id"])]
    assert [product["id"] for product in listed["products"]] == newest_first
    assert (listed["total"], listed["hasMore"]) == (5, False)
    assert listed["products"][-1]["status"] == "approved"
    assert "creatorName" not in listed["products"][-1]
    assert listed["products"][1]["creatorName"] == artist.creator.display_name
    part = ok(admin.get(ALL, params={"limit": "2", "offset": "1"}))
    assert [product["id"] for product in part["products"]] == newest_first[1:3]
    assert part["hasMore"]
    own = ok(admin.get(ALL, params={"creatorId": artist.creator.id, "status": "pending"}))
    assert [product["id"] for product in own["products"]] == [works[2]["id"], works[1]["id"]]
    assert ok(admin.get(ALL, params={"creatorId": "nobody"}))["products"] == []
    error_of(admin.get(ALL, params={"status": "lost"}), 400, "INVALID_REQUEST")
    error_of(admin.get(ALL, params={"limit": "x"}), 400, "VALIDATION_ERROR")
    error_of(artist.client.get(ALL), 403, "FORBIDDEN")
