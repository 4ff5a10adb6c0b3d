"""Titles that exist already: the slug that nobody chose is the first free one."""

from typing import Any

import pytest

from common.dynamodb import UnitOfWork
from common.dynamodb.unique import marker_item
from common.free_names import HIGHEST
from tests.catalog.builders import actions_of, created, new_product, ok, refused, tallies
from tests.support.http import Client
from tests.support.races import just_after, just_before

ROWS = "/api/admin/shop/products"
COMMIT = "common.dynamodb.UnitOfWork.commit"


def _new_row(admin: Client, name: str = "Moon", **fields: Any) -> dict[str, Any]:
    return created(admin.post(ROWS, json={"name": name, "price": 25} | fields))


@pytest.mark.parametrize("name", ["Moon", "🌙", "月", "Луна"])
def test_the_same_title_again_gets_the_next_free_slug(admin: Client, name: str) -> None:
    rows = [_new_row(admin, name, stock=1) for _ in range(3)]
    first = rows[0]["slug"]
    assert [row["slug"] for row in rows] == [first, f"{first}-2", f"{first}-3"]
    assert [row["variants"][0]["sku"] for row in rows] == [first, f"{first}-2", f"{first}-3"]
    for row in rows:
        assert ok(admin.get(f"/api/shop/products/{row['slug']}"))["id"] == row["id"]
        assert actions_of("Product", row["id"]) == ["CREATE"]
    assert tallies()["draft"] == 3


def test_an_empty_slug_is_one_that_nobody_chose(admin: Client) -> None:
    assert [_new_row(admin, slug=none)["slug"] for none in ("", None)] == ["moon", "moon-2"]


def test_a_slug_that_was_chosen_and_is_taken_is_refused(admin: Client) -> None:
    _new_row(admin)
    refused(admin.post(ROWS, json={"name": "Moon", "slug": "moon"}), 409, "slug 'moon'")
    refused(admin.post(ROWS, json={"name": "Moon", "slug": "No slug"}), 400, "slug")


def test_a_number_that_somebody_chose_is_passed_over(admin: Client) -> None:
    new_product(admin, slug="moon")
    new_product(admin, slug="moon-2")
    assert _new_row(admin)["slug"] == "moon-3"


def test_a_deleted_title_gives_its_slug_free(admin: Client) -> None:
    first = _new_row(admin)
    ok(admin.delete(f"{ROWS}/{first['id']}"))
    assert _new_row(admin)["slug"] == "moon"


def test_a_sku_that_nobody_chose_is_free_though_another_slug_has_moved_away(admin: Client) -> None:
    first = _new_row(admin, stock=1)
    ok(admin.patch(f"{ROWS}/{first['id']}", json={"slug": "elsewhere"}))
    second = _new_row(admin, stock=1)
    assert (second["slug"], second["variants"][0]["sku"]) == ("moon", "moon-2")
    chosen = _new_row(admin, slug="moon-2", stock=1)
    assert (chosen["slug"], chosen["variants"][0]["sku"]) == ("moon-2", "moon-2-2")
    uncounted = _new_row(admin)
    ok(admin.patch(f"{ROWS}/{first['id']}", json={"slug": "away"}))
    shown = ok(admin.patch(f"{ROWS}/{uncounted['id']}", json={"stock": 4}))
    assert (shown["slug"], shown["variants"][0]["sku"]) == ("moon-3", "moon-3")


def test_a_sku_that_is_taken_in_the_way_of_a_first_count_is_passed_over(admin: Client) -> None:
    uncounted = _new_row(admin)
    new_product(admin, variants=[{"sku": "moon", "name": "S", "stock": 1}])
    shown = ok(admin.patch(f"{ROWS}/{uncounted['id']}", json={"stock": 4}))
    assert (shown["stock"], shown["variants"][0]["sku"]) == (4, "moon-2")


def test_a_chosen_sku_that_is_taken_is_refused(admin: Client) -> None:
    new_product(admin, sku="MOON")
    refused(admin.post(ROWS, json={"name": "Moon", "sku": "MOON"}), 409, "SKU 'MOON'")


def test_of_two_creations_at_once_both_get_a_slug(admin: Client) -> None:
    with just_before(COMMIT, lambda: _new_row(admin)):
        assert _new_row(admin)["slug"] == "moon-2"


def test_a_number_that_is_taken_when_it_is_claimed_is_passed_over(admin: Client) -> None:
    _new_row(admin)
    with just_after("common.free_names._first_free", lambda: _new_row(admin)):
        assert _new_row(admin)["slug"] == "moon-3"


def test_where_all_numbers_are_taken_the_slug_still_is_free(admin: Client) -> None:

    with UnitOfWork() as work:
        for number in range(1, HIGHEST + 1):
            slug = "moon" if number == 1 else f"moon-{number}"
            work.put(marker_item("PRODUCT_SLUG", slug, "PRODUCT#99"))
    slug = _new_row(admin)["slug"]
    assert slug.startswith("moon-")
    assert len(slug) == len("moon-") + 8


def test_a_long_title_keeps_room_for_its_number(admin: Client) -> None:
    rows = [_new_row(admin, "m" * 300, stock=1) for _ in range(2)]
    assert [len(row["slug"]) for row in rows] == [255, 255]
    assert rows[1]["slug"].endswith("m-2")
    assert [len(row["variants"][0]["sku"]) for row in rows] == [100, 100]
