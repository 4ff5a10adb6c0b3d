"""The times of a product: how they are read, kept and counted, and what a form may do to them."""

from typing import Any

import pytest

from catalog.index import freshness
from common.dynamodb import meter
from common.repositories.listings import Tally, newest_and_tally, tally_of
from tests.catalog.builders import (
    audit_of,
    created,
    new_product,
    ok,
    product_body,
    refused,
    row,
    store,
    without,
)
from tests.support.http import Client

ROWS = "/api/admin/shop/products"
NOON, LATER = "2999-06-01T10:00:00.000Z", "2999-06-02T10:00:00.000Z"


@pytest.mark.parametrize(
    ("sent", "since", "until"),
    [
        # The shop's time zone is two hours ahead of UTC in summer.
        ("2999-06-01", "2999-05-31T22:00:00.000Z", "2999-06-01T22:00:00.000Z"),
        ("2999-06-01T12:00", NOON, NOON),
        ("2999-06-01T12:00:00.0009+02:00", NOON, NOON),
        ("2999-06-01T10:00:00Z", NOON, NOON),
        ("", None, None),
        ("  ", None, None),
        (None, None, None),
        ({"label": "None", "value": None}, None, None),
    ],
)
def test_a_time_is_read_as_all_dates_are(
    admin: Client, sent: Any, since: str | None, until: str | None
) -> None:
    assert new_product(admin, publish_at=sent).get("publish_at") == since
    assert new_product(admin, unpublish_at=sent).get("unpublish_at") == until
    by_row = created(admin.post(ROWS, json={"title": "A row", "publish_at": sent}))
    assert (by_row["publish_at"], by_row["unpublish_at"]) == (since, None)


@pytest.mark.parametrize("sent", ["soon", 7, "2999-13-01", ["2999-06-01"], "9999-12-31T23:59:59-12:00"])
def test_what_is_no_time_is_refused(admin: Client, sent: Any) -> None:
    refused(admin.post("/api/products", json=product_body(publish_at=sent)), 400, "publish_at")


def test_a_product_that_would_never_be_public_is_refused(admin: Client) -> None:
    for until in (NOON, "2999-05-31"):
        body = product_body(publish_at=NOON, unpublish_at=until)
        refused(admin.post("/api/products", json=body), 400, "unpublish_at must be later than publish_at")
    product = new_product(admin, publish_at=NOON)
    path = f"/api/products/{product['id']}"
    refused(admin.put(path, json={"unpublish_at": NOON}), 400, "unpublish_at")
    changed = ok(admin.put(path, json={"unpublish_at": LATER}))
    assert (changed["publish_at"], changed["unpublish_at"]) == (NOON, LATER)
    refused(admin.patch(f"{ROWS}/{product['id']}", json={"publish_at": LATER}), 400, "unpublish_at")


def test_times_that_were_stored_otherwise_are_in_no_form_s_way(admin: Client) -> None:
    store([row(1, publish_at=LATER, unpublish_at=NOON)])
    assert ok(admin.put("/api/products/1", json={"title": "Another"}))["unpublish_at"] == NOON


def test_forms_that_know_no_times_keep_them(admin: Client) -> None:
    product = new_product(admin, publish_at=NOON, unpublish_at=LATER)
    path = f"/api/products/{product['id']}"
    changed = ok(admin.put(path, json=without(product, "publish_at", "unpublish_at") | {"title": "New"}))
    whole = ok(admin.put(path, json=changed | {"title": "Newer"}))
    shown = ok(admin.get(f"{ROWS}/{product['id']}"))
    renamed = ok(admin.patch(f"{ROWS}/{product['id']}", json=shown | {"title": "Newest"}))
    for each in (changed, whole, renamed):
        assert (each["publish_at"], each["unpublish_at"]) == (NOON, LATER)
    cleared = ok(admin.put(path, json={"publish_at": "", "unpublish_at": None}))
    assert cleared.keys().isdisjoint({"publish_at", "unpublish_at"})


def test_an_old_form_does_not_take_a_time_away_that_was_set_since(admin: Client) -> None:
    product = new_product(admin)
    old = ok(admin.get(f"{ROWS}/{product['id']}"))
    ok(admin.put(f"/api/products/{product['id']}", json={"publish_at": NOON}))
    refused(admin.patch(f"{ROWS}/{product['id']}", json=old | {"title": "Old"}), 409)
    assert ok(admin.get(f"{ROWS}/{product['id']}"))["publish_at"] == NOON


def test_the_log_says_which_times_were_set(admin: Client) -> None:
    product = new_product(admin)
    ok(admin.put(f"/api/products/{product['id']}", json={"publish_at": NOON}))
    assert audit_of("Product", product["id"])[-1].changes == {"publish_at": {"old": None, "new": NOON}}


def test_the_tally_of_a_list_knows_how_many_have_times(admin: Client) -> None:
    new_product(admin)
    assert tally_of("published") == Tally(1, 0)
    timed = new_product(admin, publish_at=NOON)
    path = f"/api/products/{timed['id']}"
    assert tally_of("published") == newest_and_tally("published", 5)[1] == Tally(2, 1)
    ok(admin.put(path, json={"unpublish_at": LATER, "publish_at": None}))
    assert tally_of("published") == Tally(2, 1)
    ok(admin.put(path, json={"status": "draft"}))
    assert (tally_of("published"), tally_of("draft")) == (Tally(1, 0), Tally(1, 1))
    ok(admin.delete(path))
    assert tally_of("draft") == Tally(0, 0)
    ok(admin.post(f"{path}/restore"))
    assert tally_of("draft") == Tally(1, 1)
    ok(admin.put(path, json={"unpublish_at": None}))
    assert tally_of("draft") == Tally(1, 0)


def test_the_newest_cost_no_more_where_no_product_has_times(visitor: Client, admin: Client) -> None:
    store([row(1), row(2)])
    with meter() as usage:
        assert ok(visitor.get("/api/products", params={"status": "published"}))["total"] == 2
    assert usage.calls == 2
    assert freshness.held() is None


def test_who_keeps_the_catalogue_sees_all_with_their_times(visitor: Client, admin: Client) -> None:
    store([row(1), row(2, publish_at=NOON), row(3, status="draft", unpublish_at=LATER)])
    for path in ("/api/products", ROWS):
        shown = ok(admin.get(path))["products"]
        assert {it["id"]: (it.get("publish_at"), it.get("unpublish_at")) for it in shown} == {
            1: (None, None),
            2: (NOON, None),
            3: (None, LATER),
        }
    only = ok(visitor.get("/api/products"))
    assert ([it["id"] for it in only["products"]], only["total"]) == ([1], 1)
