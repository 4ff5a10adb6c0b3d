"""What a dump may do while it is loaded: fill its own database, and nothing else."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from migration.dump import files as dump_files
from migration.dump import scratch as dump_scratch
from migration.dump.contents import Contents
from migration.dump.loading import load
from migration.dump.reading import in_database, read_through
from migration.dump.statements import pieces
from tests.migration.dump.dumping import Dump, Opened, Script
from tests.support.awkward_data import fill
from tests.support.postgresql import run_script
from tools.engines import postgresql as engine
from tools.errors import ToolError

FILLED = "COPY public.carts (id, session_token) FROM stdin;\n\\.\n"
ROW = "INSERT INTO public.carts (id, session_token) VALUES (4, 'x');\n"


@pytest.fixture(scope="module")
def scratch(postgresql: engine.Server) -> Iterator[str]:
    """The URL of a scratch database with an empty table, for many dumps that it refuses."""
    with dump_scratch.database(postgresql) as url:
        dump_scratch.prepare(url, Contents(filled={("public", "carts"): None}))
        yield url


def _load(path: Path, url: str) -> None:
    with dump_files.opened(path) as lines:
        read_through(path, pieces(lines))
    with dump_files.opened(path) as lines:
        load(path, url, in_database("", pieces(lines)))


@pytest.fixture
def trace() -> Iterator[Path]:
    """A file that the server's account can write, and that is not there."""
    path = Path("/tmp") / f"artshop-trace-{secrets.token_hex(8)}"  # noqa: S108 - the server is another account's
    yield path
    path.unlink(missing_ok=True)


@pytest.mark.parametrize(
    "statement",
    [
        "COPY public.carts FROM PROGRAM 'touch {trace}';",
        "copy (SELECT 1) to program 'touch {trace}';",
        "COPY (SELECT 1) TO '{trace}';",
        "COPY public.carts (session_token) FROM '/etc/passwd';",
        "DO $$ BEGIN COPY (SELECT 1) TO PROGRAM 'touch {trace}'; END $$;",
        "DO $$ BEGIN EXECUTE 'CO' || 'PY (SELECT 1) TO PROGRAM ''touch {trace}'''; END $$;",
        "SET ROLE postgres; COPY (SELECT 1) TO PROGRAM 'touch {trace}';",
        "SET SESSION AUTHORIZATION postgres;\nCOPY (SELECT 1) TO PROGRAM 'touch {trace}';",
        "SELECT set_config('role', 'postgres', false);",
        "CREATE FUNCTION public.run(text) RETURNS int LANGUAGE c AS 'libc.so.6', 'system';",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE plpython3u AS $$ open('{trace}', 'w') $$;",
        "CREATE EXTENSION file_fdw;\nSELECT 'x'::no_such_type;",
        "CREATE EXTENSION dblink;\nSELECT public.dblink_connect('host=127.0.0.1');",
        "SELECT pg_read_file('/etc/passwd');",
        "SELECT pg_ls_dir('/');",
        "SELECT lo_import('/etc/passwd');",
        "SELECT lo_export(lo_from_bytea(0, 'x'), '{trace}');",
        "ALTER SYSTEM SET archive_command = 'touch {trace}';",
        "ALTER TABLE public.carts ADD x int DEFAULT length(pg_read_file('/etc/passwd'));",
        "\\! touch {trace}\n",
        "SELECT 1; \\! touch {trace}\n",
        "SELECT 1 \\! touch {trace}\n;",
        "\\copy public.carts FROM PROGRAM 'touch {trace}'\n",
        "\\i /etc/passwd\n",
        "\\o |touch {trace}\n",
        "\\set x `touch {trace}`\n",
        "SELECT 1 \\g |touch {trace}\n",
        "\\connect x\\! touch {trace}\n",
        "\\restrict a\n\\unrestrict a\n\\! touch {trace}\n",
    ],
)
def test_a_dump_runs_no_program_and_touches_no_file(
    script: Script, scratch: str, trace: Path, statement: str
) -> None:
    path = script(FILLED + statement.format(trace=trace) + "\n")
    with pytest.raises(ToolError) as refused:
        _load(path, scratch)
    assert not trace.exists()
    assert "root:" not in str(refused.value)


def test_what_runs_while_tables_are_read_runs_with_no_more_rights(
    script: Script, opened: Opened, trace: Path
) -> None:
    path = script(f"""
        CREATE TABLE public.carts (id int PRIMARY KEY, session_token text);
        {ROW}
        CREATE FUNCTION public.acts() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN COPY (SELECT 1) TO PROGRAM 'touch {trace}'; RETURN 1; END $$;
        CREATE VIEW public.fumetti AS SELECT public.acts() AS id, 'x' AS title;
    """)
    with opened(path) as source:
        assert source.count("carts") == 1
        with pytest.raises(ToolError, match="pg_execute_server_program"):
            list(source.rows("fumetti"))
    assert not trace.exists()


def test_a_dump_leaves_neither_database_nor_role_behind(
    postgresql: engine.Server, script: Script, opened: Opened
) -> None:
    before = _names(postgresql)
    with opened(script(ROW)) as source:
        assert source.count("carts") == 1
        assert _names(postgresql) != before
    with pytest.raises(ToolError), opened(script(f"{ROW}SELECT 1/0;\n")):
        pass
    assert _names(postgresql) == before


