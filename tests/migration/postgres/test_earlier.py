"""A database of the shop's earlier schema is read and written by the names that its columns have."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.products import update_product
from common.http import Identity, Role
from common.repositories.notifications import all_notifications
from migration.dump.opening import open_source
from migration.findings import Finding
from migration.inspecting.inspection import inspect
from migration.inspecting.oddities import ATTENTION, INFORMATION
from migration.postgres.source import connect
from orders.discounts import create_discount, update_discount
from orders.repositories.carts import cart_key, load_all
from orders.repositories.discounts import discount_by_code
from tests.migration.moves import NOW, TOKEN_KEY, Move, columns_of
from tests.support.awkward_data import insert

ADMIN = Identity("1", "artist", Role.ADMIN)
_RENAMED = """
    ALTER TABLE discount_codes RENAME is_active TO active;
    ALTER TABLE discount_codes RENAME valid_until TO expires_at;
    ALTER TABLE discount_codes RENAME times_used TO used_count;
    ALTER TABLE discount_codes RENAME valid_from TO starts_at;
    ALTER TABLE discount_codes RENAME min_order_value TO min_purchase;
    ALTER TABLE product_categories RENAME "productsId" TO product_id;
    ALTER TABLE product_categories RENAME "categoriesId" TO category_id;
    ALTER TABLE notifications RENAME metadata TO payload;
    ALTER TABLE notifications ADD severity varchar(20), DROP is_read, DROP updated_at;
    ALTER TABLE audit_logs RENAME user_id TO actor;
    ALTER TABLE audit_logs RENAME changes TO diff;
    ALTER TABLE carts ADD expires_at timestamptz;
