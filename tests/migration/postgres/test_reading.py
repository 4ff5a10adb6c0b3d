"""Parents and children read side by side."""

import tracemalloc

from hypothesis import given, settings
from hypothesis import strategies as st

from common.dynamodb import Item
from migration.mapping.entity import Entity
from migration.mapping.records import BadRow, Child, Context, Record
from migration.postgres.reading import orphans, records
from migration.postgres.source import Source, connect
from tests.support.awkward_data import AWKWARD, execute, fill, insert
from tests.support.postgresql import run_script


def _no_items(_record: Record, _context: Context) -> list[Item]:
    return []


def _entity(table: str, *children: Child) -> Entity:
    return Entity(
        name=table,
        table=table,
        children=children,
        items=_no_items,
        rows=lambda _items: {},
        record_of=lambda _item: None,
    )


PRODUCTS = _entity(
    "products",
    Child("product_images", "product_id"),
    Child("product_variants", "product_id"),
    Child("product_categories", "productsId"),
)
ORDERS = _entity("orders", Child("order_items", "order_id"))
CARTS = _entity("carts", Child("cart_items", "cart_id"))
UNTIED = "ALTER TABLE cart_items DROP CONSTRAINT cart_items_cart_id_fkey, ALTER COLUMN cart_id DROP NOT NULL"


def _good(source: Source, entity: Entity, after: int | None = None) -> list[Record]:
    return [found for found in records(source, entity, after=after) if isinstance(found, Record)]


def _children(record: Record, table: str) -> list[int]:
    return [row["id"] for row in record.all(table)]


def test_each_parent_has_its_own_children(postgresql_database: str) -> None:
    fill(postgresql_database)

    with connect(postgresql_database) as source:
        found = {record.id: record for record in _good(source, PRODUCTS)}

    assert list(found) == [1, 2, 4, 5, 9, 10, 11]
    assert found[4].row("products")["slug"] == "0002"
    assert _children(found[4], "product_images") == [61, 64, 65]
    assert _children(found[4], "product_variants") == [7, 8, 12]
    assert [row["categoriesId"] for row in found[4].all("product_categories")] == [1, 2, 3]
    assert _children(found[9], "product_images") == []
    moved = sum(len(record.all("product_variants")) for record in found.values())
    assert moved == len(AWKWARD["product_variants"])


def test_goes_on_after_a_record(postgresql_database: str) -> None:
    fill(postgresql_database)

    with connect(postgresql_database) as source:
        found = {record.id: _children(record, "order_items") for record in _good(source, ORDERS, after=3)}

    assert found == {4: [], 5: [7], 6: [], 40: [20], 41: []}


def test_children_without_a_parent_come_as_orphans_and_nowhere_else(postgresql_database: str) -> None:
    fill(postgresql_database)
    execute(postgresql_database, UNTIED)
    for row_id, cart in ((101, 0), (102, 2), (103, 999), (104, None)):
        insert(postgresql_database, "cart_items", {"id": row_id, "cart_id": cart, "product_id": 1})

    with connect(postgresql_database) as source:
        read = [row_id for record in _good(source, CARTS) for row_id in _children(record, "cart_items")]
        lost = list(orphans(source, CARTS))

    assert sorted(read) == [5, 6, 7, 9, 10]
    assert [(bad.table, bad.id) for bad in lost] == [("cart_items", n) for n in (101, 102, 103, 104)]
    assert lost[0].reason == "cart_id 0 is the id of none of the carts"


def test_an_orphan_of_the_join_table_is_named_by_both_its_ids(postgresql_database: str) -> None:
    constraint = "product_categories DROP CONSTRAINT " + '"product_categories_productsId_fkey"'
    execute(postgresql_database, f"ALTER TABLE {constraint}")
    insert(postgresql_database, "categories", {"id": 7, "name": "x", "slug": "x"})
    insert(postgresql_database, "product_categories", {"productsId": 4, "categoriesId": 7})

    with connect(postgresql_database) as source:
        (lost,) = orphans(source, PRODUCTS)

    assert lost.id == "4/7"


