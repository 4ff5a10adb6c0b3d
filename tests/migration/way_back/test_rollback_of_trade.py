"""Going back after ordinary trading: what PostgreSQL cannot hold as it is finds a place, or is listed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import delete_item, get_item, put_item
from common.repositories.audit import AUDIT, AuditEntry
from common.repositories.notifications import NOTIFICATIONS, Notification
from common.repositories.orders import ORDERS, Order, OrderDetails, OrderLine, details_item
from common.repositories.personaggi import PERSONAGGI, Personaggio
from migration.way_back.changes import DELETE, INSERT, UPDATE
from orders.repositories.discounts import DISCOUNTS, DiscountCode
from tests.migration.moves import NOW, Move, change, columns_of, lost_of, table_items

SINCE = "2026-03-05T10:00:00.000Z"
LATER = "2026-03-06T10:00:00.000Z"
_IN_A_YEAR = int((NOW + timedelta(days=365)).timestamp())


def _add_order(number: int, *skus: str) -> None:
    """An order whose lines are counted from 1, as the shop does it."""
    order = Order(
        id=number,
        order_number=f"ORD-{number:08d}",
        customer_email="new@example.com",
        customer_name="New",
        subtotal=Decimal(10),
        tax=Decimal(0),
        discount=Decimal(0),
        total=Decimal(10),
        currency="EUR",
        payment_method="mock",
        created_at=SINCE,
        updated_at=SINCE,
    )
    lines = [
        OrderLine(place, 4, 7, "Lines", "A3", sku, 1, Decimal(5), Decimal(5))
        for place, sku in enumerate(skus, start=1)
    ]
    put_item(ORDERS.item(order))
    put_item(details_item(number, OrderDetails(tuple(lines))))


def _add_notification(name: str, title: str = "Hello") -> None:
    put_item(
        NOTIFICATIONS.item(Notification(name, "system", title, "Text", "info", SINCE, SINCE, _IN_A_YEAR))
    )


def _add_product(number: int, slug: str, **values: Any) -> None:
    """A copy of product 4 under another id, without its parts."""
    document = get_item(("PRODUCT#4", "METADATA")) or {}
    listing = get_item(("PRODUCT#4", "LISTING")) or {}
    named = {"PK": f"PRODUCT#{number}", "id": number, "slug": slug, "updated_at": SINCE, **values}
    put_item({**document, **named, "images": {}, "variants": {}, "categories": {}})
    put_item({**listing, "PK": f"PRODUCT#{number}", "id": number, "slug": slug, "stock": {}})


def _unlike(move: Move) -> set[tuple[str, str, str]]:
    return {(it.entity, str(it.id), it.what) for it in move.way_back().unlike}


def test_each_order_counts_its_lines_from_one_and_postgresql_counts_them_all(moved: Move) -> None:
    before = moved.sql("SELECT max(id) FROM order_items")[0][0]
    _add_order(100, "a", "b")
    _add_order(101, "c")
    assert moved.roll_back().passed
    assert moved.sql("SELECT order_id, sku FROM order_items WHERE id > %s ORDER BY id", before) == [
        (100, "a"),
        (100, "b"),
        (101, "c"),
    ]
    assert moved.way_back().changes == []


def test_who_goes_back_again_finds_the_rows_that_were_given_an_id(moved: Move) -> None:
    _add_order(100, "a")
    _add_notification("0f5c", "First")
    moved.roll_back()
    change(("NOTIFICATION#0f5c", "METADATA"), is_read=True, read_at=LATER, updated_at=LATER)
    change(("ORDER#100", "METADATA"), payment_status="paid", updated_at=LATER)
    _add_notification("7a11", "Second")
    again = moved.roll_back()
    assert again.passed
    assert moved.sql("SELECT title, is_read FROM notifications WHERE message = 'Text' ORDER BY id") == [
        ("First", True),
        ("Second", False),
    ]
    delete_item(("NOTIFICATION#0f5c", "METADATA"))
    assert columns_of(moved.way_back()) == [(DELETE, "notifications", ())]


def _put_cart(*products: int) -> None:
    """A cart of the shop's own, with ids that no column of PostgreSQL holds."""
    line = {"variant_id": None, "quantity": 1, "created_at": SINCE, "updated_at": SINCE}
    items = {str(2**46 + product): {**line, "product_id": product} for product in products}
    kept = {"version": 1, "created_at": SINCE, "updated_at": SINCE, "expires_at": _IN_A_YEAR}
    key = {"PK": "CART#fresh", "SK": "METADATA", "id": 2**47 + 5, "session_id": "fresh"}
    put_item({**key, "items": items, **kept})


def test_a_row_that_joins_those_that_have_an_id_takes_none_away_from_them(moved: Move) -> None:
    _put_cart(4)
    moved.roll_back()
    _put_cart(4, 5)
    moved.roll_back()
    assert moved.way_back().changes == []
    assert moved.sql(
        "SELECT product_id FROM cart_items i JOIN carts c ON c.id = i.cart_id "
        "WHERE session_token = 'fresh' ORDER BY i.id"
    ) == [(4,), (5,)]


