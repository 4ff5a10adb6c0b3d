"""Going back writes into PostgreSQL what the shop has changed, and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from common.dynamodb import batch_write, delete_item, get_item, put_item
from common.repositories.categories import link_items
from common.repositories.notifications import NOTIFICATIONS, Notification
from common.repositories.orders import ORDERS, Order, OrderDetails, OrderLine, details_item
from migration.postgres import opening
from migration.postgres.source import connect
from migration.way_back.changes import DELETE, INSERT, UPDATE
from migration.way_back.rolling_back import roll_back
from tests.migration.moves import NOW, Move, change, columns_of, lost_of, table_items
from tools.errors import ToolError

SINCE = "2026-03-05T10:00:00.000Z"

Row = tuple[Any, ...]


def _dump(move: Move) -> dict[str, list[Row]]:
    tables = [table for entity in move.options().entities for table in entity.tables]
    return {table: sorted(move.sql(f"SELECT t::text FROM {table} t")) for table in tables}  # noqa: S608


def _new_order(number: int, line: int) -> None:
    order = Order(
        id=number,
        order_number=f"ORD-{number:08d}",
        customer_email="new@example.com",
        customer_name="New",
        subtotal=Decimal(10),
        tax=Decimal("2.20"),
        discount=Decimal(0),
        total=Decimal("12.20"),
        currency="EUR",
        payment_method="mock",
        created_at=SINCE,
        updated_at=SINCE,
        cancelled_at=SINCE,
    )
    bought = OrderLine(line, 4, 7, "Lines", "A3", "SHARED-12", 1, Decimal(10), Decimal(10))
    put_item(ORDERS.item(order))
    put_item(details_item(number, OrderDetails((bought,), {"city": "Rome", "zip_code": "00100"})))


def test_without_a_change_there_is_nothing_to_do(moved: Move) -> None:
    before = _dump(moved)
    assert moved.go_back().changes == []
    assert _dump(moved) == before


def test_a_changed_value_is_written_back_and_the_rest_stays_to_the_microsecond(moved: Move) -> None:
    before = moved.sql("SELECT created_at, title FROM products WHERE id = 4")
    change(("PRODUCT#4", "METADATA"), title="Renamed \U0001f98e", updated_at=SINCE)
    change(("PRODUCT#4", "LISTING"), title="Renamed \U0001f98e")
    way = moved.go_back()
    assert columns_of(way) == [(UPDATE, "products", ("title", "updated_at"))]
    after = moved.sql("SELECT created_at, title, updated_at FROM products WHERE id = 4")
    assert after[0][:2] == (before[0][0], "Renamed \U0001f98e")
    assert after[0][2] == datetime(2026, 3, 5, 10)  # noqa: DTZ001 - a column without a zone
    assert moved.verify().passed


def test_sold_stock_is_written_back(moved: Move) -> None:
    listing = get_item(("PRODUCT#4", "LISTING")) or {}
    change(("PRODUCT#4", "LISTING"), stock={**listing["stock"], "7": 3})
    assert columns_of(moved.go_back()) == [(UPDATE, "product_variants", ("stock",))]
    assert moved.sql("SELECT stock FROM product_variants WHERE id = 7") == [(3,)]


def test_new_orders_are_added_with_their_lines_and_the_sequences_follow(moved: Move) -> None:
    _new_order(100, 400)
    _new_order(101, 401)
    way = moved.go_back()
    assert (way.count(INSERT), way.count(UPDATE), way.count(DELETE)) == (4, 0, 0)
    assert moved.sql("SELECT id, total FROM orders WHERE id > 99 ORDER BY id") == [
        (100, Decimal("12.20")),
        (101, Decimal("12.20")),
    ]
    last = moved.sql("SELECT max(id) FROM order_items WHERE order_id = 100")[0][0]
    assert moved.sql("SELECT id, order_id, sku FROM order_items WHERE order_id >= 100 ORDER BY id") == [
        (last, 100, "SHARED-12"),
        (last + 1, 101, "SHARED-12"),
    ]
    assert moved.sql("SELECT shipping_address ->> 'city' FROM orders WHERE id = 100") == [("Rome",)]
    assert moved.sql("SELECT nextval('orders_id_seq'), nextval('order_items_id_seq')") == [(102, last + 2)]
    assert moved.way_back().changes == []


def test_what_has_no_column_is_listed(moved: Move) -> None:
    _new_order(100, 400)
    put_item({"PK": "USER#1", "SK": "METADATA", "email": "a@example.com"})
    way = moved.way_back()
    assert ("orders", 100, "cancelled_at", SINCE) in lost_of(way)
    assert way.homeless == {"USER": 1}


def test_rows_whose_ids_are_no_integers_of_postgresql_get_new_ones(moved: Move) -> None:
    entry = {"product_id": 4, "variant_id": 7, "quantity": 2, "created_at": SINCE, "updated_at": SINCE}
    put_item(
        {
            "PK": "CART#fresh",
            "SK": "METADATA",
            "id": 2**47 + 5,
            "session_id": "fresh",
            "items": {str(2**46 + 1): entry},
            "version": 1,
            "created_at": SINCE,
            "updated_at": SINCE,
            "expires_at": int((NOW + timedelta(days=30)).timestamp()),
        }
    )
    end = int((NOW + timedelta(days=90)).timestamp())
    put_item(NOTIFICATIONS.item(Notification("0f5c", "system", "Hello", "Text", "info", SINCE, SINCE, end)))
    assert moved.go_back().count(INSERT) == 3
    ((cart, quantity),) = moved.sql(
        "SELECT c.id, i.quantity FROM carts c JOIN cart_items i ON i.cart_id = c.id "
        "WHERE c.session_token = 'fresh'"
    )
    assert (cart, quantity) == (5, 2)
    assert moved.sql("SELECT id FROM notifications WHERE title = 'Hello'") == [(10,)]


def test_what_was_deleted_for_good_is_deleted(moved: Move) -> None:
    delete_item(("NOTIFICATION#2", "METADATA"))
    product = get_item(("PRODUCT#11", "METADATA")) or {}
    images = {key: value for key, value in product["images"].items() if key != "73"}
    change(("PRODUCT#11", "METADATA"), images=images)
    for item in link_items(4, 2):
        delete_item((item["PK"], item["SK"]))
    way = moved.go_back()
    assert sorted(columns_of(way)) == [
        (DELETE, "notifications", ()),
        (DELETE, "product_categories", ()),
        (DELETE, "product_images", ()),
    ]
    assert moved.sql("SELECT count(*) FROM product_images WHERE product_id = 11") == [(3,)]


def test_what_is_over_is_not_deleted(moved: Move) -> None:
    delete_item(("NOTIFICATION#2", "METADATA"))
    assert moved.way_back(now=lambda: NOW + timedelta(days=91)).changes == []


def test_rows_that_depend_on_each_other_are_written_in_the_order_that_works(moved: Move) -> None:
    child, parent = get_item(("CATEGORY#1", "METADATA")) or {}, get_item(("CATEGORY#2", "METADATA")) or {}
    named = {"name": "New", "slug": "new", "GSI1PK": "CATEGORY_SLUG#new"}
    batch_write([{**parent, **named, "PK": "CATEGORY#50", "id": 50, "parent_id": 60}])
    other = {"name": "Newer", "slug": "newer", "GSI1PK": "CATEGORY_SLUG#newer"}
    batch_write([{**child, **other, "PK": "CATEGORY#60", "id": 60}])
    moved.go_back()
    assert moved.sql("SELECT id, parent_id FROM categories WHERE id >= 50 ORDER BY id") == [
        (50, 60),
        (60, None),
    ]


def test_what_postgresql_refuses_leaves_everything_as_it_was_and_a_rehearsal_says_so(moved: Move) -> None:
    moved.sql("ALTER TABLE products ADD CHECK (title <> 'Renamed')")
    before = _dump(moved)
    change(("PRODUCT#5", "METADATA"), title="Other")
    change(("PRODUCT#4", "METADATA"), title="Renamed")
    for is_dry in (True, False):
        with pytest.raises(
            ToolError, match="refuses to update products 4, and nothing was changed"
        ) as refused:
            moved.roll_back(is_dry=is_dry)
        # PostgreSQL's details are the whole row, which may be somebody's.
        assert "products_title_check" in str(refused.value)
        assert "SHARED-12" not in str(refused.value)
    assert _dump(moved) == before


def test_what_is_refused_at_the_end_only_is_refused_by_a_rehearsal_too(moved: Move) -> None:
    moved.sql(
        "ALTER TABLE products ADD UNIQUE (title, currency, long_description) DEFERRABLE INITIALLY DEFERRED"
    )
    first = moved.sql("SELECT title, currency, long_description FROM products WHERE id = 4")[0]
    change(("PRODUCT#5", "METADATA"), title=first[0], currency=first[1], long_description=first[2])
    for is_dry in (True, False):
        with pytest.raises(ToolError, match="refused to go back, and nothing was changed: duplicate key"):
            moved.roll_back(is_dry=is_dry)


def test_rows_that_postgresql_changed_since_are_listed(moved: Move) -> None:
    change(("PRODUCT#4", "METADATA"), title="Renamed")
    late = (NOW + timedelta(hours=1)).replace(tzinfo=None)
    moved.sql("UPDATE products SET title = 'Other', updated_at = %s WHERE id = 4", late)
    moved.sql("INSERT INTO categories (id, name, slug) VALUES (70, 'Late', 'late')")
    way = moved.way_back()
    assert [it.what for it in way.late] == [
        "categories 70 has come since the move and is left as it is",
        "products 4 was changed in PostgreSQL at 2026-03-01T13:00:00+00:00",
    ]
    assert way.count(DELETE) == 0


def test_nobody_can_change_a_row_while_it_is_read_and_written(moved: Move) -> None:
    change(("PRODUCT#4", "METADATA"), title="Renamed")
    with connect(moved.url, for_writing=True) as source:
        with pytest.raises(psycopg.errors.LockNotAvailable):
            moved.sql("SET lock_timeout TO '50ms'; UPDATE products SET title = 'Meanwhile' WHERE id = 4")
        assert moved.sql("SELECT count(*) FROM products WHERE id = 4") == [(1,)]
        assert roll_back(source, moved.options(), is_sure=True).passed
    assert moved.sql("SELECT title FROM products WHERE id = 4") == [("Renamed",)]


def test_what_is_committed_while_the_lock_is_waited_for_is_seen(moved: Move) -> None:
    change(("PRODUCT#4", "METADATA"), title="Renamed", updated_at=SINCE)
    waiting = (
        "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database "
        "WHERE NOT granted AND datname = current_database()"
    )
    with psycopg.connect(moved.url) as other, ThreadPoolExecutor(1) as pool:
        late = (NOW + timedelta(hours=1)).replace(tzinfo=None)
        other.execute("UPDATE products SET title = 'Meanwhile', updated_at = %s WHERE id = 4", [late])
        going = pool.submit(moved.roll_back)
        while moved.sql(waiting) == [(0,)] and not going.done():
            pass
        other.commit()
        assert not going.result().passed
    assert moved.sql("SELECT title FROM products WHERE id = 4") == [("Meanwhile",)]


def test_who_writes_meanwhile_is_asked_to_stop(moved: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LOCK_TIMEOUT_S", 0.05)
    with psycopg.connect(moved.url) as other:
        other.execute("UPDATE products SET title = 'Meanwhile' WHERE id = 4")
        with pytest.raises(ToolError, match="Somebody is writing into"):
            moved.roll_back()


def test_after_going_back_both_sides_are_the_same(moved: Move) -> None:
    _new_order(100, 400)
    change(("PRODUCT#4", "METADATA"), title="Renamed", deleted_at=SINCE, updated_at=SINCE)
    change(("FUMETTO#2", "METADATA"), pages=["uploads/fumetti/2/x.png"], updated_at=SINCE)
    delete_item(("AUDIT#2023-11-05#1", "METADATA"))
    moved.go_back()
    assert moved.way_back().changes == []
    assert moved.sql("SELECT pages::text FROM fumetti WHERE id = 2") == [('["/uploads/fumetti/2/x.png"]',)]


def test_what_a_code_says_of_its_currency_and_days_has_no_column_and_stops_nothing(moved: Move) -> None:
    number = _first("DISCOUNT#")
    change(
        (f"DISCOUNT#{number}", "METADATA"),
        currency="KWD",
        discount_value=Decimal("1.255"),
        valid_until_day="2026-06-30",
        updated_at=SINCE,
    )
    way = moved.go_back()
    lost = {(name, value) for _, record, name, value in lost_of(way) if record == number}
    assert {("currency", "KWD"), ("valid_until_day", "2026-06-30")} <= lost
    (unlike,) = way.unlike
    assert (unlike.entity, unlike.id, unlike.what) == ("discount_codes", str(number), "value")
    assert unlike.here == "1.255 was rounded to 2 decimals"
    assert moved.sql("SELECT value FROM discount_codes WHERE id = %s", number) == [(Decimal("1.26"),)]


def _first(prefix: str) -> int:
    return min(
        int(item["PK"].removeprefix(prefix)) for item in table_items() if item["PK"].startswith(prefix)
    )
