"""Creators' works changed, deleted and listed over HTTP, and who may do so."""

from typing import Any

import pytest

from common.http import Role
from common.repositories.listings import total_of
from common.repositories.products import HELD_BACK, PUBLISHED, product_by_id
from tests.catalog.builders import actions_of, new_category, new_image, new_product, ok
from tests.catalog.marketplace import (
    ALL,
    OWN,
    Artist,
    decide,
    error_of,
    new_artist,
    new_work,
    one,
    signed_in,
    stored,
)
from tests.support.http import Client
from tests.support.races import just_before


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