def test_a_bad_child_stands_for_its_whole_record(postgresql_database: str) -> None:
    fill(postgresql_database)
    execute(postgresql_database, "UPDATE order_items SET created_at = 'infinity' WHERE id IN (3, 5)")
    execute(postgresql_database, "UPDATE orders SET total = 'NaN' WHERE id = 5")

    with connect(postgresql_database) as source:
        found = list(records(source, ORDERS))

    bad = [(item.table, item.id) for item in found if isinstance(item, BadRow)]
    assert bad == [("order_items", 3), ("order_items", 5), ("orders", 5)]
    assert [record.id for record in found if isinstance(record, Record)] == [1, 3, 4, 6, 40, 41]


def test_missing_tables_are_empty(postgresql_database: str) -> None:
    fill(postgresql_database)
    execute(postgresql_database, "DROP TABLE cart_items, order_items, orders CASCADE")

    with connect(postgresql_database) as source:
        assert [record.all("cart_items") for record in _good(source, CARTS)] == [(), (), ()]
        assert list(records(source, ORDERS)) == []
        assert list(orphans(source, CARTS)) == []


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 14)), max_size=30), st.integers(0, 12))
@settings(max_examples=25)
def test_any_arrangement_is_read_completely(
    postgresql_database: str, pairs: list[tuple[int, int]], after: int
) -> None:
    execute(postgresql_database, "TRUNCATE carts, cart_items RESTART IDENTITY")
    execute(postgresql_database, "ALTER TABLE cart_items DROP CONSTRAINT IF EXISTS cart_items_cart_id_fkey")
    carts = sorted({cart for cart, _ in pairs})
    insert(postgresql_database, "carts", *({"id": cart, "session_token": str(cart)} for cart in carts))
    insert(postgresql_database, "cart_items", *({"cart_id": owner, "product_id": 1} for _, owner in pairs))
    expected = {
        cart: [number for number, (_, owner) in enumerate(pairs, 1) if owner == cart]
        for cart in carts
        if cart > after
    }

    with connect(postgresql_database) as source:
        found = {int(record.id): _children(record, "cart_items") for record in _good(source, CARTS, after)}
        lost = {bad.id for bad in orphans(source, CARTS)}

    assert found == expected
    assert lost == {number for number, (_, owner) in enumerate(pairs, 1) if owner not in carts}


def test_memory_stays_flat(postgresql_database: str) -> None:
    execute(
        postgresql_database,
        "INSERT INTO orders (order_number, customer_email, customer_name, notes)"
        " SELECT i, 'ada@example.com', 'Ada', repeat('x', 1000) FROM generate_series(1, 20000) i",
    )
    with connect(postgresql_database) as source:
        next(records(source, ORDERS))
        tracemalloc.start()
        count = sum(1 for _ in records(source, ORDERS))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert count == 20000
    # All of it would be more than 30 MB.
    assert peak < 12 * 1024 * 1024


def test_a_database_without_statistics_is_joined_by_hashes(postgresql_database: str) -> None:
    run_script(
        postgresql_database,
        "INSERT INTO orders (order_number, customer_email, customer_name)"
        " SELECT i, '', '' FROM generate_series(1, 3000) i;"
        "INSERT INTO order_items (order_id, product_name, unit_price, total_price)"
        " SELECT i, '', 0, 0 FROM generate_series(1, 3000) i",
    )
    without_items = (
        "SELECT FROM orders o WHERE NOT EXISTS (SELECT FROM order_items i WHERE i.order_id = o.id)"
    )

    with connect(postgresql_database) as source:
        steps = [str(row["QUERY PLAN"]) for row in source.query(f"EXPLAIN {without_items}")]

    assert not [step for step in steps if "Nested Loop" in step]
