"""What the look before the move finds."""

import json
from pathlib import Path

import pytest

from migration.findings import Finding
from migration.inspecting.inspection import inspect
from migration.inspecting.oddities import ATTENTION, BLOCKING, INFORMATION
from migration.postgres.source import connect
from migration.reports import Report
from migration.schema.tables import TABLES, ddl
from tests.support.awkward_data import execute, fill, insert
from tests.support.postgresql import run_script


def _plan(url: str) -> Report:
    with connect(url) as source:
        return inspect(source)


def _about(plan: Report, table: str, words: str) -> Finding:
    (found,) = [finding for finding in plan.findings if finding.entity == table and words in finding.what]
    return found


@pytest.fixture
def filled(postgresql_database: str) -> str:
    fill(postgresql_database)
    return postgresql_database


def test_an_empty_database_has_nothing_odd(postgresql_database: str) -> None:
    plan = _plan(postgresql_database)

    assert plan.findings == []
    assert plan.passed


def test_counts_every_table(filled: str) -> None:
    plan = _plan(filled)

    (tables,) = plan.tables
    counts = {name: numbers for name, *numbers, _ in tables.rows}
    assert counts["products"] == [7, 1, 11]
    assert counts.keys() == set(TABLES)
    assert sum(int(str(rows)) for rows, *_ in counts.values()) == 96


@pytest.mark.parametrize(
    ("table", "words", "severity", "count", "example"),
    [
        ("product_images", "same position", "information", 3, "product 4, position 1: images 61, 64"),
        ("product_images", "url: media under", "information", 6, "61"),
        ("product_images", "url: addresses of other hosts", "attention", 1, "70"),
        ("personaggi", "images: addresses of other hosts", "attention", 1, "10"),
        ("fumetti", "pages: media under", "information", 2, "1"),
        ("products", "SKUs of a product", "information", 1, "SHARED-12: product 4, variant 7 of 4"),
        ("products", "empty texts", "information", 4, "gtin 1"),
        ("products", "finer than a millisecond", "information", 13, "created_at 6"),
        ("product_variants", "stock below zero", "attention", 1, "14: -1"),
        ("carts", "without items", "information", 1, "3"),
        ("carts", "untouched", "information", 3, "1"),
        ("notifications", "older than", "information", 5, "1"),
        ("audit_logs", "older than", "information", 3, "1"),
        ("cart_items", "without a variant", "information", 2, "6"),
        ("cart_items", "the same thing", "information", 1, "cart 1: items 5, 7"),
        ("orders", "not made of the id", "information", 4, "3: ORD-00000099"),
        ("orders", "tax minus discount", "information", 2, "41: 50.00 + 11.00 - 0.01 is not 61.00"),
        ("orders", "sum of the order's items", "information", 3, "1: 50.00 is not 100.00"),
        ("orders", "without items", "information", 3, "4"),
        ("order_items", "unit price", "information", 2, "4: 2 * 0.00 is not 0.01"),
    ],
)
def test_names_what_is_odd_in_awkward_data(
    filled: str, table: str, words: str, severity: str, count: int, example: str
) -> None:
    found = _about(_plan(filled), table, words)

    assert (found.kind.word, found.count) == (severity, count)
    assert example in found.examples


def test_awkward_data_can_be_moved_all_the_same(filled: str) -> None:
    assert _plan(filled).passed


def test_prices_finer_than_their_currency_need_attention(postgresql_database: str) -> None:
    work = {"title": "Work", "currency": "JPY"}
    insert(
        postgresql_database,
        "products",
        work | {"slug": "a", "base_price": "12.50"},
        work | {"slug": "b", "base_price": "12.00"},
        work | {"slug": "c", "base_price": "12.00"},
        work | {"slug": "d", "base_price": "12.50", "currency": "EUR"},
    )
    for product, adjustment in ((2, "0.50"), (3, "5.00")):
        variant = {"product_id": product, "sku": f"s{product}", "name": "S", "price_adjustment": adjustment}
        insert(postgresql_database, "product_variants", variant)

    found = _about(_plan(postgresql_database), "products", "finer than their currency")

    assert (found.kind, found.count) == (ATTENTION, 2)
    assert sorted(found.examples) == ["1: JPY", "2: JPY"]


