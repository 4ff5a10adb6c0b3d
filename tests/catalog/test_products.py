"""Products over HTTP: created, found, changed, deleted and restored."""

from typing import Any

import pytest

from tests.catalog.builders import (
    actions_of,
    audit_of,
    created,
    new_category,
    new_product,
    new_variant,
    ok,
    product_body,
    refused,
    row,
    rows_under,
    store,
    tallies,
)
from tests.support.http import Client
from tests.support.tokens import admin_token


def test_a_new_product_is_a_draft_in_euros_unless_it_says_otherwise(admin: Client) -> None:
    product = created(admin.post("/api/products", json={"title": "T", "slug": "t", "base_price": 5}))
    assert (product["status"], product["currency"]) == ("draft", "EUR")


def test_a_new_product_begins_with_its_images_variants_and_categories(admin: Client) -> None:
    category = new_category(admin, "Prints")
    product = new_product(
        admin,
        images=[{"url": "a/b.png", "alt_text": "B", "position": 4}, {"url": "a/a.png", "position": 1}],
        variants=[{"sku": "S1", "name": "S", "stock": 2}, {"sku": "M1", "name": "M"}],
        categories=[{"id": category["id"], "name": "whatever"}],
    )
    shown = ok(admin.get(f"/api/products/{product['id']}"))
    assert shown == product
    assert [image["position"] for image in shown["images"]] == [1, 4]
    assert [(variant["sku"], variant["stock"]) for variant in shown["variants"]] == [("S1", 2), ("M1", 0)]
    assert [entry["slug"] for entry in shown["categories"]] == ["prints"]
    assert ok(admin.get("/api/products", params={"category": "prints"}))["total"] == 1


def test_a_slug_is_unique_among_products(admin: Client) -> None:
    new_product(admin, slug="same")
    answer = admin.post("/api/products", json=product_body(slug="same"))
    assert refused(answer, 409, "slug 'same'")
    assert answer.json["fields"] == {"slug": ["already exists"]}
    assert tallies()["published"] == 1


@pytest.mark.parametrize("sku", ["A1", "a#1", "日本"])
def test_a_sku_is_unique_among_products(admin: Client, sku: str) -> None:
    new_product(admin, sku=sku)
    refused(admin.post("/api/products", json=product_body(sku=sku)), 409, sku)


def test_an_empty_sku_may_belong_to_many_products(admin: Client) -> None:
    assert {new_product(admin, sku="")["sku"] for _ in range(2)} == {""}


def test_a_sku_that_two_variants_of_a_new_product_share_is_refused(admin: Client) -> None:
    twins = [{"sku": "A1", "name": "S"}, {"sku": "A1", "name": "M"}]
    answer = admin.post("/api/products", json=product_body(slug="twins", variants=twins))
    assert refused(answer, 400, "variants.1.sku")
    refused(admin.get("/api/products/twins"), 404)


def test_an_unknown_category_is_refused_and_nothing_is_stored(admin: Client) -> None:
    body = product_body(slug="lost", category_ids=[99])
    refused(admin.post("/api/products", json=body), 400, "category_ids", "99")
    refused(admin.get("/api/products/lost"), 404)
    assert tallies()["published"] == 0


def test_a_slug_of_digits_wins_over_the_id(admin: Client) -> None:
    by_id = new_product(admin)
    by_slug = new_product(admin, slug=f"{by_id['id']}")
    padded = new_product(admin, slug="0011")
    store([row(11, slug="eleven")])
    assert ok(admin.get(f"/api/products/{by_id['id']}"))["id"] == by_slug["id"]
    assert ok(admin.get("/api/products/0011"))["id"] == padded["id"]
    assert ok(admin.get("/api/products/11"))["slug"] == "eleven"


@pytest.mark.parametrize(
    "path", ["nothing", "0", "-1", "99", "METADATA", "..%2Fx", "9" * 30, "9" * 600, "%20"]
)
def test_what_names_no_product_is_not_found(visitor: Client, path: str) -> None:
    refused(visitor.get(f"/api/products/{path}"), 404)


def test_an_update_changes_the_named_fields_and_nothing_else(admin: Client) -> None:
    product = new_product(admin, sku="A1", short_description="Short", character_id=4)
    changed = ok(admin.put(f"/api/products/{product['id']}", json={"title": "New", "base_price": "30.5"}))
    assert changed == product | {
        "title": "New",
        "base_price": changed["base_price"],
        "updated_at": changed["updated_at"],
    }
    assert changed["base_price"] == 30.5
    assert ok(admin.get(f"/api/products/{product['slug']}")) == changed


