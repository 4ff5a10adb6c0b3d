"""An account without a right is told so before anything is read at length, and nothing is written."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from psycopg.conninfo import make_conninfo

from migration.postgres.source import connect
from migration.schema.tables import ddl
from tests.migration.moves import MEDIA_BASE, Move, table_items
from tests.support.postgresql import run_script
from tools.cli import cli
from tools.engines.postgresql import Server
from tools.errors import ToolError
from tools.paths import ROOT

_VIEWED = """
    ALTER TABLE fumetti RENAME TO old_fumetti;
    CREATE VIEW fumetti AS SELECT * FROM old_fumetti UNION ALL SELECT * FROM old_fumetti;
    ALTER TABLE notifications RENAME TO old_notifications;
    CREATE TABLE notifications (LIKE old_notifications) PARTITION BY RANGE (id);
    CREATE TABLE first_notifications PARTITION OF notifications FOR VALUES FROM (0) TO (1000);
"""


@pytest.fixture
def role(postgresql: Server) -> Iterator[str]:
    """A role that may do nothing, with its name as its password."""
    name = f"mover_{uuid4().hex}"
    run_script(postgresql.url(), f"CREATE ROLE {name} LOGIN PASSWORD '{name}'")
    yield name
    run_script(postgresql.url(), f"DROP ROLE {name}")


@pytest.fixture
def mover(move: Move, role: str) -> Iterator[str]:
    """The URL of the filled database for a role with the rights that the documents list, and no other."""
    run_script(move.url, "REVOKE USAGE ON SCHEMA public FROM PUBLIC")
    for grant in _documented():
        run_script(move.url, grant.replace("mover", role))
    yield _url(move.url, role)
    run_script(move.url, f"DROP OWNED BY {role}")


def _documented() -> list[str]:
    lines = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").splitlines()
    return [line.partition(";")[0] for line in lines if line.startswith("GRANT ") and "SCHEMA public" in line]


def _url(url: str, role: str) -> str:
    return make_conninfo(url, user=role, password=role)


def _migrate(*words: str) -> Result:
    return CliRunner().invoke(cli, ["migrate", *words])


def _refused(*words: str) -> str:
    answer = _migrate(*words)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: The role mover_")
    assert "Traceback" not in answer.output
    return answer.output


def test_the_rights_in_the_documents_are_enough(mover: str, move: Move) -> None:
    assert _migrate("plan", "--source", mover).exit_code == 0
    run = _migrate("run", "--source", mover, "--media-base", MEDIA_BASE, "--workers", "1")
    assert run.exit_code == 0, run.output
    assert _migrate("verify", "--source", mover, "--workers", "1").exit_code == 0
    move.sql("DELETE FROM fumetti WHERE id = 2")
    move.sql("UPDATE fumetti SET title = 'Another' WHERE id <> 2")
    back = _migrate("rollback", "--source", mover, "--workers", "1", "--yes", "--force")
    assert back.exit_code == 0, back.output
    assert move.sql("SELECT count(*) FROM fumetti WHERE title = 'Another'") == [(0,)]


@pytest.mark.parametrize(
    ("taken", "given"),
    [
        ("USAGE ON SCHEMA public", 'USAGE ON SCHEMA "public"'),
        ("SELECT ON fumetti", "SELECT ON TABLE public.fumetti"),
        ("SELECT ON product_categories", "SELECT ON TABLE public.product_categories"),
        ("SELECT ON SEQUENCE orders_id_seq", "SELECT ON SEQUENCE public.orders_id_seq"),
    ],
)
def test_each_right_to_read_that_is_taken_away_is_named_by_every_command(
    mover: str, move: Move, role: str, taken: str, given: str
) -> None:
    run_script(move.url, f"REVOKE {taken} FROM {role}")
    for command in ("plan", "run", "verify", "rollback"):
        dry = ["--dry-run"] if command == "rollback" else []
        assert f"GRANT {given}" in _refused(command, "--source", mover, *dry)
    assert table_items(is_own=bool) == []


@pytest.mark.parametrize(
    ("taken", "given"),
    [
        ("INSERT ON fumetti", "INSERT ON TABLE public.fumetti"),
        ("UPDATE ON fumetti", "UPDATE ON TABLE public.fumetti"),
        ("DELETE ON fumetti", "DELETE ON TABLE public.fumetti"),
        ("UPDATE ON SEQUENCE fumetti_id_seq", "UPDATE ON SEQUENCE public.fumetti_id_seq"),
    ],
)
def test_each_right_to_write_that_is_taken_away_is_named_by_going_back_alone(
    mover: str, move: Move, role: str, taken: str, given: str
) -> None:
    run_script(move.url, f"REVOKE {taken} FROM {role}")
    assert _migrate("plan", "--source", mover).exit_code == 0
    assert f"GRANT {given} TO {role};" in _refused("rollback", "--source", mover, "--dry-run")
    assert f"GRANT {given} TO {role};" in _refused("rollback", "--source", mover, "--yes")


def test_everything_that_is_missing_is_named_at_once(move: Move, role: str) -> None:
    run_script(move.url, "REVOKE USAGE ON SCHEMA public FROM PUBLIC")
    said = _refused("rollback", "--source", _url(move.url, role), "--dry-run")
    granted = [line.strip() for line in said.splitlines() if line.startswith("  GRANT")]
    assert [line.partition(" public.")[0] for line in granted] == [
        f'GRANT USAGE ON SCHEMA "public" TO {role};',
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE",
        "GRANT SELECT, UPDATE ON SEQUENCE",
    ]
    assert said.count("public.product_categories,") == 1
    # What the message says is what helps.
    run_script(move.url, "".join(granted))
    with connect(_url(move.url, role), for_writing=True) as source:
        assert source.count("orders") > 0
    run_script(move.url, f"DROP OWNED BY {role}")


def test_rights_to_single_columns_will_do_when_they_are_all(mover: str, move: Move, role: str) -> None:
    columns = 'id, title, description, cover_image, pages, "order", created_at, updated_at, deleted_at'
    run_script(move.url, f"REVOKE ALL ON fumetti FROM {role}")
    run_script(
        move.url, f"ALTER TABLE fumetti ADD publisher text; GRANT SELECT ({columns}) ON fumetti TO {role}"
    )
    said = _refused("plan", "--source", mover)
    assert f'GRANT SELECT ("publisher") ON TABLE public.fumetti TO {role};' in said
    run_script(move.url, f"GRANT SELECT (publisher) ON fumetti TO {role}")
    answer = _migrate("plan", "--source", mover)
    assert answer.exit_code == 0, answer.output


def test_a_sequence_in_another_schema_wants_that_schema_too(mover: str, move: Move, role: str) -> None:
    run_script(
        move.url,
        'CREATE SCHEMA "Zähler"; CREATE SEQUENCE "Zähler"."n n" OWNED BY NONE; '
        'ALTER TABLE fumetti ALTER id SET DEFAULT nextval(\'"Zähler"."n n"\'); '
        'DROP SEQUENCE fumetti_id_seq; SELECT setval(\'"Zähler"."n n"\', 70)',
    )
    # PostgreSQL says whose a sequence is only when it was told.
    with connect(mover):
        pass
    run_script(move.url, 'ALTER TABLE fumetti SET SCHEMA "Zähler"')
    run_script(move.url, 'ALTER SEQUENCE "Zähler"."n n" OWNED BY "Zähler".fumetti.id')
    wider = f"{mover} options='-csearch_path=public,\"Zähler\"'"
    said = _refused("plan", "--source", wider)
    assert f'GRANT USAGE ON SCHEMA "Zähler" TO {role};' in said
    assert f'GRANT SELECT ON SEQUENCE "Zähler"."n n" TO {role};' in said
    run_script(
        move.url,
        f'GRANT USAGE ON SCHEMA "Zähler" TO {role}; GRANT SELECT ON SEQUENCE "Zähler"."n n" TO {role}',
    )
    assert _migrate("plan", "--source", wider).exit_code == 0


def test_identity_columns_have_sequences_and_ids_without_one_ask_for_none(
    mover: str, move: Move, role: str
) -> None:
    run_script(
        move.url,
        "ALTER TABLE fumetti ALTER id DROP DEFAULT; DROP SEQUENCE fumetti_id_seq;"
        "ALTER TABLE personaggi ALTER id DROP DEFAULT; DROP SEQUENCE personaggi_id_seq;"
        "ALTER TABLE personaggi ALTER id ADD GENERATED ALWAYS AS IDENTITY",
    )
    said = _refused("plan", "--source", mover)
    assert f"GRANT SELECT ON SEQUENCE public.personaggi_id_seq TO {role};" in said
    assert "fumetti" not in said


def test_row_level_security_that_hides_rows_is_named_before_the_reading(
    mover: str, move: Move, role: str
) -> None:
    run_script(move.url, "ALTER TABLE products ENABLE ROW LEVEL SECURITY")
    said = _refused("run", "--source", mover)
    assert "Row level security hides rows of public.products" in said
    assert f"ALTER ROLE {role} BYPASSRLS" in said
    assert table_items(is_own=bool) == []
    run_script(move.url, f"ALTER ROLE {role} BYPASSRLS")
    assert _migrate("plan", "--source", mover).exit_code == 0


def test_views_and_parts_of_a_table_are_read_by_their_own_rights(blank_database: str, role: str) -> None:
    run_script(blank_database, ddl())
    run_script(blank_database, _VIEWED)
    run_script(blank_database, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    run_script(blank_database, f"REVOKE ALL ON old_fumetti, first_notifications FROM {role}")
    run_script(blank_database, f"GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    url = _url(blank_database, role)
    with connect(url) as source:
        assert source.count("fumetti") == source.count("notifications") == 0
    run_script(blank_database, f"GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    with (
        pytest.raises(ToolError, match=r"\npublic.fumetti takes no rows: it is a view") as caught,
        connect(url, for_writing=True),
    ):
        pass
    assert "GRANT" not in str(caught.value)
    run_script(blank_database, f"DROP OWNED BY {role}")
