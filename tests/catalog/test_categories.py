"""Categories over HTTP: the tree, its changes, and what the products in it show of them."""

from typing import Any

import pytest

from common.dynamodb import batch_write, put_item, raise_counter
from common.repositories.categories import CATEGORIES, Category, link_items
from tests.catalog.builders import (
    actions_of,
    audit_of,
    new_category,
    new_product,
    ok,
    refused,
    rows_under,
)
from tests.support.http import Client
from tests.support.races import just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"


@pytest.fixture
def family(admin: Client) -> dict[str, dict[str, Any]]:
    """A root with two children and a grandchild, and a second root."""
    art = new_category(admin, "Art")
    prints = new_category(admin, "Prints", parent_id=art["id"])
    shirts = new_category(admin, "Shirts", parent_id=art["id"])
    etchings = new_category(admin, "Etchings", parent_id=prints["id"])
    books = new_category(admin, "Books")
    return {it["slug"]: it for it in (art, prints, shirts, etchings, books)}


def _move(admin: Client, child: dict[str, Any], parent: dict[str, Any] | None) -> Any:
    parent_id = parent["id"] if parent else None
    return admin.put(f"/api/categories/{child['id']}", json={"parent_id": parent_id})


def test_names_are_ordered_as_people_read_them(visitor: Client, admin: Client) -> None:
    for number, name in enumerate(["zines", "Èra", "Fumetti", "era", "Esca", "eco"]):
        new_category(admin, name, slug=f"c{number}")
    in_order = ["eco", "era", "Èra", "Esca", "Fumetti", "zines"]
    for client, path in ((visitor, "/api/categories"), (visitor, "/api/shop/categories")):
        assert [each["name"] for each in ok(client.get(path))["categories"]] == in_order
    assert [each["name"] for each in admin.get("/api/admin/categories").json] == in_order
    roots = ok(visitor.get("/api/categories", params={"tree": "true"}))["categories"]
    assert [each["name"] for each in roots] == in_order


def test_the_flat_list_has_every_category_by_name(visitor: Client, family: dict[str, Any]) -> None:
    body = ok(visitor.get("/api/categories"))
    names = [category["name"] for category in body["categories"]]
    assert names == ["Art", "Books", "Etchings", "Prints", "Shirts"]
    assert body["total"] == 5
    assert body["categories"] == [family[name.lower()] for name in names]


def test_the_flat_list_has_children_and_parents_on_request(visitor: Client, family: dict[str, Any]) -> None:
    query = {"include_children": "true", "include_parent": "true"}
    shown = {it["slug"]: it for it in ok(visitor.get("/api/categories", params=query))["categories"]}
    assert shown["art"] == family["art"] | {
        "parent": None,
        "children": [family["prints"], family["shirts"]],
    }
    assert shown["etchings"] == family["etchings"] | {"parent": family["prints"], "children": []}


def test_the_tree_nests_each_category_under_its_parent(visitor: Client, family: dict[str, Any]) -> None:
    body = ok(visitor.get("/api/categories", params={"tree": "true"}))
    prints = family["prints"] | {"children": [family["etchings"] | {"children": []}]}
    shirts = family["shirts"] | {"children": []}
    assert body["categories"] == [
        family["art"] | {"children": [prints, shirts]},
        family["books"] | {"children": []},
    ]
    assert body["total"] == 5


def test_sixty_categories_are_one_list(admin: Client) -> None:
    moment = "2026-01-01T00:00:00.000Z"
    made = [Category(n, f"Name {n:02d}", f"name-{n}", moment, moment) for n in range(1, 61)]
    assert not batch_write([CATEGORIES.item(category) for category in made]).failed
    body = ok(admin.get("/api/categories"))
    assert [category["id"] for category in body["categories"]] == list(range(1, 61))
    assert body["total"] == 60