def test_the_whole_product_may_be_sent_back_with_relations_and_read_only_keys(admin: Client) -> None:
    category = new_category(admin, "Prints")
    product = new_product(admin, category_ids=[category["id"]], images=[{"url": "a.png"}])
    new_variant(admin, product["id"])
    before = ok(admin.get(f"/api/products/{product['id']}"))
    nonsense: dict[str, Any] = {
        "id": 999,
        "created_at": "1999-01-01",
        "deleted_at": "1999-01-01",
        "version": 77,
        "images": [],
        "variants": [],
        "categories": [],
        "stock": {},
        "unknown": {"deep": [1]},
        "__proto__": {"admin": True},
    }
    changed = ok(admin.put(f"/api/products/{product['id']}", json=before | nonsense | {"title": "New"}))
    assert changed == before | {"title": "New", "updated_at": changed["updated_at"]}
    stored = next(item for item in rows_under(f"PRODUCT#{product['id']}") if item["SK"] == "METADATA")
    assert not {"unknown", "__proto__", "deleted_at", "stock"} & stored.keys()
    assert (stored["id"], stored["created_at"]) == (product["id"], product["created_at"])


def test_empty_texts_are_kept_and_null_clears(admin: Client) -> None:
    texts = ("short_description", "long_description", "sku", "gtin", "character_value", "etsy_link")
    product = new_product(admin, character_id=3, **dict.fromkeys(texts, "x"))
    path = f"/api/products/{product['id']}"
    emptied = ok(admin.put(path, json=dict.fromkeys(texts, "")))
    assert [emptied[name] for name in texts] == [""] * 6
    cleared = ok(admin.put(path, json=dict.fromkeys([*texts, "character_id"])))
    assert not {*texts, "character_id"} & cleared.keys()
    assert ok(admin.get(path)) == cleared
    assert ok(admin.get("/api/products", params={"character": "3"}))["total"] == 0


@pytest.mark.parametrize("body", ["", "{}", '{"id": 5, "images": []}'])
def test_an_update_without_any_field_is_refused(admin: Client, body: str) -> None:
    product = new_product(admin)
    refused(admin.put(f"/api/products/{product['id']}", data=body), 400)


def test_an_update_cannot_take_the_slug_or_sku_of_another(admin: Client) -> None:
    new_product(admin, slug="theirs", sku="T1")
    mine = new_product(admin, slug="mine", sku="M1")
    path = f"/api/products/{mine['id']}"
    refused(admin.put(path, json={"slug": "theirs", "title": "New"}), 409, "theirs")
    refused(admin.put(path, json={"sku": "T1", "title": "New"}), 409, "T1")
    assert ok(admin.get(path)) == mine
    assert actions_of("Product", mine["id"]) == ["CREATE"]


def test_a_changed_slug_leads_to_the_product_and_frees_the_old_one(admin: Client) -> None:
    product = new_product(admin, slug="old", sku="S1")
    ok(admin.put(f"/api/products/{product['id']}", json={"slug": "new", "sku": "S2"}))
    assert ok(admin.get("/api/products/new"))["id"] == product["id"]
    refused(admin.get("/api/products/old"), 404)
    assert new_product(admin, slug="old", sku="S1")["id"] != product["id"]


@pytest.mark.parametrize("product_id", ["0", "-1", "1.5", "abc", "METADATA", "..%2Fx", "9" * 40])
def test_changes_ask_for_a_positive_whole_number(admin: Client, product_id: str) -> None:
    path = f"/api/products/{product_id}"
    refused(admin.put(path, json={"title": "T"}), 400, "id must be a positive integer")
    refused(admin.delete(path), 400, "id must be a positive integer")
    refused(admin.post(f"{path}/restore"), 400, "id must be a positive integer")


def test_changes_of_a_product_that_never_was_are_not_found(admin: Client) -> None:
    refused(admin.put("/api/products/77", json={"title": "T"}), 404, "Product with id 77 not found")
    refused(admin.delete("/api/products/77"), 404)
    refused(admin.post("/api/products/77/restore"), 404)
    assert rows_under("PRODUCT#77") == []


def test_a_deleted_product_is_gone_from_everywhere_and_can_come_back(admin: Client, visitor: Client) -> None:
    product = new_product(admin, sku="A1")
    variant = new_variant(admin, product["id"], stock=3)
    before = ok(admin.get(f"/api/products/{product['id']}"))
    assert ok(admin.delete(f"/api/products/{product['id']}")) == {"message": "Product deleted"}

    for client in (admin, visitor):
        for path in (product["id"], product["slug"], f"{product['id']}/variants", f"{product['id']}/images"):
            refused(client.get(f"/api/products/{path}"), 404)
        assert ok(client.get("/api/products"))["products"] == []
    refused(admin.put(f"/api/products/{product['id']}", json={"title": "T"}), 404)
    refused(admin.patch(f"/api/variants/{variant['id']}/stock", json={"quantity": 1}), 404)

    restored = ok(admin.post(f"/api/products/{product['id']}/restore"))
    assert restored == before | {"updated_at": restored["updated_at"]}
    assert ok(visitor.get(f"/api/products/{product['slug']}")) == restored


