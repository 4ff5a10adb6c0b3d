"""What cannot be moved as it is stops a run, named with its table and id, before anything is written."""

from collections.abc import Sequence
from decimal import Decimal

import psycopg
import pytest
from click.testing import CliRunner

from common.dynamodb import get_item
from migration.inspecting.inspection import inspect
from migration.postgres.source import connect
from migration.schema.tables import ddl
from migration.verifying.verdict import of_verification
from migration.writing.result import of_run
from tests.migration.moves import Move, table_items
from tests.support.awkward_data import insert
from tools.cli import cli
from tools.engines.postgresql import Server
from tools.errors import ToolError

UNTIED = "ALTER TABLE order_items DROP CONSTRAINT order_items_order_id_fkey"


def _all(move: Move, statements: Sequence[str]) -> None:
    for statement in statements:
        move.sql(statement)


@pytest.mark.parametrize(
    ("statements", "entity", "named", "reason"),
    [
        (["UPDATE orders SET notes = repeat('è', 210000) WHERE id = 2"], "orders", "orders 2", "409,600"),
        (
            [
                "ALTER TABLE products ALTER COLUMN slug TYPE text",
                "UPDATE products SET slug = repeat('x', 3000) WHERE id = 4",
            ],
            "products",
            "products 4",
            "a key has 1 to 2,048",
        ),
        (
            [
                "ALTER TABLE personaggi ALTER COLUMN images TYPE text",
                "UPDATE personaggi SET images = '[\"a\"' WHERE id = 3",
            ],
            "personaggi",
            "personaggi 3",
            "images is no JSON",
        ),
        (["UPDATE orders SET tax = 'NaN' WHERE id = 2"], "orders", "orders 2", "tax is NaN"),
        (
            ["ALTER TABLE orders ALTER COLUMN total DROP DEFAULT, ALTER COLUMN total TYPE text"],
            "orders",
            "orders 1",
            r"total is of the type text and not numeric\(10,2\)",
        ),
        (
            ["ALTER TABLE notifications ALTER COLUMN metadata TYPE text[] USING array[metadata::text]"],
            "notifications",
            "notifications 1",
            r"metadata is of the type text\[\] and not jsonb",
        ),
        ([UNTIED, "DELETE FROM orders WHERE id = 2"], "orders", "order_items", "none of the orders"),
        (
            ["ALTER TABLE carts DROP COLUMN session_token"],
            "carts",
            "carts",
            "session_token is missing",
        ),
    ],
)
def test_a_row_that_cannot_be_moved_is_named_before_anything_is_written(
    move: Move, statements: Sequence[str], entity: str, named: str, reason: str
) -> None:
    _all(move, statements)
    result = move.run()
    assert result.was_stopped
    assert table_items(is_own=bool) == []
    assert {bad.entity for bad in result.bad} == {entity}
    report = of_run(result).markdown()
    assert named in report
    assert [line for line in report.splitlines() if named in line and _is_in(reason, line)]


def _is_in(pattern: str, line: str) -> bool:
    return pattern.replace("\\", "") in line


def test_a_number_in_json_that_dynamodb_cannot_hold_arrives_all_the_same(move: Move) -> None:
    move.sql("UPDATE product_variants SET attributes = jsonb_build_object('size', repeat('1', 39)::numeric)")
    assert move.run().passed
    assert move.verify().differences == []


def test_a_missing_table_stops_a_run_unless_it_is_to_be_skipped(move: Move) -> None:
    _all(move, ["DROP TABLE fumetti", "DROP TABLE order_items"])
    stopped = move.run()
    assert stopped.was_stopped
    assert set(stopped.missing_tables) == {"fumetti", "order_items"}
    assert "the source has no table fumetti" in of_run(stopped).summary
    assert table_items(is_own=bool) == []
    skipped = move.run(skip_bad=True)
    assert get_item(("ORDER#2", "METADATA")) is not None
    assert not skipped.passed
    verdict = move.verify()
    assert verdict.passed
    assert any("fumetti" in sentence for sentence in of_verification(verdict, "x").summary)


def test_tables_that_are_not_asked_for_may_be_missing(move: Move) -> None:
    move.sql("DROP TABLE fumetti")
    carts = [entity for entity in move.options().entities if entity.name == "carts"]
    assert move.run(entities=carts, is_whole=False).passed


