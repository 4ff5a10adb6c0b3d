"""Whatever the tables hold comes back from the shop's table as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import from_wire, to_wire
from migration.mapping.entities import ENTITIES, Entity
from migration.mapping.records import Context, Record, Row
from migration.postgres.reading import records as read_records
from migration.postgres.source import connect
from migration.schema.tables import TABLES
from tests.migration.mapping.records import (
    CONTEXT,
    ENTITY,
    MAPPED,
    canonical,
    records,
    stored,
    there_and_back,
)
from tests.support.awkward_data import AWKWARD, fill


def _assert_equal(source: Record, back: dict[str, list[Row]]) -> None:
    for table, rows in source.rows.items():
        given_rows = list(rows)
        columns = [set(row) for row in given_rows]
        there = canonical(table, back[table], given_rows)
        wanted = canonical(table, given_rows, given_rows)
        # An older database lacks a column in every row; here each row may lack its own.
        for ours, theirs, names in zip(there, wanted, columns, strict=True):
            assert {name: ours[name] for name in names} == {name: theirs[name] for name in names}


@pytest.mark.exhaustive
@pytest.mark.parametrize("entity", MAPPED, ids=lambda entity: str(entity.name))
@given(data=st.data())
def test_any_record_comes_back(entity: Entity, data: st.DataObject) -> None:
    record = data.draw(records(entity))
    _assert_equal(record, there_and_back(entity, record))


@pytest.mark.exhaustive
@pytest.mark.parametrize("entity", MAPPED, ids=lambda entity: str(entity.name))
@given(data=st.data())
def test_every_row_of_a_record_is_its_own_or_points_to_it(entity: Entity, data: st.DataObject) -> None:
    record = data.draw(records(entity))
    items = stored(entity, record)
    keys = [(item["PK"], item["SK"]) for item in items if not item["PK"].startswith("UNIQUE#")]
    assert len(set(keys)) == len(keys)
    assert {entity.record_of(item) for item in items} - {None} == {record.id}


@pytest.mark.exhaustive
@pytest.mark.parametrize("entity", MAPPED, ids=lambda entity: str(entity.name))
@given(data=st.data())
def test_what_is_deleted_claims_nothing_and_stands_in_no_list_of_the_living(
    entity: Entity, data: st.DataObject
) -> None:
    record = data.draw(records(entity))
    row = record.row(entity.table)
    items = stored(entity, record)
    own = [item for item in items if entity.record_of(item) is not None]
    markers = [item for item in items if item["PK"].startswith("UNIQUE#")]
    if row.get("deleted_at") is None:
        assert all(item.get("version", 1) == 1 for item in own)
        return
    assert markers == []
    indexed = {name for item in own for name in item if name.startswith("GSI")}
    assert indexed <= ({"GSI2PK", "GSI2SK"} if entity.name in ("personaggi", "fumetti") else set())


@pytest.mark.exhaustive
@pytest.mark.parametrize("entity", MAPPED, ids=lambda entity: str(entity.name))
@given(data=st.data())
def test_nothing_expires_on_arrival(entity: Entity, data: st.DataObject) -> None:
    items = stored(entity, data.draw(records(entity)))
    as_of = CONTEXT.as_of.timestamp()
    expiring = [item["expires_at"] for item in items if "expires_at" in item]
    assert all(moment >= as_of + 29 * 86400 for moment in expiring)
    assert bool(expiring) is (entity.name in ("carts", "notifications", "audit_logs"))


def test_all_tables_are_moved_by_somebody() -> None:
    moved = [table for entity in ENTITIES for table in entity.tables]
    assert sorted(moved) == sorted(TABLES)


def test_awkward_rows_of_a_real_database_come_back(postgresql_database: str) -> None:
    fill(postgresql_database)
    seen: dict[str, int] = {}
    with connect(postgresql_database) as source:
        categories = {row["id"]: row for row in source.rows("categories") if isinstance(row, dict)}
        context = Context(as_of=CONTEXT.as_of, categories=categories, media_bases=CONTEXT.media_bases)
        for entity in MAPPED:
            for record in read_records(source, entity):
                assert isinstance(record, Record)
                _assert_equal(record, there_and_back(entity, record, context))
                for table, rows in record.rows.items():
                    seen[table] = seen.get(table, 0) + len(rows)
    assert seen == {table: len(AWKWARD[table]) for entity in MAPPED for table in entity.tables}


def test_a_second_run_makes_the_same_rows() -> None:
    row = {"id": 7, "session_token": "token", "updated_at": None}
    record = Record("carts", 7, {"carts": [row], "cart_items": []})
    first = ENTITY["carts"].items(record, CONTEXT)
    assert first == ENTITY["carts"].items(record, CONTEXT)
    assert first == [from_wire(to_wire(item)) for item in first]
