"""The source on a real server: what it reads, and how it refuses what it cannot read."""

from decimal import Decimal

import psycopg
import pytest

from migration.mapping.records import BadRow
from migration.postgres.source import Source, connect
from migration.schema.tables import TABLES, ddl
from tests.support.awkward_channels import BIG
from tests.support.awkward_data import AWKWARD, execute, fill, insert
from tests.support.postgresql import run_script
from tools.engines.postgresql import Server
from tools.errors import ToolError

PRODUCT = {"slug": "x", "title": "x"}


def _bad(source: Source, table: str) -> list[tuple[object, str]]:
    return [(row.id, row.reason) for row in source.rows(table) if isinstance(row, BadRow)]


def test_reads_every_row_of_every_table_in_the_order_of_its_key(postgresql_database: str) -> None:
    fill(postgresql_database)

    with connect(postgresql_database) as source:
        for name, table in TABLES.items():
            rows = list(source.rows(name))
            assert source.count(name) == len(rows) == len(AWKWARD[name])
            keys = [tuple(row[key] for key in table.primary_key) for row in rows if isinstance(row, dict)]
            assert keys == sorted(tuple(row[key] for key in table.primary_key) for row in AWKWARD[name])


def test_gives_values_exactly(postgresql_database: str) -> None:
    fill(postgresql_database)

    with connect(postgresql_database) as source:
        products = {row["id"]: row for row in source.rows("products") if isinstance(row, dict)}
        variants = {row["id"]: row for row in source.rows("product_variants") if isinstance(row, dict)}
        links = [row["shopify_product_id"] for row in source.rows("shopify_links") if isinstance(row, dict)]

    assert products[5]["base_price"] == Decimal("99999999.99")
    assert products[2]["title"] == 'A "quoted" title, it\'s \U0001f98e '
    assert products[2]["created_at"].isoformat() == "2023-11-05T08:09:10.123456"
    assert products[2]["gtin"] == ""
    assert products[4]["gtin"] is None
    assert variants[8]["attributes"] == ["L", Decimal("2.50"), 100, True]
    assert variants[12]["attributes"] == "just text"
    assert BIG in links


def test_goes_on_after_an_id(postgresql_database: str) -> None:
    fill(postgresql_database)

    with connect(postgresql_database) as source:
        ids = [row["id"] for row in source.rows("products", after=5) if isinstance(row, dict)]
        assert ids == [9, 10, 11]
        assert source.max_id("products") == 11
        assert source.max_id("product_categories") == 0


def test_sees_one_moment_of_the_database(postgresql_database: str) -> None:
    with connect(postgresql_database) as source:
        assert source.count("products") == 0
        insert(postgresql_database, "products", PRODUCT)

        assert source.count("products") == 0
        assert list(source.rows("products")) == []


def test_changes_nothing(postgresql_database: str) -> None:
    with connect(postgresql_database) as source, pytest.raises(ToolError, match="read-only transaction"):
        source.query("DELETE FROM products")


def test_identity_is_that_of_the_database(postgresql_database: str, postgresql: Server) -> None:
    other = postgresql.create_database("another", template="shop_template")
    with connect(postgresql_database) as first, connect(postgresql_database) as again:
        assert first.identity == again.identity
        with connect(other) as different:
            assert different.identity != first.identity
    postgresql.drop_database("another")


def test_reports_missing_and_unknown_columns_and_tables(postgresql_database: str) -> None:
    fill(postgresql_database)
    execute(postgresql_database, "ALTER TABLE products DROP COLUMN gtin, ADD COLUMN weight int")
    execute(postgresql_database, "ALTER TABLE products ALTER COLUMN character_id TYPE text")
    execute(postgresql_database, "DROP TABLE fumetti")

    with connect(postgresql_database) as source:
        shape = source.shapes["products"]
        assert shape.missing == ("gtin",)
        assert shape.extra == {"weight": "integer"}
        assert shape.differing == {"character_id": ("int", "text")}
        assert source.missing_tables == ("fumetti",)
        assert source.count("fumetti") == 0
        row = next(source.rows("products"))
        assert isinstance(row, dict)
        assert not {"gtin", "weight"} & set(row)


def test_times_with_a_zone_come_in_utc(postgresql_database: str) -> None:
    execute(postgresql_database, "ALTER TABLE products ALTER COLUMN created_at TYPE timestamptz")
    insert(postgresql_database, "products", PRODUCT | {"created_at": "2024-01-01 01:30:00+02"})

    with connect(f"{postgresql_database}?options=-ctimezone%3DAsia/Tokyo") as source:
        row = next(source.rows("products"))
        assert isinstance(row, dict)
        assert row["created_at"].isoformat() == "2023-12-31T23:30:00+00:00"
        assert source.shapes["products"].differing == {}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("created_at", "infinity", "created_at infinity lies outside"),
        ("updated_at", "-infinity", "updated_at -infinity lies outside"),
        ("deleted_at", "0044-03-15 12:00:00 BC", "BC lies outside"),
        ("created_at", "10000-01-01", "10000-01-01 00:00:00 lies outside"),
        ("base_price", "NaN", "base_price is NaN"),
    ],
)
def test_a_value_that_python_cannot_hold_makes_one_bad_row(
    postgresql_database: str, column: str, value: str, reason: str
) -> None:
    insert(postgresql_database, "products", PRODUCT | {"slug": "before"})
    insert(postgresql_database, "products", PRODUCT | {column: value})
    insert(postgresql_database, "products", PRODUCT | {"slug": "after"})

    with connect(postgresql_database) as source:
        rows = list(source.rows("products"))
        ((row_id, found),) = _bad(source, "products")

    assert [isinstance(row, BadRow) for row in rows] == [False, True, False]
    assert row_id == 2
    assert reason in found