def test_a_category_is_found_by_slug_and_then_by_id(admin: Client, visitor: Client) -> None:
    first = new_category(admin, "First")
    digits = new_category(admin, "Second", slug=str(first["id"]))
    assert ok(visitor.get("/api/categories/first")) == first
    assert ok(visitor.get(f"/api/categories/{first['id']}")) == digits
    assert ok(visitor.get(f"/api/categories/{digits['id']}")) == digits
    for wrong in ("nothing", "0", "-1", "99", "METADATA", "..%2Fx", "9" * 40):
        refused(visitor.get(f"/api/categories/{wrong}"), 404, "Category not found")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"name": "X"}, "slug is required"),
        ({"slug": "x"}, "name is required"),
        ({"name": " ", "slug": "x"}, "name is required"),
        ({"name": "X", "slug": "With Blanks"}, "slug"),
        ({"name": "X", "slug": "-x"}, "slug"),
        ({"name": "X", "slug": "è"}, "slug"),
        ({"name": "X", "slug": "x\n"}, ""),
        ({"name": "x" * 256, "slug": "x"}, "name"),
        ({"name": 5, "slug": "x"}, "name must be text"),
        ({"name": "X", "slug": "x", "description": "x" * 2001}, "description"),
        ({"name": "X", "slug": "x", "parent_id": 99}, "parent_id"),
        ({"name": "X", "slug": "x", "parent_id": 0}, "parent_id"),
        ({"name": "X", "slug": "x", "parent_id": "root"}, "parent_id"),
    ],
)
def test_a_wrong_category_is_refused(admin: Client, body: dict[str, Any], words: str) -> None:
    answer = admin.post("/api/categories", json=body)
    if words:
        refused(answer, 400, words)
        assert ok(admin.get("/api/categories"))["total"] == 0
    else:
        # Blanks around a text are no part of it.
        assert answer.json["slug"] == "x"


def test_a_name_of_the_greatest_length_in_bytes_is_stored(admin: Client) -> None:
    raise_counter("CATEGORY_ID", 10**9)
    name = "😀" * 255
    category = new_category(admin, name, slug="long")
    assert ok(admin.put(f"/api/categories/{category['id']}", json={"description": "d"}))["name"] == name
    assert ok(admin.get("/api/categories"))["categories"][0]["name"] == name


def test_a_slug_is_unique_among_categories_and_free_after_a_change(admin: Client) -> None:
    first = new_category(admin, "First")
    second = new_category(admin, "Second")
    body = {"name": "Third", "slug": "first"}
    refused(admin.post("/api/categories", json=body), 409, "slug 'first'")
    refused(admin.put(f"/api/categories/{second['id']}", json={"slug": "first"}), 409, "slug 'first'")
    ok(admin.put(f"/api/categories/{first['id']}", json={"slug": "renamed"}))
    assert new_category(admin, "Third", slug="first")["slug"] == "first"
    refused(admin.get(f"/api/categories/{first['slug']}x"), 404)


def test_the_whole_category_may_be_sent_back_and_null_makes_it_a_root(
    admin: Client, family: dict[str, Any]
) -> None:
    query = {"include_children": "true", "include_parent": "true"}
    shown = ok(admin.get("/api/categories", params=query))["categories"]
    whole = next(it for it in shown if it["slug"] == "prints") | {"version": 9, "description": ""}
    path = f"/api/categories/{whole['id']}"
    changed = ok(admin.put(path, json=whole))
    assert changed == family["prints"] | {"description": "", "updated_at": changed["updated_at"]}
    rooted = ok(admin.put(path, json=changed | {"parent_id": None}))
    assert rooted["parent_id"] is None
    assert ok(admin.get(path)) == rooted
    refused(admin.put(path, json={"id": 5}), 400, "At least one field")


def test_a_category_cannot_become_its_own_ancestor(admin: Client, family: dict[str, Any]) -> None:
    for parent in ("art", "prints", "etchings"):
        refused(_move(admin, family["art"], family[parent]), 400, "parent_id")
    assert ok(admin.get(f"/api/categories/{family['art']['id']}"))["parent_id"] is None
    ok(_move(admin, family["etchings"], family["books"]))
    ok(_move(admin, family["art"], family["etchings"]))


def test_a_circle_cannot_be_closed_through_a_deleted_category(admin: Client, family: dict[str, Any]) -> None:
    ok(admin.delete(f"/api/categories/{family['prints']['id']}"))
    refused(_move(admin, family["art"], family["etchings"]), 400, "parent_id")
    ok(admin.post(f"/api/categories/{family['prints']['id']}/restore"))
    assert ok(admin.get("/api/categories", params={"tree": "true"}))["total"] == 5


def test_the_tree_is_at_most_twenty_levels_deep(admin: Client) -> None:
    moment = "2026-01-01T00:00:00.000Z"
    line = [Category(n, f"L{n}", f"l{n}", moment, moment, parent_id=n - 1 or None) for n in range(1, 21)]
    assert not batch_write([CATEGORIES.item(category) for category in line]).failed
    raise_counter("CATEGORY_ID", 20)
    body = {"name": "Too deep", "slug": "deep", "parent_id": 20}
    refused(admin.post("/api/categories", json=body), 400, "parent_id", "deeper")
    assert new_category(admin, "Deepest", parent_id=19)["parent_id"] == 19


