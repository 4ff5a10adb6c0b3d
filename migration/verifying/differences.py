"""Compares a record of the source with the rows that the table has for it, column by column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from common.dynamodb import Item, from_wire, to_wire
from common.repositories.catalogue_changes import DOCUMENT_MARK, unmarked
from migration.findings import Finding, Kind
from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import Record, Row
from migration.schema.tables import TABLES
from migration.verifying.comparing import checksum, comparable, is_same

# Attributes that a shop moves although nothing of the record changes.
UNCOMPARED = frozenset(
    {"version", "expires_at", "edited_at", "stock_moved_at", "stock_taken_at", DOCUMENT_MARK}
)
LONGEST_TEXT = 200

Found = Mapping[str, Sequence[Row]]


DIFFERENCE = Kind(
    "difference",
    "Differences",
    {
        "entity": "entity",
        "id": "id",
        "where": "where",
        "what": "what",
        "in the source": "source",
        "in the table": "here",
    },
)


def difference(entity: str, record: RecordId, where: str, what: str, source: str, here: str) -> Finding:
    """Something that is not as the source has it.

    `where` is a table or an access pattern and `what` a column or attribute; `source` and `here` are the
    two values as texts.
    """
    return Finding(DIFFERENCE, entity, record, where, {what: here}, source)


def of_rows(
    entity: Entity, record: Record, found: Found, media_bases: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Where the rows that came back are not those of the source."""
    for table in entity.tables:
        wanted, there = _by_key(table, record.all(table)), _by_key(table, found.get(table, ()))
        for key in dict.fromkeys([*wanted, *there]):
            source, here = wanted.get(key), there.get(key)
            if source is None or here is None:
                texts = ["is missing" if row is None else "is there" for row in (source, here)]
                yield difference(entity.name, record.id, f"{table} {key}", "row", *texts)
                continue
            for texts_of in _of_row(table, source, here, media_bases, entity.secrets):
                yield difference(entity.name, record.id, f"{table} {key}", *texts_of)


def of_items(
    entity: Entity, record: Record, planned: Iterable[Item], stored: Mapping[tuple[str, str], Item]
) -> Iterator[Finding]:
    """Where a row of the table is not what the source's record becomes: index keys, links, markers."""
    for item in planned:
        key = (item["PK"], item["SK"])
        there = stored.get(key)
        if there is None:
            yield difference(entity.name, record.id, " / ".join(key), "row", "is wanted", "is missing")
            continue
        wanted = {name: value for name, value in from_wire(to_wire(item)).items() if name not in UNCOMPARED}
        here = {name: value for name, value in unmarked(there).items() if name not in UNCOMPARED}
        if entity.same(wanted, here):
            continue
        for name, source, value in _pairs(wanted, here, entity.secrets):
            yield difference(entity.name, record.id, " / ".join(key), name, source, value)


def changed_columns(table: str, source: Row, here: Row, media_bases: tuple[str, ...] = ()) -> list[str]:
    """The columns of a source's row whose value differs from that of a row that came back."""
    wanted, there = _unlike(table, source, here, media_bases)
    return [name for name in wanted if wanted[name] != there[name]]


def row_key(table: str, row: Row) -> str:
    """What a row is known by in its table: its id, or the ids that it links, as `4/7`."""
    return "/".join(str(row.get(name)) for name in TABLES[table].primary_key)


def _by_key(table: str, rows: Iterable[Row]) -> dict[str, Row]:
    return {row_key(table, row): row for row in rows}


def _of_row(
    table: str, source: Row, here: Row, media_bases: tuple[str, ...], secrets: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    wanted, there = _unlike(table, source, here, media_bases)
    if wanted and checksum(wanted) != checksum(there):
        yield from _pairs(wanted, there, secrets)


def _unlike(
    table: str, source: Row, here: Row, media_bases: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both rows in canonical form, without the columns that are the same as they stand."""
    # A column that the source lacks is not lost; what the way back says of it is a default.
    names = {name for name, value in source.items() if not is_same(value, here.get(name))}
    if not names:
        return {}, {}
    return comparable(table, source, media_bases, names), comparable(table, here, media_bases, names)


def _pairs(
    wanted: Mapping[str, Any], there: Mapping[str, Any], secrets: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    for name in sorted(wanted.keys() | there.keys()):
        if wanted.get(name) == there.get(name) and (name in wanted) == (name in there):
            continue
        if name in secrets:
            yield name, "a secret", "another one"
        else:
            yield name, _shown(wanted, name), _shown(there, name)


def _shown(values: Mapping[str, Any], name: str) -> str:
    if values.get(name) is None:
        return "nothing"
    text = repr(values[name])
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."
