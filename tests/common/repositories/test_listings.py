"""Rows and documents of lists, and the tallies."""

from typing import Any

from common.dynamodb import UnitOfWork, delete_item, get_item, put_item
from common.repositories.listings import (
    all_documents,
    all_rows,
    count_product,
    neighbouring_products,
    newest_rows,
    rows_older_than,
    scattered_products,
    total_of,
)
from tests.catalog.builders import believable_row, row, store


def test_the_newest_rows_come_with_the_true_total(table: str) -> None:
    store([row(n) for n in range(1, 8)])
    rows, total = newest_rows("published", 3)
    assert ([it.id for it in rows], total) == ([7, 6, 5], 7)
    assert newest_rows("draft", 3) == ([], 0)


def test_without_a_tally_the_rows_that_were_read_are_counted(table: str) -> None:
    store([row(1), row(2)])
    delete_item(("COUNTER", "PRODUCTS#published"))
    rows, total = newest_rows("published", 5)
    assert ([it.id for it in rows], total) == ([2, 1], 2)
    assert total_of("published") == 0


def test_rows_behind_one_are_those_that_are_older(table: str) -> None:
    products = store([row(n) for n in range(1, 8)])
    behind = rows_older_than("published", products[4].created_at, 5, 2)
    assert [it.id for it in behind] == [4, 3]
    assert rows_older_than("published", products[0].created_at, 1, 2) == []
    # The row that a cursor stands at may have gone meanwhile.
    assert [it.id for it in rows_older_than("published", products[4].created_at, 99, 2)] == [5, 4]


def test_a_row_knows_what_lists_filter_by(table: str) -> None:
    (product,) = store([believable_row(7)])
    (found,) = all_rows("published")
    assert (found.id, found.status, found.title) == (7, "published", product.title)
    assert (found.base_price, found.character_value) == (product.base_price, product.character_value)
    assert (found.created_at, found.character_id) == (product.created_at, None)
    assert found.categories == {"1": "prints", "2": "t-shirts"}
    assert found.stock == {str(variant.id): variant.stock for variant in product.variants}
    assert found.in_stock


def test_a_row_knows_what_is_said_of_a_creator_s_work(table: str) -> None:
    said: dict[str, Any] = {"creator_id": "c-1", "featured": True, "moderation_status": "approved"}
    store([row(1, **said), row(2, status="draft", **said, withheld=True)])
    (shown,), (held,) = all_rows("published"), all_rows("held_back")
    assert (shown.creator_id, shown.featured, shown.moderation_status, shown.withheld) == (
        *said.values(),
        None,
    )
    assert (shown.status, shown.is_public_at(""), shown.listed_as) == ("published", True, "published")
    assert (held.status, held.withheld, held.is_approved, held.is_public_at("")) == (
        "draft",
        True,
        False,
        False,
    )
    assert (held.listed_as, held.moderation_status) == ("held_back", "approved")
    assert newest_rows("held_back", 5) == ([held], 1)
    assert [product.id for product in neighbouring_products([held])] == [2]


def test_rows_become_products_in_their_own_order(table: str) -> None:
    products = store([believable_row(n) for n in range(1, 6)])
    rows = all_rows("published")
    assert neighbouring_products(rows[::-1][1:3]) == [products[3], products[2]]
    mixed = [rows[4], rows[0], rows[2]]
    assert scattered_products(mixed) == [products[4], products[0], products[2]]
    assert (neighbouring_products([]), scattered_products([])) == ([], [])


def test_a_row_whose_document_has_gone_is_left_out(table: str) -> None:
    store([row(1), row(2)])
    rows = all_rows("published")
    delete_item(("PRODUCT#1", "METADATA"))
    assert [product.id for product in scattered_products(rows)] == [2]
    assert [product.id for product in neighbouring_products(rows[::-1])] == [2]


def test_documents_of_a_status_do_not_include_its_other_rows(table: str) -> None:
    store([row(1), row(2), row(3, status="draft")])
    assert sorted(document["id"] for document in all_documents("published")) == [1, 2]


def test_tallies_move_together_with_the_change(table: str) -> None:
    with UnitOfWork() as work:
        count_product(work, {"published": 2, "draft": 0})
    with UnitOfWork() as work:
        count_product(work, {"published": -1, "draft": 1})
    assert (total_of("published"), total_of("draft"), total_of("archived")) == (1, 1, 0)
    assert newest_rows("draft", 1) == ([], 1)


def test_a_tally_that_a_migration_wrote_without_index_keys_gets_them(table: str) -> None:
    put_item({"PK": "COUNTER", "SK": "PRODUCTS#draft", "value": 4})
    with UnitOfWork() as work:
        count_product(work, {"draft": 1})
    assert newest_rows("draft", 1) == ([], 5)
    assert (get_item(("COUNTER", "PRODUCTS#draft")) or {})["value"] == 5
