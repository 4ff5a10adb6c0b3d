"""The tables as data, created for real."""

from migration.postgres.source import connect
from migration.schema.columns import sql
from migration.schema.tables import TABLES, ddl
from tests.support.awkward_data import AWKWARD, execute, fill
from tests.support.postgresql import run_script

CONSTRAINTS = "SELECT conrelid::regclass::text, count(*) FROM pg_constraint WHERE contype = '{}' GROUP BY 1"


def _constraints(url: str, kind: str) -> dict[str, int]:
    found = execute(url, CONSTRAINTS.format(kind))
    return {str(table).strip('"'): int(count) for table, count in found if table in TABLES}


def test_there_are_the_nineteen_entities_and_the_join_table() -> None:
    assert len(TABLES) == 20
    assert TABLES["product_categories"].column_names == ("productsId", "categoriesId")
    assert TABLES["personaggi"].by_name["order"].default == "0"


def test_tables_come_after_those_they_refer_to() -> None:
    seen: set[str] = set()
    for table in TABLES.values():
        seen.add(table.name)
        assert {column.references for column in table.columns if column.references} <= seen


def test_awkward_data_fills_every_table(postgresql_database: str) -> None:
    fill(postgresql_database)

    for table in TABLES:
        assert execute(postgresql_database, sql("SELECT count(*) FROM {}", table)) == [(len(AWKWARD[table]),)]


def test_what_is_created_has_the_shape_that_the_data_say(postgresql_database: str) -> None:
    with connect(postgresql_database) as source:
        assert source.missing_tables == ()
        for shape in source.shapes.values():
            assert (shape.missing, shape.extra, shape.differing) == ((), {}, {})
    unique = _constraints(postgresql_database, "u")
    assert unique["products"] == 2
    assert unique["etsy_receipts"] == 1
    assert sum(unique.values()) == 12
    assert sum(_constraints(postgresql_database, "f").values()) == 10
    assert len(_constraints(postgresql_database, "p")) == 20


def test_ids_go_on_above_the_highest(postgresql_database: str) -> None:
    fill(postgresql_database)

    assert execute(
        postgresql_database,
        "INSERT INTO orders (order_number, customer_email, customer_name) VALUES ('x', '', '') RETURNING id",
    ) == [(42,)]


def test_roomy_tables_take_what_the_narrow_ones_refuse(blank_database: str) -> None:
    run_script(blank_database, ddl(roomy=True))
    for _ in range(2):
        statement = "INSERT INTO products (slug, base_price) VALUES (%s, 1.005)"
        execute(blank_database, statement, "x" * 3000)
    execute(blank_database, "INSERT INTO product_variants (product_id, attributes) VALUES (9, 'no JSON')")

    products = execute(blank_database, "SELECT id, length(slug), base_price::text FROM products ORDER BY id")
    assert products == [(1, 3000, "1.005"), (2, 3000, "1.005")]
    assert execute(blank_database, "SELECT attributes FROM product_variants") == [("no JSON",)]