def _names(server: engine.Server) -> set[str]:
    with psycopg.connect(server.url()) as connection:
        found = connection.execute("SELECT rolname FROM pg_roles UNION ALL SELECT datname FROM pg_database")
        return {name for (name,) in found}


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("INSERT INTO public.carts (id) VALUES ('anna@example.com');", '"…"'),
        ("COPY public.carts (id) FROM stdin;\nanna@example.com\n\\.\n", "(COPY carts, line 1, column id)"),
        ("INSERT INTO public.carts (id, session_token) VALUES (1, 'anna@example.com'), (1, 'b');", "unique"),
        ("INSERT INTO carts (id) VALUES (6);\nINSERT INTO carts (id) VALUES ('anna');", "(line 10)"),
        ("SELECT no_such_function('anna@example.com');", "SELECT no_such_function('…');"),
        ("SELECT 'anna@example.com'::json;", "SELECT '…'::json;"),
        ("DO $$ BEGIN RAISE 'x' USING DETAIL = 'anna@example.com'; END $$;", "x\nSTATEMENT (line 9)"),
    ],
)
def test_errors_name_the_statement_and_no_value(
    script: Script, scratch: str, statement: str, told: str
) -> None:
    path = script(f"{FILLED}{statement}\n")
    with pytest.raises(ToolError) as refused:
        _load(path, scratch)
    assert told in str(refused.value)
    assert "anna" not in str(refused.value).replace("DETAIL = 'anna", "")
    assert len(str(refused.value)) < 600


# Much of what a database may have besides its tables; most of it only a superuser may create.
ORDINARY = """
    CREATE ROLE {role}; CREATE SCHEMA extra AUTHORIZATION {role};
    CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp" SCHEMA extra; CREATE EXTENSION file_fdw;
    CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE USER MAPPING FOR {role} SERVER files;
    CREATE FOREIGN TABLE lines (line text) SERVER files OPTIONS (filename '/etc/hostname');
    ALTER TABLE products OWNER TO {role}; ALTER TABLE products ADD label citext,
        ADD token uuid DEFAULT extra.uuid_generate_v4(),
        ADD twice numeric GENERATED ALWAYS AS (base_price * 2) STORED;
    GRANT SELECT ON products TO {role}; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role};
    REVOKE ALL ON SCHEMA public FROM PUBLIC; COMMENT ON EXTENSION citext IS 'mine';
    COMMENT ON COLUMN carts.id IS 'x;';
    CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN NEW.updated_at := '1999-01-01'; RETURN NEW; END; $body$;
    CREATE TRIGGER stamping BEFORE INSERT ON products FOR EACH ROW EXECUTE FUNCTION stamp();
    ALTER TABLE products DISABLE TRIGGER stamping; ALTER TABLE products ENABLE ROW LEVEL SECURITY;
    CREATE POLICY nothing ON products USING (false); ALTER TABLE products FORCE ROW LEVEL SECURITY;
    CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'watched'; END $$;
    CREATE FUNCTION pick(a int) RETURNS int LANGUAGE sql
        BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 1 ELSE 2 END; SELECT 3; END;
    CREATE TYPE mood AS ENUM ('a;', 'b''');  CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
    CREATE TABLE extra.other (id int GENERATED ALWAYS AS IDENTITY, m mood, s short, t text);
    INSERT INTO extra.other (m, s, t) VALUES ('a;', 'b', E'\\\\. COPY\n\\\\!x');
    CREATE RULE twice AS ON UPDATE TO extra.other DO ALSO (SELECT 1; SELECT 2);
    CREATE TABLE parts (at date) PARTITION BY RANGE (at);
    CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');
    INSERT INTO parts VALUES ('2024-01-01'); CREATE MATERIALIZED VIEW seen AS SELECT slug FROM products;
    CREATE STATISTICS pairs ON slug, title FROM products; CREATE PUBLICATION news FOR TABLE products;
    SELECT lo_from_bytea(0, 'large'); CREATE INDEX ON products USING gin (to_tsvector('simple', title));
    CREATE EVENT TRIGGER watching ON ddl_command_start EXECUTE FUNCTION watch();
"""


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--clean", "--create", "--inserts"),
        ("--schema=public", "--schema=extra", "--extension=*", "--clean"),
        ("--use-set-session-authorization", "--role=postgres", "--quote-all-identifiers"),
        ("--data-only", "--disable-triggers"),
        ("--data-only", "--column-inserts", "--on-conflict-do-nothing"),
        ("--format=custom",),
    ],
)
def test_the_dump_of_an_ordinary_database_loads(
    postgresql: engine.Server, postgresql_database: str, dump: Dump, opened: Opened, options: tuple[str, ...]
) -> None:
    role = f'"owner {secrets.token_hex(4)}"'
    fill(postgresql_database)
    run_script(postgresql_database, ORDINARY.replace("{role}", role))
    path = dump(*options)
    run_script(postgresql_database, "DROP EVENT TRIGGER watching")
    run_script(postgresql_database, f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")

    with opened(path) as source:
        assert source.missing_tables == ()
        assert source.count("products") == 7
        assert source.count("orders") == 8
        years = {row["updated_at"].year for row in source.rows("products") if isinstance(row, dict)}
        assert 1999 not in years