def test_codes_that_differ_in_case_need_attention(postgresql_database: str) -> None:
    fill(postgresql_database, conflicts=True)

    found = _about(_plan(postgresql_database), "discount_codes", "only in case")

    assert found.kind is ATTENTION
    assert found.examples == ["WELCOME10 (1), welcome10 (90)"]


def test_without_constraints_repeated_values_and_orphans_are_found(blank_database: str) -> None:
    run_script(blank_database, ddl(roomy=True))
    insert(blank_database, "products", {"slug": "x", "sku": ""}, {"slug": "x", "sku": ""}, {"slug": "y"})
    insert(blank_database, "product_variants", {"product_id": 1, "sku": "s"}, {"product_id": 99, "sku": "s"})
    insert(blank_database, "product_categories", {"productsId": 1, "categoriesId": 5})
    insert(blank_database, "personaggi", {"name": "x", "images": " \n"}, {"name": "x", "images": "{"})
    insert(blank_database, "orders", {"order_number": "a", "total": "1.005", "subtotal": "1.50"})

    plan = _plan(blank_database)

    assert _about(plan, "products", "slug: the same value").examples == ["1, 2"]
    assert _about(plan, "product_variants", "sku: the same value").examples == ["1, 2"]
    assert _about(plan, "product_variants", "not among the products").kind is BLOCKING
    assert _about(plan, "product_variants", "not among the products").examples == ["2: 99"]
    assert _about(plan, "product_categories", "not among the categories").examples == ["1/5: 5"]
    assert _about(plan, "personaggi", "images: empty texts").count == 1
    assert _about(plan, "personaggi", "cannot be kept").examples[0].startswith("2: images is no JSON")
    assert _about(plan, "orders", "total: amounts with more").examples == ["1"]
    assert not [
        finding
        for finding in plan.findings
        if "sku: the same" in finding.what and finding.entity == "products"
    ]
    assert not plan.passed


def test_a_missing_table_stops_the_move(filled: str) -> None:
    execute(filled, "DROP TABLE fumetti")

    plan = _plan(filled)

    assert _about(plan, "fumetti", "missing").kind is BLOCKING


def test_missing_unknown_and_other_columns_are_named(filled: str) -> None:
    execute(filled, "ALTER TABLE products DROP COLUMN gtin, ADD COLUMN weight int, ADD COLUMN note text")
    execute(filled, "UPDATE products SET weight = 1 WHERE id < 5")
    execute(filled, "ALTER TABLE order_items ALTER COLUMN unit_price TYPE text")

    plan = _plan(filled)

    assert _about(plan, "products", "missing").examples == ("gtin",)
    weight, note = _about(plan, "products", "weight: a column"), _about(plan, "products", "note: a column")
    assert (weight.kind, weight.count) == (ATTENTION, 3)
    assert (note.kind, note.count) == (INFORMATION, 0)
    assert "type text instead of numeric(10,2)" in _about(plan, "order_items", "unit_price").what


def test_values_that_cannot_be_kept_stop_the_move(filled: str) -> None:
    execute(filled, "UPDATE orders SET created_at = 'infinity'")

    plan = _plan(filled)

    found = _about(plan, "orders", "cannot be kept")
    assert (found.kind, found.count, len(found.examples)) == (BLOCKING, 8, 8)
    assert not plan.passed


def test_sessions_and_tokens_stay_out_of_it(blank_database: str) -> None:
    run_script(blank_database, ddl(roomy=True))
    insert(blank_database, "carts", {"session_token": "secret-one"}, {"session_token": "secret-one"})

    plan = _plan(blank_database)

    assert _about(plan, "carts", "session_token: the same value").examples == ["1, 2"]
    assert "secret-one" not in plan.markdown()


def test_is_written_for_people_and_for_programs(filled: str, tmp_path: Path) -> None:
    markdown, data = _plan(filled).write(tmp_path / "reports")

    assert "| products | 7 | 1 | 11 | PRODUCT#{id}" in markdown.read_text(encoding="utf-8")
    read = json.loads(data.read_text(encoding="utf-8"))
    assert read["command"] == "plan"
    assert read["passed"] is True
    assert [section["title"] for section in read["sections"]] == [
        "Tables",
        "Blocking",
        "Attention",
        "Information",
    ]