def test_columns_that_are_missing_or_unknown_are_reported_and_do_not_stop_a_run(move: Move) -> None:
    move.sql("ALTER TABLE categories DROP COLUMN parent_id")
    move.sql("ALTER TABLE products DROP COLUMN gtin, ADD COLUMN weight int DEFAULT 3")
    result = move.run()
    assert result.passed
    report = of_run(result).markdown()
    assert "| products | columns that are missing; they count as empty | 1 | gtin |" in report
    assert "| categories | columns that are missing; they count as empty | 1 | parent_id |" in report
    assert "| products | weight: a column that the shop does not know; it is not moved | 7 |" in report
    assert move.verify().passed
    with connect(move.url) as source:
        assert inspect(source).passed


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            "ALTER TABLE fumetti ALTER COLUMN id TYPE text",
            r"fumetti has rows and .* other types: id \(text\)",
        ),
        (
            f"{UNTIED}, ALTER COLUMN order_id TYPE text",
            "order_items has rows and order_id of the type text",
        ),
    ],
)
def test_keys_of_another_type_are_refused(move: Move, statement: str, text: str) -> None:
    move.sql("ALTER TABLE fumetti ALTER COLUMN id DROP DEFAULT")
    move.sql("DROP SEQUENCE IF EXISTS fumetti_id_seq")
    move.sql(statement)
    with pytest.raises(ToolError, match=text):
        move.run()
    assert table_items(is_own=bool) == []


def _encoded(server: Server, encoding: str, name: bytes) -> Move:
    url = server.create_database(f"shop_{encoding.lower()}", encoding=encoding)
    with psycopg.connect(url) as connection:
        connection.execute(ddl().encode())
        connection.execute(f"SET client_encoding TO {encoding}".encode())
        for number, text in enumerate([b"Ada", name], 1):
            connection.execute(
                b"INSERT INTO orders (order_number, customer_email, customer_name, shipping_address)"
                b" VALUES ('N-%d', 'a@example.com', '%s', '{\"city\": \"%s\"}')" % (number, text, text)
            )
    return Move(url)


def test_bytes_that_are_no_text_are_named_with_their_row(postgresql: Server, table: str) -> None:
    move = _encoded(postgresql, "SQL_ASCII", b"Zo\xeb")
    result = move.run()
    assert result.was_stopped
    assert [(bad.entity, bad.id) for bad in result.bad] == [("orders", 2)]
    assert "customer_name is not utf-8" in str(dict(result.bad[0].details))
    assert table_items(is_own=bool) == []
    assert [bad.id for bad in move.run(skip_bad=True).bad] == [2]
    assert {(it.entity, it.id) for it in move.verify().differences if it.entity != "lists"} == {("orders", 2)}
    with connect(move.url) as source:
        assert not inspect(source).passed
    postgresql.drop_database("shop_sql_ascii")


def test_texts_of_another_encoding_arrive(postgresql: Server, table: str) -> None:
    move = _encoded(postgresql, "LATIN1", "Zoë".encode("latin-1"))
    assert move.run().passed
    assert (get_item(("ORDER#2", "METADATA")) or {})["customer_name"] == "Zoë"
    assert move.verify().differences == []
    postgresql.drop_database("shop_latin1")


@pytest.mark.parametrize("command", ["plan", "run", "verify", "rollback", "enterprises"])
def test_a_server_that_does_not_answer_is_one_sentence(table: str, command: str) -> None:
    words = ["migrate", command, "--source", "postgresql://shop:secret-word@127.0.0.1:1/shop"]
    answer = CliRunner().invoke(cli, words)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: PostgreSQL cannot be reached")
    assert "secret-word" not in answer.output


def test_half_of_a_restore_is_seen_before_it_is_moved(move: Move) -> None:
    move.sql(UNTIED)
    insert(
        move.url,
        "order_items",
        {"id": 900, "order_id": 800, "product_name": "x", "unit_price": 1, "total_price": Decimal(1)},
    )
    (bad,) = move.run().bad
    assert bad.details == {"order_items 900": "order_id 800 is the id of none of the orders"}
