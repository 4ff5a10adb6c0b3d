"""A look at every row before anything is written: what maps, and what cannot be stored."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.clock import utc_now
from common.dynamodb import UnstorableValue
from migration.findings import Finding
from migration.inspecting.shape_oddities import shape_findings
from migration.mapping.discounts import live_codes
from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import BadRow, Context, Record, Row
from migration.postgres.reading import orphans, records
from migration.postgres.source import Source
from migration.schema.columns import sql
from migration.table.sizes import storable_json
from migration.table.state import BAD, State
from migration.writing.result import Result
from migration.writing.spool import Mapped
from tools.progress import Progress


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is done; `media_bases` are prefixes of absolute URLs whose uploads are the shop's own."""

    entities: Sequence[Entity]
    progress: Progress
    workers: int = 4
    overwrite: bool = False
    skip_bad: bool = False
    same_shop: bool = False
    media_bases: tuple[str, ...] = ()
    is_whole: bool = True
    now: Callable[[], datetime] = utc_now


Keep = Callable[[str, Mapped], None]
"""Takes each record of an entity that can be moved."""


def rehearse(source: Source, options: Options, state: State, keep: Keep | None = None) -> Result:
    """Map every row that is still to be moved and judge whether it can be stored; nothing is written."""
    tables = [table for entity in options.entities for table in entity.tables]
    source.given.recall(source.identity)
    result = Result(state, shape=list(shape_findings(source, tables)))
    context = context_of(source, state, options.media_bases)
    for entity in options.entities:
        name = entity.name
        with options.progress(f"Checking {name}", source.count(entity.table)) as advance:
            result.bad += [_orphan(entity, found) for found in orphans(source, entity)]
            result.records[name] = result.rows[name] = 0
            for found in records(source, entity, after=state.after(name)):
                rows, bad = _judged(source, entity, found, context)
                result.bad += bad
                result.records[name] += 1
                result.rows[name] += len(rows)
                if keep and not bad and isinstance(found, Record):
                    keep(name, Mapped(found.id, int(found.position), entity.highest(found), rows))
                advance(1)
    return result


def _judged(
    source: Source, entity: Entity, found: Record | BadRow, context: Context
) -> tuple[list[tuple[str, str, str]], list[Finding]]:
    """The rows that stand for a record, as a spool keeps them, or why it cannot be moved."""
    if isinstance(found, BadRow):
        return [], [_bad(entity, owner_of(source, entity, found), found)]
    try:
        items = entity.items(found, context)
    except BadRow as error:
        return [], [_bad(entity, found.id, error)]
    rows, bad = [], []
    for item in items:
        pk, sk = item["PK"], item["SK"]
        try:
            rows.append((pk, sk, storable_json(item)))
        except UnstorableValue as error:
            reason = BadRow(entity.table, found.id, f"{pk} / {sk}: {error}")
            bad.append(_bad(entity, found.id, reason))
    return ([] if bad else rows), bad


def _bad(entity: Entity, record: RecordId, bad: BadRow) -> Finding:
    return Finding(BAD, entity.name, record, (bad.table, str(bad.id)), {f"{bad.table} {bad.id}": bad.reason})


def _orphan(entity: Entity, bad: BadRow) -> Finding:
    return _bad(entity, f"{bad.table}/{bad.id}", bad)


def owner_of(source: Source, entity: Entity, bad: BadRow) -> RecordId:
    """The record that a bad row keeps from moving: itself, or the parent of a child's row."""
    for child in entity.children:
        if child.table == bad.table and source.has(child.table, "id", child.foreign_key):
            parent = sql("SELECT {} AS id FROM {} WHERE id = %s", child.foreign_key, child.table)
            (row,) = source.query(parent, bad.id)
            return int(row["id"])
    return bad.id if isinstance(bad.id, int) else str(bad.id)


def context_of(source: Source, state: State, media_bases: tuple[str, ...]) -> Context:
    """What every record of this migration is mapped with."""
    return Context(
        as_of=state.as_of,
        categories={int(row["id"]): row for row in _readable(source, "categories")},
        discounts=live_codes(_readable(source, "discount_codes")),
        # What a run was told is remembered, so that nobody has to say it again.
        media_bases=media_bases or state.media_bases,
    )


def _readable(source: Source, table: str) -> Iterator[Row]:
    rows = source.rows(table) if source.has(table) else iter(())
    return (row for row in rows if not isinstance(row, BadRow))
