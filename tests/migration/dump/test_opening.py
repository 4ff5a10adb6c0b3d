"""Dumps as sources: what pg_dump writes, in each plain form, reads like the database itself."""

import random
from datetime import UTC, datetime

import psycopg
import pytest

from migration.dump.opening import open_source
from migration.mapping.records import BadRow
from tests.migration.dump.dumping import Dump, Opened, Script, everything
from tests.support.awkward_data import execute, fill, insert
from tests.support.postgresql import run_script
from tools.errors import ToolError


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--data-only",),
        ("--data-only", "--column-inserts"),
        ("--data-only", "--column-inserts", "--rows-per-insert=3", "--disable-triggers"),
        ("--inserts", "--clean", "--if-exists"),
    ],
)
def test_a_dump_reads_like_its_database(
    postgresql_database: str, dump: Dump, options: tuple[str, ...], opened: Opened
) -> None:
    fill(postgresql_database)
    with open_source(postgresql_database) as source:
        expected = everything(source)

    with opened(dump(*options)) as source:
        assert everything(source) == expected
        assert source.database == "shop.sql"


def test_the_dump_of_another_owner_with_grants_functions_and_other_tables_loads(
    postgresql_database: str, dump: Dump, opened: Opened
) -> None:
    fill(postgresql_database)
    run_script(
        postgresql_database,
        """
        CREATE ROLE "shop owner"; CREATE ROLE reader;
        ALTER TABLE products OWNER TO "shop owner"; GRANT SELECT ON products TO reader;
        CREATE TABLE other (id int, note text); INSERT INTO other VALUES (1, E'\\\\. COPY\n\\\\!x');
        CREATE FUNCTION shout() RETURNS text LANGUAGE sql AS $$ SELECT 'it''s' -- it's
        $$;
        """,
    )
    path = dump()
    run_script(postgresql_database, 'DROP OWNED BY reader; REASSIGN OWNED BY "shop owner" TO postgres')
    run_script(postgresql_database, 'DROP ROLE reader; DROP ROLE "shop owner"')

    with opened(path) as source:
        assert source.count("products") == 7


def test_the_same_dump_has_the_same_identity(postgresql_database: str, dump: Dump, opened: Opened) -> None:
    path = dump("--data-only")
    with opened(path) as first, opened(path) as second:
        assert first.identity == second.identity
    insert(postgresql_database, "products", {"slug": "x", "title": "x"})
    with opened(dump("--data-only")) as third:
        assert third.identity != first.identity


def test_the_tables_of_another_schema_are_found(postgresql_database: str, dump: Dump, opened: Opened) -> None:
    fill(postgresql_database)
    execute(postgresql_database, 'ALTER SCHEMA public RENAME TO "the shop"')

    for options in ((), ("--data-only",)):
        with opened(dump(*options)) as source:
            assert source.count("orders") == 8
            assert source.missing_tables == ()


def test_values_that_look_like_statements_stay_values(
    postgresql_database: str, dump: Dump, opened: Opened
) -> None:
    title = "a\n\\restrict abc\nSET transaction_timeout = 0;\nCREATE TABLE public.carts (\n'\n\\.\n--'"
    insert(postgresql_database, "products", {"slug": "x", "title": title})

    for options in (("--data-only", "--column-inserts"), ("--data-only",), ()):
        with opened(dump(*options)) as source:
            (row,) = source.rows("products")
            assert isinstance(row, dict)
            assert row["title"] == title


# What opens, ends or escapes something in SQL, in COPY's data or in psql.
TOKENS = [
    "'",
    '"',
    "\\",
    "\\'",
    "''",
    ";",
    "--",
    "/*",
    "*/",
    "$$",
    "$x$",
    "E'",
    "\n",
    "\r\n",
    "\t",
    "\\.\n",
    "\\!",
    ")",
    "a",
]


@pytest.mark.parametrize(
    ("options", "conforming"),
    [((), "off"), (("--inserts",), "on"), (("--data-only", "--column-inserts"), "off")],
)
def test_any_text_comes_through(
    postgresql_database: str, dump: Dump, opened: Opened, options: tuple[str, ...], conforming: str
) -> None:
    chosen = random.Random(repr(options))  # noqa: S311 - texts, no secrets
    titles = {number: "".join(chosen.choices(TOKENS, k=9)) for number in range(1, 250)}
    rows = [{"id": number, "slug": f"p{number}", "title": title} for number, title in titles.items()]
    insert(postgresql_database, "products", *rows)
    url = f"{postgresql_database}?options=-cstandard_conforming_strings%3D{conforming}"

    with opened(dump(*options, url=url)) as source:
        read = {row["id"]: row["title"] for row in source.rows("products") if isinstance(row, dict)}

    assert read == titles


def test_offsets_of_times_count_and_finer_amounts_stay(script: Script, opened: Opened) -> None:
    path = script(
        "COPY public.products (id, slug, title, base_price, created_at) FROM stdin;\n"
        "1\tx\tx\t1.005\t2024-01-01 01:30:00.5+02\n\\.\n"
    )

    with opened(path) as source:
        (row,) = source.rows("products")

    assert isinstance(row, dict)
    assert row["created_at"] == datetime(2023, 12, 31, 23, 30, 0, 500000, tzinfo=UTC)
    assert str(row["base_price"]) == "1.005"