"""
_DEAD = {
    "id": 1,
    "code": "DEAD",
    "type": "percentage",
    "value": "10.00",
    "active": False,
    "expires_at": "2020-01-01",
    "used_count": 7,
    "starts_at": "2019-01-01",
    "min_purchase": "5.00",
    "created_at": "2019-01-01",
    "updated_at": "2019-01-01",
}


@pytest.fixture
def shop(postgresql_database: str, table: str, monkeypatch: pytest.MonkeyPatch) -> Move:
    """An empty database of the earlier schema, and an empty table."""
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", TOKEN_KEY)
    move = Move(postgresql_database)
    for statement in _RENAMED.strip().split(";")[:-1]:
        move.sql(statement)
    return move


def _findings(move: Move, words: str) -> list[Finding]:
    with connect(move.url) as source:
        return [finding for finding in inspect(source).findings if words in finding.what]


def test_a_dead_code_stays_dead(shop: Move) -> None:
    insert(shop.url, "discount_codes", _DEAD)
    assert shop.run().passed
    code = discount_by_code("DEAD")
    assert code is not None
    assert (code.is_active, code.times_used, code.min_purchase_amount) == (False, 7, Decimal(5))
    assert (code.valid_from, code.valid_until) == ("2019-01-01T00:00:00.000Z", "2020-01-01T00:00:00.000Z")
    assert shop.verify().differences == []


def test_the_other_tables_are_read_by_their_earlier_names(shop: Move) -> None:
    insert(shop.url, "products", {"id": 1, "slug": "a", "title": "A"})
    insert(shop.url, "categories", {"id": 2, "slug": "c", "name": "C"})
    insert(shop.url, "product_categories", {"product_id": 1, "category_id": 2})
    told = {"type": "low_stock", "title": "T", "severity": "critical", "payload": '{"a": 1}'}
    insert(shop.url, "notifications", {"id": 1, **told, "read_at": "2026-01-01"}, {"id": 2, **told})
    insert(shop.url, "audit_logs", {"action": "a", "entity_type": "e", "actor": 4, "diff": "[1]"})
    insert(shop.url, "carts", {"session_token": "s", "expires_at": "2027-01-01"})
    assert shop.run().passed
    found = {it.id: it for it in all_notifications(0)}
    assert {(it.severity, str(it.metadata)) for it in found.values()} == {("critical", "{'a': 1}")}
    assert (found["1"].is_read, found["2"].is_read) == (True, False)
    assert shop.verify().differences == []
    cart = load_all([cart_key("s")], NOW)[cart_key("s")]
    assert cart is not None
    assert cart.expires_at == int(datetime.fromisoformat("2027-01-01T00:00:00Z").timestamp())
    assert columns_of(shop.way_back()) == []


def test_going_back_writes_into_the_columns_that_are_there(shop: Move) -> None:
    insert(shop.url, "discount_codes", _DEAD, {**_DEAD, "id": 2, "code": "GONE"})
    insert(shop.url, "products", {"id": 1, "slug": "a", "title": "A"})
    insert(shop.url, "categories", {"id": 2, "slug": "c", "name": "C"}, {"id": 3, "slug": "d", "name": "D"})
    insert(shop.url, "product_categories", {"product_id": 1, "category_id": 2})
    assert shop.run().passed
    update_discount(1, {"is_active": True, "valid_until": None}, ADMIN, NOW)
    create_discount({"code": "NEW", "discount_type": "fixed", "discount_value": Decimal(3)}, ADMIN, NOW)
    update_product(1, {"category_ids": [3]}, ADMIN, NOW)
    shop.go_back()
    assert shop.sql("SELECT code, active, expires_at, used_count FROM discount_codes ORDER BY id") == [
        ("DEAD", True, None, 7),
        ("GONE", False, datetime(2020, 1, 1), 7),  # noqa: DTZ001 - as PostgreSQL has it
        ("NEW", True, None, 0),
    ]
    assert shop.sql("SELECT product_id, category_id FROM product_categories") == [(1, 3)]


def test_earlier_names_are_told(shop: Move) -> None:
    insert(shop.url, "discount_codes", _DEAD)
    found = {(it.entity, it.what.partition(",")[0], it.kind.word) for it in _findings(shop, "earlier name")}
    assert ("discount_codes", "active: an earlier name of is_active", INFORMATION.word) in found
    assert ("product_categories", "product_id: an earlier name of productsId", INFORMATION.word) in found
    assert _findings(shop, "a column that the shop does not know") == []


def test_of_two_columns_the_newer_one_counts_where_it_says_something(shop: Move) -> None:
    shop.sql("ALTER TABLE discount_codes ADD is_active boolean, ADD valid_until timestamp")
    insert(
        shop.url,
        "discount_codes",
        _DEAD,
        {**_DEAD, "id": 2, "code": "ON", "is_active": True, "valid_until": "2030-01-01"},
    )
    (active,) = _findings(shop, "active: an earlier name")
    assert (active.kind, active.count, active.examples) == (ATTENTION, 1, ["2 says otherwise"])
    assert shop.run().passed
    dead, on = discount_by_code("DEAD"), discount_by_code("ON")
    assert dead is not None
    assert on is not None
    assert (dead.is_active, dead.valid_until) == (False, "2020-01-01T00:00:00.000Z")
    assert (on.is_active, on.valid_until) == (True, "2030-01-01T00:00:00.000Z")
    assert shop.verify().differences == []
    update_discount(2, {"is_active": False, "valid_until": None}, ADMIN, NOW)
    shop.go_back()
    assert shop.sql("SELECT is_active, active, valid_until, expires_at FROM discount_codes WHERE id = 2") == [
        (False, False, None, None)
    ]


def test_a_column_of_an_earlier_name_and_another_type_is_named_as_unknown(shop: Move) -> None:
    shop.sql("ALTER TABLE audit_logs ALTER actor TYPE text")
    insert(shop.url, "audit_logs", {"action": "a", "entity_type": "e", "actor": "Ada"})
    (found,) = _findings(shop, "actor: a column that the shop does not know")
    assert (found.kind, found.count) == (ATTENTION, 1)


def test_a_dump_of_data_alone_brings_earlier_names(tmp_path: Path) -> None:
    dump = tmp_path / "dump.sql"
    dump.write_text(
        "--\n-- PostgreSQL database dump\n--\n\n"
        "INSERT INTO discount_codes (id, code, type, value, active, expires_at, used_count) "
        "VALUES (1, 'DEAD', 'percentage', 10.00, false, '2020-01-01 00:00:00+00', 7);\n"
        "--\n-- PostgreSQL database dump complete\n--\n"
    )
    with open_source(str(dump)) as source:
        (row,) = source.rows("discount_codes")
    assert isinstance(row, dict)
    assert (row["is_active"], row["times_used"], row["valid_until"].year) == (False, 7, 2020)