def test_json_kept_as_text_is_read_and_checked(postgresql_database: str) -> None:
    execute(postgresql_database, "ALTER TABLE personaggi ALTER COLUMN images TYPE text")
    texts = ['["a", 1.10]', "", "[1,", '"\\ud800"', "NaN", "[" * 100000]
    insert(postgresql_database, "personaggi", *({"name": "x", "images": text} for text in texts))

    with connect(postgresql_database) as source:
        good = [row["images"] for row in source.rows("personaggi") if isinstance(row, dict)]
        bad = _bad(source, "personaggi")

    assert good == [["a", Decimal("1.10")], None]
    assert [row_id for row_id, _ in bad] == [3, 4, 5, 6]
    assert all("images is no JSON that can be kept" in reason for _, reason in bad)


def test_a_json_string_is_no_text_to_parse(postgresql_database: str) -> None:
    insert(postgresql_database, "personaggi", {"name": "x", "images": '"[1]"'})

    with connect(postgresql_database) as source:
        row = next(source.rows("personaggi"))

    assert isinstance(row, dict)
    assert row["images"] == "[1]"


def test_a_lone_surrogate_in_json_makes_a_bad_row(postgresql_database: str) -> None:
    insert(postgresql_database, "personaggi", {"name": "x", "images": '["\\ud800"]'})

    with connect(postgresql_database) as source:
        assert [row_id for row_id, _ in _bad(source, "personaggi")] == [1]


@pytest.mark.parametrize(
    ("encoding", "sent", "good", "codec"),
    [
        ("SQL_ASCII", b"\xe8", "è", "utf-8"),
        ("WIN1252", b"\x81", "è", "cp1252"),
        ("LATIN1", None, "è\x85", ""),
    ],
)
def test_texts_of_other_encodings_are_kept_or_named(
    postgresql: Server, encoding: str, sent: bytes | None, good: str, codec: str
) -> None:
    name = f"encoded_{encoding.lower()}"
    url = postgresql.create_database(name, encoding=encoding)
    with psycopg.connect(url) as connection:
        connection.execute(ddl().encode())
        connection.execute(f"SET client_encoding TO {'UTF8' if sent is None else encoding}".encode())
        values = [good.encode("cp1252" if encoding == "WIN1252" else "utf-8"), *([sent] if sent else [])]
        for slug, value in enumerate(values):
            row = b"INSERT INTO products (slug, title) VALUES ('%d', '%s')" % (slug, value)
            connection.execute(row)

    with connect(url) as source:
        rows = list(source.rows("products"))
        assert source.encoding == encoding
    postgresql.drop_database(name)

    texts = [row["title"] for row in rows if isinstance(row, dict)]
    assert texts == [good]
    assert [f"title is not {codec}" in row.reason for row in rows if isinstance(row, BadRow)] == [
        True
    ] * bool(sent)


def test_an_interrupted_read_leaves_nothing_open(postgresql_database: str) -> None:
    fill(postgresql_database)

    with connect(postgresql_database) as source:
        rows = source.rows("orders")
        assert next(rows)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"password": "wrong"}, "password authentication failed"),
        ({"port": 1}, "PostgreSQL cannot be reached"),
        ({"dbname": "no_such"}, 'database "no_such" does not exist'),
    ],
)
def test_refuses_what_it_cannot_reach_and_keeps_the_password_to_itself(
    postgresql_database: str, postgresql: Server, change: dict[str, str | int], text: str
) -> None:
    url = psycopg.conninfo.make_conninfo(postgresql_database, **change)

    with pytest.raises(ToolError, match=text) as caught, connect(url):
        pass

    assert postgresql.password not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresqll://u:secret-word@h/d", "postgresql://u:secret-word@h:port/d"])
def test_refuses_what_is_no_url_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ToolError) as caught, connect(url):
        pass

    assert "secret-word" not in str(caught.value)


def test_refuses_a_database_without_the_shops_tables(blank_database: str) -> None:
    with (
        pytest.raises(ToolError, match=r"none of the shop's tables .*products, .*fumetti"),
        connect(blank_database),
    ):
        pass


def test_refuses_rows_without_the_columns_that_identify_them(blank_database: str) -> None:
    run_script(blank_database, "CREATE TABLE products (slug text); INSERT INTO products VALUES ('x')")

    with (
        pytest.raises(ToolError, match=r"products has rows and lacks the columns that identify them: id"),
        connect(blank_database),
    ):
        pass


def test_a_table_without_its_key_counts_as_missing_while_it_is_empty(blank_database: str) -> None:
    script = "CREATE TABLE products (id int); CREATE TABLE product_categories (product int, category int)"
    run_script(blank_database, script)

    with connect(blank_database) as source:
        assert set(source.shapes) == {"products"}