def test_columns_tables_settings_and_sequences_that_nobody_knows_are_taken(
    script: Script, opened: Opened
) -> None:
    path = script(
        """SET transaction_timeout = 0;
SET no_such_setting = 'x';
COPY public.products (id, slug, title, "weird one") FROM stdin;
3\t0001\tx\t{"a": 1}
\\.
COPY public.vouchers (id, note) FROM stdin;
1\tx
\\.
SELECT pg_catalog.setval('public.vouchers_id_seq', 1, true);
SELECT pg_catalog.setval('public.fumetti_id_seq', 1, false);
"""
    )

    with opened(path) as source:
        assert source.count("products") == 1
        assert source.shapes["products"].extra == {"weird one": "text"}
        assert set(source.shapes) == {"products", "fumetti"}


def test_a_dump_of_an_old_release_names_its_schema_once(script: Script, opened: Opened) -> None:
    path = script("""
SET default_with_oids = false;
CREATE SCHEMA shop;
CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
SET search_path = shop, pg_catalog;
--
-- Name: carts; Type: TABLE; Schema: shop; Owner: postgres; Tablespace:
--
CREATE TABLE carts (id integer NOT NULL PRIMARY KEY, session_token character varying(255));
CREATE SEQUENCE carts_id_seq;
--
-- Data for Name: carts; Type: TABLE DATA; Schema: shop; Owner: postgres
--
COPY carts (id, session_token) FROM stdin;
4\tx
\\.
--
-- Name: carts_id_seq; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--
SELECT pg_catalog.setval('carts_id_seq', 4, true);
REVOKE ALL ON SCHEMA public FROM postgres;
""")

    with opened(path) as source:
        assert source.max_id("carts") == 4
        assert set(source.shapes) == {"carts"}


def test_json_that_is_none_is_a_bad_row_and_not_the_end(script: Script, opened: Opened) -> None:
    statement = "INSERT INTO public.personaggi (id, name, images) VALUES"
    path = script(f"{statement} (1, 'x', '[1,');\n{statement} (2, 'x', '[1]');\n")

    with opened(path) as source:
        bad, good = source.rows("personaggi")

    assert isinstance(bad, BadRow)
    assert (bad.table, bad.id) == ("personaggi", 1)
    assert isinstance(good, dict)
    assert good["images"] == [1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "INSERT INTO public.products (id) VALUES ('no number');",
            r"type bigint: \"…\"\nSTATEMENT \(line 7\): INSERT INTO public\.products \(id\)$",
        ),
        (
            "INSERT INTO public.products (id, title) VALUES (1, 'somebody@example.com",
            r"in the middle of the data of products \(from line 7 on\)",
        ),
        (
            "CREATE TABLE public.products (at geometry);\nCOPY public.products FROM stdin;\n\\.\n",
            r'type "geometry" does not exist',
        ),
        ("BEGIN;\nINSERT INTO public.products (id) VALUES (1);", "its BEGIN has no COMMIT"),
        ("INSERT INTO public.products (id, title) VALUES (1, 'a\0b');", "zero byte in line 7"),
        ("COPY public.products (id, slug) FROM stdin;\n1\tx\n1\ty\n\\.\n", "COPY products, line 2"),
        ("INSERT INTO public.products VALUES (1, 'x');", "fills products without naming its columns"),
        (
            "INSERT INTO public.products (id) VALUES (1);\n\\! echo done\n",
            r"line 8: psql's command \\! is not",
        ),
        ("INSERT INTO public.vouchers (id) VALUES (1);", "none of the shop's tables"),
        ("", "none of the shop's tables"),
    ],
)
def test_what_cannot_be_loaded_is_named(script: Script, text: str, reason: str, opened: Opened) -> None:
    with pytest.raises(ToolError, match=f"(?s){reason}"), opened(script(text)):
        pass


def test_a_broken_encoding_names_the_statement(script: Script, opened: Opened) -> None:
    text = b"INSERT INTO public.products (id, slug) VALUES (7, 'caf\xe8');\n"

    with pytest.raises(ToolError, match="invalid byte sequence"), opened(script(text)):
        pass
    with opened(script(b"SET client_encoding = 'LATIN1';\n" + text)) as source:
        (row,) = source.rows("products")
        assert isinstance(row, dict)
        assert row["slug"] == "cafè"


def test_a_connection_string_is_a_source_and_a_missing_file_is_none(postgresql_database: str) -> None:
    with open_source(psycopg.conninfo.make_conninfo(postgresql_database)) as source:
        assert source.count("products") == 0
    long = psycopg.conninfo.make_conninfo(postgresql_database, fallback_application_name="x" * 300)
    with open_source(long) as source:
        assert source.count("products") == 0
    for where in ("no-such-file.sql", "/dev/null"):
        with pytest.raises(ToolError, match="neither a file nor"), open_source(where):
            pass


def test_without_a_server_one_is_started_for_a_dump(script: Script) -> None:
    path = script("COPY public.carts (id, session_token) FROM stdin;\n4\t0007\n\\.\n")

    with open_source(str(path)) as source:
        assert source.max_id("carts") == 4
