"""What is moved has no marks: a run begins generations instead, and marks of the shop are no difference."""

from datetime import UTC, datetime

import pytest

from common.dynamodb import UnitOfWork, Update, get_item
from common.repositories.catalogue_changes import (
    DOCUMENT_MARK,
    RowChange,
    change_rows,
    changes_since,
    mark_of,
)
from common.repositories.products import listing_key
from migration.table.emptying import empty_table
from migration.writing.writer import Writer
from tests.migration.moves import Move, table_items
from tools.progress import silent


def generation() -> str | None:
    return changes_since(datetime(2026, 1, 1, tzinfo=UTC)).generation


def test_a_run_begins_a_generation_and_so_does_the_next(move: Move) -> None:
    assert move.run().passed
    first = generation()
    assert first is not None
    assert changes_since(datetime(2026, 1, 1, tzinfo=UTC)).rows == []
    move.run()
    assert generation() not in {None, first}
    assert move.verify().new == {}


def test_a_run_that_fails_begins_one_for_what_it_has_written(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def fail(*_: object) -> None:
        seen.append(generation())
        raise KeyError("the reason")

    monkeypatch.setattr(Writer, "start", fail)
    with pytest.raises(KeyError, match="the reason"):
        move.run()
    assert seen[0] is not None
    assert generation() not in {None, *seen}


def test_a_dry_run_and_one_that_is_stopped_by_bad_rows_begin_none(move: Move) -> None:
    from migration.postgres.source import connect
    from migration.table import state as states
    from migration.writing.rehearsal import rehearse

    with connect(move.url) as source:
        rehearse(source, move.options(), states.expected(source.identity, move.now()))
    assert generation() is None


def test_an_emptied_table_keeps_a_new_generation_alone(move: Move) -> None:
    move.run()
    moved = generation()
    assert empty_table(1, silent) > 0
    assert table_items(is_own=bool) == []
    assert generation() not in {None, moved}
    assert empty_table(1, silent) == 0
    assert move.run().passed


def test_marks_of_changes_that_were_taken_back_are_no_difference(move: Move) -> None:
    move.run()
    with UnitOfWork() as work:
        change_rows(work, 1, RowChange(Update()), RowChange(Update()))
    listing = get_item(listing_key(1)) or {}
    assert mark_of(listing) == listing[DOCUMENT_MARK]
    result = move.run()
    assert (result.passed, result.outcome.written, result.outcome.overwritten) == (True, 0, 0)
    assert move.verify().passed
    assert move.way_back().changes == []
    assert not [it for it in move.way_back().lost if it.what == DOCUMENT_MARK]