def test_deleting_and_restoring_twice_changes_nothing_the_second_time(admin: Client) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}"
    for _ in range(2):
        ok(admin.delete(path))
        assert tallies() == {"published": 0, "draft": 0, "archived": 0}
    for _ in range(2):
        ok(admin.post(f"{path}/restore"))
        assert tallies() == {"published": 1, "draft": 0, "archived": 0}
    assert sorted(actions_of("Product", product["id"])) == ["CREATE", "DELETE", "RESTORE"]


def test_a_deleted_product_gives_its_slug_and_skus_free(admin: Client) -> None:
    variants = [{"sku": "V1", "name": "S"}]
    first = new_product(admin, slug="name", sku="P1", variants=variants)
    ok(admin.delete(f"/api/products/{first['id']}"))
    assert new_product(admin, slug="name", sku="P1", variants=variants)["id"] != first["id"]


@pytest.mark.parametrize(
    "taken", [{"slug": "name"}, {"sku": "P1"}, {"variants": [{"sku": "V1", "name": "S"}]}]
)
def test_a_product_whose_name_was_taken_meanwhile_stays_deleted(admin: Client, taken: dict[str, Any]) -> None:
    first = new_product(admin, slug="name", sku="P1", variants=[{"sku": "V1", "name": "S"}])
    ok(admin.delete(f"/api/products/{first['id']}"))
    second = new_product(admin, **taken)
    refused(admin.post(f"/api/products/{first['id']}/restore"), 409)
    assert tallies()["published"] == 1
    assert "RESTORE" not in actions_of("Product", first["id"])
    ok(admin.delete(f"/api/products/{second['id']}"))
    assert ok(admin.post(f"/api/products/{first['id']}/restore"))["slug"] == "name"


def test_the_totals_follow_each_step(admin: Client) -> None:
    product = new_product(admin, status="draft")
    path = f"/api/products/{product['id']}"
    seen = [tallies()]
    for status in ("published", "published", "archived", "draft"):
        ok(admin.put(path, json={"status": status}))
        seen.append(tallies())
    ok(admin.delete(path))
    seen.append(tallies())
    where = ["draft", "published", "published", "archived", "draft", None]
    assert seen == [{name: int(name == at) for name in ("published", "draft", "archived")} for at in where]


def test_a_change_of_categories_moves_the_product_between_their_lists(admin: Client) -> None:
    prints, shirts = new_category(admin, "Prints"), new_category(admin, "Shirts")
    product = new_product(admin, category_ids=[prints["id"]])
    path = f"/api/products/{product['id']}"
    changed = ok(admin.put(path, json={"category_ids": [shirts["id"], shirts["id"]]}))
    assert [category["slug"] for category in changed["categories"]] == ["shirts"]
    assert ok(admin.get(path)) == changed
    assert _in_category(admin, "prints") == []
    assert _in_category(admin, "shirts") == [product["id"]]
    assert [item["SK"] for item in rows_under(f"CATEGORY#{shirts['id']}")] == [
        "METADATA",
        f"PRODUCT#{product['id']}",
    ]
    assert [item["SK"] for item in rows_under(f"CATEGORY#{prints['id']}")] == ["METADATA"]
    assert ok(admin.put(path, json={"category_ids": []}))["categories"] == []


def _in_category(client: Client, slug: str) -> list[int]:
    return [
        product["id"] for product in ok(client.get("/api/products", params={"category": slug}))["products"]
    ]


def test_each_change_is_in_the_audit_log_with_who_and_what(admin: Client) -> None:
    product = new_product(admin, title="Old", base_price=10)
    path = f"/api/products/{product['id']}"
    ok(admin.put(path, json={"title": "New", "base_price": 12}))
    ok(admin.delete(path))
    ok(admin.post(f"{path}/restore"))
    entries = {entry.action: entry for entry in audit_of("Product", product["id"])}
    assert entries.keys() == {"CREATE", "UPDATE", "DELETE", "RESTORE"}
    assert {entry.user_id for entry in entries.values()} == {"1"}
    assert entries["UPDATE"].changes == {
        "title": {"old": "Old", "new": "New"},
        "base_price": {"old": 10, "new": 12},
    }


def test_the_cookie_of_the_sign_in_is_as_good_as_a_bearer_token(visitor: Client) -> None:
    headers = {"Cookie": f"auth_token={admin_token()}"}
    assert created(visitor.post("/api/products", json=product_body(), headers=headers))["id"] > 0