def test_products_show_the_new_name_of_a_category(admin: Client, visitor: Client) -> None:
    category = new_category(admin, "Prints")
    products = [new_product(admin, category_ids=[category["id"]]) for _ in range(3)]
    ok(admin.delete(f"/api/products/{products[2]['id']}"))
    changes = {"name": "Etchings", "slug": "etchings", "description": "On copper"}
    ok(admin.put(f"/api/categories/{category['id']}", json=changes))
    ok(admin.post(f"/api/products/{products[2]['id']}/restore"))
    wanted = [{"id": category["id"], "parent_id": None} | changes]
    for product in products:
        assert ok(visitor.get(f"/api/products/{product['slug']}"))["categories"] == wanted
    for slug, total in (("etchings", 3), ("prints", 0), (str(category["id"]), 3)):
        listed = ok(visitor.get("/api/products", params={"category": slug}))
        assert listed["total"] == total
        assert all(product["categories"] == wanted for product in listed["products"])


def test_a_deleted_category_is_gone_from_its_products_until_it_is_restored(
    admin: Client, visitor: Client, family: dict[str, Any]
) -> None:
    prints = family["prints"]
    product = new_product(admin, category_ids=[prints["id"], family["books"]["id"]])
    path = f"/api/categories/{prints['id']}"
    assert ok(admin.delete(path)) == {"message": "Category deleted"}
    refused(visitor.get(path), 404)
    refused(visitor.get("/api/categories/prints"), 404)
    refused(admin.delete(path), 404)
    refused(admin.put(path, json={"name": "X"}), 404)
    listed = {it["slug"]: it for it in ok(visitor.get("/api/categories?include_parent=true"))["categories"]}
    assert "prints" not in listed
    assert listed["etchings"]["parent"] is None
    shown = ok(visitor.get(f"/api/products/{product['slug']}"))["categories"]
    assert [it["slug"] for it in shown] == ["books"]
    assert ok(visitor.get("/api/products?category=prints"))["total"] == 0

    restored = ok(admin.post(f"{path}/restore"))
    assert restored == prints | {"updated_at": restored["updated_at"]}
    shown = ok(visitor.get(f"/api/products/{product['slug']}"))["categories"]
    assert {it["slug"] for it in shown} == {"books", "prints"}
    assert ok(visitor.get("/api/products?category=prints"))["total"] == 1
    assert ok(admin.post(f"{path}/restore")) == restored


def test_a_category_whose_slug_was_taken_meanwhile_stays_deleted(admin: Client) -> None:
    first = new_category(admin, "First")
    ok(admin.delete(f"/api/categories/{first['id']}"))
    new_category(admin, "First")
    refused(admin.post(f"/api/categories/{first['id']}/restore"), 409, "slug 'first'")
    assert ok(admin.get("/api/categories"))["total"] == 1
    refused(admin.post("/api/categories/99/restore"), 404)


def test_changes_ask_for_a_positive_whole_number(admin: Client) -> None:
    for wrong in ("0", "abc", "METADATA", "..%2Fx", "9" * 40):
        path = f"/api/categories/{wrong}"
        refused(admin.put(path, json={"name": "X"}), 400, "id")
        refused(admin.delete(path), 400, "id")
        refused(admin.post(f"{path}/restore"), 400, "id")
    refused(admin.put("/api/categories/99", json={"name": "X"}), 404)


def test_each_change_is_in_the_audit_log(admin: Client) -> None:
    category = new_category(admin, "Old")
    path = f"/api/categories/{category['id']}"
    ok(admin.put(path, json={"name": "New"}))
    ok(admin.delete(path))
    ok(admin.post(f"{path}/restore"))
    entries = {entry.action: entry for entry in audit_of("Category", category["id"])}
    assert entries.keys() == {"CREATE", "UPDATE", "DELETE", "RESTORE"}
    assert entries["UPDATE"].changes == {"name": {"old": "Old", "new": "New"}}


def test_of_two_creations_of_one_slug_the_second_is_refused(admin: Client) -> None:
    def rival() -> None:
        new_category(admin, "First", slug="same")

    with just_before(COMMIT, rival):
        refused(admin.post("/api/categories", json={"name": "Second", "slug": "same"}), 409, "same")
    assert ok(admin.get("/api/categories"))["total"] == 1


