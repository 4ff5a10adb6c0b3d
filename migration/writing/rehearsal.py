"""A look at every row before anything is written: what maps, and what cannot be stored."""

from collections.abc import Callable

from common.dynamodb import UnstorableValue
from migration.findings import Finding
from migration.inspecting.shape_oddities import shape_findings
from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import BadRow, Context, Record
from migration.options import Options, context_of
from migration.postgres.reading import orphans, owner_of, records
from migration.postgres.source import Source
from migration.table.sizes import storable_json
from migration.table.state import BAD, State
from migration.writing.result import Result
from migration.writing.spool import Mapped

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
