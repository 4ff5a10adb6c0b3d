"""Races between changes of products, each staged between the read and the write of one of them."""

from collections.abc import Callable

import pytest

from tests.catalog.builders import (
    actions_of,
    new_category,
    new_product,
    new_variant,
    ok,
    picture,
    product_body,
    refused,
    rows_under,
    tallies,
)
from tests.support.http import Client
from tests.support.races import just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"


def test_of_two_creations_of_one_slug_the_second_is_refused(admin: Client) -> None:
    def rival() -> None:
        new_product(admin, slug="same", title="First")

    with just_before(COMMIT, rival):
        refused(admin.post("/api/products", json=product_body(slug="same", title="Second")), 409, "same")
    assert ok(admin.get("/api/products/same"))["title"] == "First"
    assert tallies()["published"] == 1


def test_two_updates_of_one_product_both_hold(admin: Client) -> None:
    path = f"/api/products/{new_product(admin)['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"base_price": 99, "slug": "theirs"}))

    with just_before(COMMIT, rival):
        ok(admin.put(path, json={"title": "Mine", "slug": "mine"}))
    shown = ok(admin.get(path))
    assert (shown["title"], shown["base_price"], shown["slug"]) == ("Mine", 99, "mine")
    # The slug that was given up in between is free.
    new_product(admin, slug="theirs")
    assert tallies()["published"] == 2


def test_two_changes_of_the_status_count_once_each(admin: Client) -> None:
    path = f"/api/products/{new_product(admin, status='draft')['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"status": "archived"}))

    with just_before(COMMIT, rival):
        ok(admin.put(path, json={"status": "published"}))
    assert tallies() == {"published": 1, "draft": 0, "archived": 0}


def test_an_update_does_not_bring_back_what_was_deleted_meanwhile(admin: Client) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}"

    def rival() -> None:
        ok(admin.delete(path))

    with just_before(COMMIT, rival):
        refused(admin.put(path, json={"title": "New", "slug": "new", "status": "draft"}), 404)
    refused(admin.get(path), 404)
    refused(admin.get("/api/products/new"), 404)
    assert tallies() == {"published": 0, "draft": 0, "archived": 0}
    indexed = [item for item in rows_under(f"PRODUCT#{product['id']}") if "GSI2PK" in item]
    assert indexed == []


def test_a_deletion_frees_the_name_that_a_rename_gave_meanwhile(admin: Client) -> None:
    product = new_product(admin, slug="old")
    path = f"/api/products/{product['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"slug": "new"}))

    with just_before(COMMIT, rival):
        ok(admin.delete(path))
    assert {new_product(admin, slug=slug)["slug"] for slug in ("old", "new")} == {"old", "new"}


def test_a_deletion_counts_the_status_that_was_set_meanwhile(admin: Client) -> None:
    path = f"/api/products/{new_product(admin)['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"status": "draft"}))

    with just_before(COMMIT, rival):
        ok(admin.delete(path))
    assert tallies() == {"published": 0, "draft": 0, "archived": 0}


@pytest.mark.parametrize(("first", "total"), [("delete", 0), ("restore", 1)])
def test_two_at_once_of_deletions_or_restores_count_once(admin: Client, first: str, total: int) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}"
    steps: dict[str, Callable[[], object]] = {
        "delete": lambda: ok(admin.delete(path)),
        "restore": lambda: ok(admin.post(f"{path}/restore")),
    }
    if first == "restore":
        steps["delete"]()
    with just_before(COMMIT, steps[first]):
        steps[first]()
    assert tallies()["published"] == total
    assert actions_of("Product", product["id"]).count(first.upper()) == 1


def test_a_restore_does_not_bring_back_what_is_restored_and_deleted_again(admin: Client) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}"
    ok(admin.delete(path))

    def rival() -> None:
        ok(admin.post(f"{path}/restore"))
        ok(admin.put(path, json={"slug": "renamed"}))
        ok(admin.delete(path))

    with just_before(COMMIT, rival):
        assert ok(admin.post(f"{path}/restore"))["slug"] == "renamed"
    refused(admin.get(f"/api/products/{product['slug']}"), 404)
    assert tallies()["published"] == 1


@pytest.mark.parametrize("part", ["variants", "images"])
def test_nothing_is_added_to_a_product_that_was_deleted_meanwhile(
    admin: Client, bucket: str, part: str
) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}"
    bodies = {"variants": {"sku": "V1", "name": "S"}, "images": None}
    files = {"file": ("a.png", picture(), "image/png")} if part == "images" else None

    def rival() -> None:
        ok(admin.delete(path))

    with just_before(COMMIT, rival):
        refused(admin.post(f"{path}/{part}", json=bodies[part], files=files), 404)
    assert ok(admin.post(f"{path}/restore"))[part] == []
    new_variant(admin, product["id"], sku="V1")


def test_a_deletion_frees_the_sku_of_a_variant_that_was_added_meanwhile(admin: Client) -> None:
    product = new_product(admin)

    def rival() -> None:
        new_variant(admin, product["id"], sku="V1")

    with just_before(COMMIT, rival):
        ok(admin.delete(f"/api/products/{product['id']}"))
    assert new_product(admin, variants=[{"sku": "V1", "name": "S"}])["variants"][0]["sku"] == "V1"


def test_a_product_is_not_made_in_a_category_that_was_deleted_meanwhile(admin: Client) -> None:
    category = new_category(admin, "Prints")

    def rival() -> None:
        ok(admin.delete(f"/api/categories/{category['id']}"))

    with just_before(COMMIT, rival):
        body = product_body(slug="new", category_ids=[category["id"]])
        refused(admin.post("/api/products", json=body), 400, "category_ids")
    refused(admin.get("/api/products/new"), 404)


def test_a_product_is_not_put_into_a_category_that_was_deleted_meanwhile(admin: Client) -> None:
    category = new_category(admin, "Prints")
    path = f"/api/products/{new_product(admin)['id']}"

    def rival() -> None:
        ok(admin.delete(f"/api/categories/{category['id']}"))

    with just_before(COMMIT, rival):
        refused(admin.put(path, json={"category_ids": [category["id"]]}), 400, "category_ids")
    assert ok(admin.get(path))["categories"] == []
    assert rows_under(f"CATEGORY#{category['id']}")[0]["SK"] == "METADATA"
    assert len(rows_under(f"CATEGORY#{category['id']}")) == 1


def test_a_product_shows_the_new_name_of_a_category_that_was_renamed_meanwhile(admin: Client) -> None:
    category = new_category(admin, "Prints")
    path = f"/api/products/{new_product(admin)['id']}"

    def rival() -> None:
        ok(admin.put(f"/api/categories/{category['id']}", json={"name": "Etchings", "slug": "etchings"}))

    with just_before(COMMIT, rival):
        ok(admin.put(path, json={"category_ids": [category["id"]]}))
    assert [entry["name"] for entry in ok(admin.get(path))["categories"]] == ["Etchings"]
    assert ok(admin.get("/api/products", params={"category": "etchings"}))["total"] == 1
    assert ok(admin.get("/api/products", params={"category": "prints"}))["total"] == 0