def test_two_moves_that_together_would_close_a_circle_do_not(admin: Client) -> None:
    first, second = new_category(admin, "First"), new_category(admin, "Second")

    def rival() -> None:
        ok(_move(admin, second, first))

    with just_before(COMMIT, rival):
        refused(_move(admin, first, second), 400, "its own ancestor")
    assert ok(admin.get(f"/api/categories/{first['id']}"))["parent_id"] is None


def test_two_moves_far_apart_do_not_close_a_circle_either(admin: Client, family: dict[str, Any]) -> None:
    novels = new_category(admin, "Novels", parent_id=family["books"]["id"])

    def rival() -> None:
        ok(_move(admin, family["books"], family["etchings"]))

    with just_before(COMMIT, rival):
        refused(_move(admin, family["art"], novels), 400, "its own ancestor")
    assert len(ok(admin.get("/api/categories?tree=true"))["categories"]) == 1


def test_two_updates_of_one_category_both_hold(admin: Client) -> None:
    category = new_category(admin, "Old")
    path = f"/api/categories/{category['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"slug": "theirs", "description": "Theirs"}))

    with just_before(COMMIT, rival):
        ok(admin.put(path, json={"slug": "mine", "name": "Mine"}))
    shown = ok(admin.get(path))
    assert (shown["slug"], shown["name"], shown["description"]) == ("mine", "Mine", "Theirs")
    new_category(admin, "Other", slug="theirs")


def test_an_update_does_not_bring_back_what_was_deleted_meanwhile(admin: Client) -> None:
    category = new_category(admin, "Old")
    path = f"/api/categories/{category['id']}"

    def rival() -> None:
        ok(admin.delete(path))

    with just_before(COMMIT, rival):
        refused(admin.put(path, json={"slug": "new"}), 404)
    assert ok(admin.get("/api/categories"))["total"] == 0
    assert {new_category(admin, "N", slug=slug)["slug"] for slug in ("old", "new")} == {"old", "new"}


@pytest.mark.parametrize("step", ["delete", "restore"])
def test_two_deletions_or_restores_at_once_are_one(admin: Client, step: str) -> None:
    category = new_category(admin, "Old")
    path = f"/api/categories/{category['id']}"
    if step == "restore":
        ok(admin.delete(path))

    def once() -> int:
        answer = admin.delete(path) if step == "delete" else admin.post(f"{path}/restore")
        return answer.status

    with just_before(COMMIT, once):
        assert once() == (404 if step == "delete" else 200)
    assert actions_of("Category", category["id"]).count(step.upper()) == 1


def test_a_late_refresh_does_not_show_a_product_in_a_category_that_it_left(admin: Client) -> None:
    category = new_category(admin, "Prints")
    product = new_product(admin, category_ids=[category["id"]])

    def rival() -> None:
        ok(admin.put(f"/api/products/{product['id']}", json={"category_ids": []}))

    with just_before("catalog.categories.repeat_category", rival):
        ok(admin.put(f"/api/categories/{category['id']}", json={"name": "Etchings"}))
    assert ok(admin.get(f"/api/products/{product['id']}"))["categories"] == []


def test_a_late_refresh_does_not_undo_a_later_rename(admin: Client) -> None:
    category = new_category(admin, "Prints")
    product = new_product(admin, category_ids=[category["id"]])
    path = f"/api/categories/{category['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"name": "Latest", "slug": "latest"}))

    with just_before("catalog.categories.repeat_category", rival):
        ok(admin.put(path, json={"name": "Early", "slug": "early"}))
    (shown,) = ok(admin.get(f"/api/products/{product['id']}"))["categories"]
    assert (shown["name"], shown["slug"]) == ("Latest", "latest")


def test_a_late_clean_up_does_not_hide_a_category_that_was_restored(admin: Client) -> None:
    category = new_category(admin, "Prints")
    product = new_product(admin, category_ids=[category["id"]])
    path = f"/api/categories/{category['id']}"

    def rival() -> None:
        ok(admin.post(f"{path}/restore"))

    with just_before("catalog.categories.forget_category", rival):
        ok(admin.delete(path))
    assert [it["slug"] for it in ok(admin.get(f"/api/products/{product['id']}"))["categories"]] == ["prints"]


def test_a_refresh_leaves_nothing_of_a_product_that_never_was(admin: Client) -> None:
    category = new_category(admin, "Prints")
    for item in link_items(77, category["id"]):
        put_item(item)
    ok(admin.put(f"/api/categories/{category['id']}", json={"name": "New"}))
    ok(admin.delete(f"/api/categories/{category['id']}"))
    assert [item["SK"] for item in rows_under("PRODUCT#77")] == [f"CATEGORY#{category['id']}"]