def test_what_a_killed_way_back_was_allowed_to_replace_is_a_change_for_the_next(
    moved: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    change(("PRODUCT#4", "METADATA"), title="Renamed", updated_at=SINCE)
    late = (NOW + timedelta(hours=1)).replace(tzinfo=None)
    moved.sql("UPDATE products SET title = 'Other', updated_at = %s WHERE id = 4", late)
    with monkeypatch.context() as patched:
        patched.setattr("migration.postgres.source.Source.commit", end)
        with pytest.raises(KeyboardInterrupt):
            moved.roll_back(is_forced=True)
    assert not moved.roll_back().passed
    assert moved.sql("SELECT title FROM products WHERE id = 4") == [("Other",)]


def test_what_went_back_is_no_difference_and_is_not_moved_again(moved: Move) -> None:
    _add_order(100, "a")
    _add_notification("0f5c")
    moved.roll_back()
    verdict = moved.verify()
    # An order that was put beside the shop is in no number that the shop keeps.
    assert {difference.entity for difference in verdict.differences} <= {"counters", "tallies"}
    assert verdict.new == {}
    assert moved.run().outcome.written == 0


def test_a_way_back_that_ended_before_its_commit_gives_the_same_ids_again(
    moved: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    before = moved.sql("SELECT count(*), max(id) FROM order_items")
    _add_order(100, "a", "b")
    with monkeypatch.context() as patched:
        patched.setattr("migration.postgres.source.Source.commit", end)
        with pytest.raises(KeyboardInterrupt):
            moved.roll_back()
    assert moved.sql("SELECT count(*), max(id) FROM order_items") == before
    moved.sql("SELECT nextval('order_items_id_seq')")
    assert moved.roll_back().passed
    last = before[0][1]
    assert moved.sql("SELECT id FROM order_items WHERE order_id = 100 ORDER BY id") == [
        (last + 1,),
        (last + 2,),
    ]


def test_names_of_deleted_rows_that_are_used_again_are_renamed_there(moved: Move) -> None:
    deleted = {"deleted_at": SINCE, "updated_at": SINCE}
    _add_product(50, "0002", sku="SHARED-12")
    change(("PRODUCT#4", "METADATA"), **deleted)
    code = get_item(("DISCOUNT#1", "METADATA")) or {}
    change(("DISCOUNT#1", "METADATA"), **deleted)
    added = DiscountCode(
        id=50,
        code=code["code"],
        discount_type="fixed",
        discount_value=Decimal(5),
        valid_from=SINCE,
        created_at=SINCE,
        updated_at=SINCE,
    )
    put_item(DISCOUNTS.item(added))
    renamed = {("products", "4", "slug"), ("products", "4", "sku"), ("discount_codes", "1", "code")}
    assert renamed == _unlike(moved)
    assert moved.roll_back().passed
    assert moved.sql("SELECT id, slug, sku FROM products WHERE id IN (4, 50) ORDER BY id") == [
        (4, "0002-deleted-4", "SHARED-12-deleted-4"),
        (50, "0002", "SHARED-12"),
    ]
    assert moved.sql("SELECT id, code FROM discount_codes WHERE id IN (1, 50) ORDER BY id") == [
        (1, f"{code['code']}-deleted-1"),
        (50, code["code"]),
    ]
    assert moved.way_back().changes == []


def test_slugs_that_changed_hands_are_set_aside_in_between(moved: Move) -> None:
    for number, slug in ((4, "0201"), (11, "2"), (5, "0002")):
        change((f"PRODUCT#{number}", "METADATA"), slug=slug, updated_at=SINCE)
    assert moved.roll_back().passed
    assert moved.sql("SELECT id, slug FROM products WHERE id IN (4, 5, 11) ORDER BY id") == [
        (4, "0201"),
        (5, "0002"),
        (11, "2"),
    ]


def test_rows_of_a_table_that_the_database_lacks_are_counted(moved: Move) -> None:
    moved.sql("DROP TABLE audit_logs")
    entry = AuditEntry("0f5c", "user", "1", "1", "login", SINCE, _IN_A_YEAR)
    put_item(AUDIT.item(entry))
    way = moved.way_back()
    assert way.homeless["audit_logs"] >= 1
    assert way.changes == []
    assert moved.roll_back().passed


def test_what_is_longer_or_larger_than_its_column_is_fitted_and_listed(moved: Move) -> None:
    address = f"https://www.example.com/{'y' * 600}.png"
    entry = Personaggio(
        id=50,
        name="Last",
        order=2**31,
        icon=address,
        created_at=SINCE,
        updated_at=SINCE,
        background_color="#E0E7FF",
        background_type="solid",
        images=(),
    )
    put_item(PERSONAGGI.item(entry))
    change(("PRODUCT#4", "METADATA"), etsy_link=address, updated_at=SINCE)
    assert {
        ("personaggi", "50", "order"),
        ("personaggi", "50", "icon"),
        ("products", "4", "etsy_link"),
    } == _unlike(moved)
    assert moved.roll_back().passed
    assert moved.sql('SELECT "order", icon FROM personaggi WHERE id = 50') == [(2**31 - 1, None)]
    assert moved.way_back().changes == []


def test_a_reference_to_a_row_that_is_gone_is_left_open(moved: Move) -> None:
    ((listing, product),) = moved.sql(
        "SELECT etsy_listing_id, local_product_id FROM etsy_products WHERE local_product_id IS NOT NULL "
        "ORDER BY id LIMIT 1"
    )
    for item in table_items():
        if item["PK"] == f"PRODUCT#{product}":
            delete_item((item["PK"], item["SK"]))
    way = moved.way_back()
    assert "local_product_id" in {it.what for it in way.unlike if it.entity == "etsy_products"}
    moved.roll_back(is_forced=True)
    assert moved.sql("SELECT local_product_id FROM etsy_products WHERE etsy_listing_id = %s", listing) == [
        (None,)
    ]


def test_references_to_a_table_that_is_left_alone_stay(moved: Move) -> None:
    linked = moved.sql("SELECT id, local_product_id FROM etsy_products ORDER BY id")
    listings = [entity for entity in moved.options().entities if entity.name == "etsy_products"]
    way = moved.way_back(entities=listings)
    assert (way.changes, way.unlike) == ([], [])
    assert [product for _, product in linked if product is not None] != []


def test_a_value_without_a_column_is_listed_although_nothing_else_changed(moved: Move) -> None:
    moved.sql("ALTER TABLE products DROP COLUMN etsy_link")
    change(("PRODUCT#5", "METADATA"), etsy_link="https://www.example.com/5")
    way = moved.way_back()
    assert way.changes == []
    assert ("products", 5, "etsy_link", "https://www.example.com/5") in lost_of(way)


def test_pictures_that_were_uploaded_since_are_listed(moved: Move) -> None:
    change(("FUMETTO#2", "METADATA"), pages=["uploads/fumetti/2/new.png"], updated_at=SINCE)
    change(("PERSONAGGIO#3", "METADATA"), icon="uploads/personaggi/3/icon.png", updated_at=SINCE)
    report = moved.roll_back(is_dry=True)
    (listed,) = [section.rows for section in report.sections if section.title == "Pictures to copy"]
    assert listed == [
        ("/uploads/fumetti/2/new.png", "fumetti 2"),
        ("/uploads/personaggi/3/icon.png", "personaggi 3"),
    ]
    assert any("2 pictures are to be copied" in line for line in report.summary)


def test_a_moment_in_the_future_is_no_change(move: Move) -> None:
    move.sql("UPDATE products SET updated_at = '2199-01-01' WHERE id = 4")
    move.sql("UPDATE product_images SET created_at = '2199-01-01' WHERE id = 61")
    assert move.run().passed
    change(("PRODUCT#4", "METADATA"), title="Renamed", images={})
    assert move.way_back().late == []
    move.sql("UPDATE products SET updated_at = '2199-01-02' WHERE id = 4")
    assert [it.what.partition(" at ")[0] for it in move.way_back().late] == [
        "products 4 was changed in PostgreSQL"
    ]


def test_what_changed_in_postgresql_before_a_second_run_is_still_a_change(moved: Move) -> None:
    late = (NOW + timedelta(hours=1)).replace(tzinfo=None)
    moved.sql("UPDATE products SET title = 'Other', updated_at = %s WHERE id = 4", late)
    moved.run(now=lambda: NOW + timedelta(days=1))
    assert [it.what.partition(" at ")[0] for it in moved.way_back().late] == [
        "products 4 was changed in PostgreSQL"
    ]


def test_what_was_deleted_in_postgresql_since_is_a_change(moved: Move) -> None:
    moved.sql("DELETE FROM fumetti WHERE id = 2")
    (late,) = moved.way_back().late
    assert late.what == "fumetti 2 has been deleted in PostgreSQL since the move"
    for is_dry in (True, False):
        assert not moved.roll_back(is_dry=is_dry).passed
    assert moved.roll_back(is_forced=True).passed
    assert moved.sql("SELECT count(*) FROM fumetti WHERE id = 2") == [(1,)]


def test_a_rehearsal_leaves_neither_rows_nor_numbers_behind(moved: Move) -> None:
    _add_order(100, "a")
    sequences = moved.sql("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
    rows = moved.sql("SELECT count(*) FROM order_items")
    report = moved.roll_back(is_dry=True)
    assert report.passed
    assert "it was taken back" in report.summary[-1]
    assert moved.sql("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1") == sequences
    assert moved.sql("SELECT count(*) FROM order_items") == rows
    assert moved.way_back().count(INSERT) == 2
    assert moved.way_back().count(UPDATE) == 0
