"""Questions about columns, the same for each of a kind: media, amounts, unique values, references."""

from collections.abc import Iterator

from migration.findings import Kind
from migration.inspecting.oddities import ATTENTION, BLOCKING, INFORMATION, Question
from migration.schema.columns import Column, Table, quoted
from migration.schema.tables import TABLES

_RELATIVE = r"(^|[\"])/uploads/"
_ABSOLUTE = r"(^|[\"])https?://[^/\"]+/uploads/"


def column_questions() -> Iterator[Question]:
    """A question for each column that needs one."""
    for table in TABLES.values():
        for column in table.columns:
            yield from _about_values(table, column)
            if column.unique:
                yield _repeated(table, column)
            if column.references:
                yield _unanswered(table, column, column.references)
            if column.is_media:
                yield from _about_media(table, column)


def is_empty_text(column: Column) -> str | None:
    """The condition under which a text is empty; None for a column of another type."""
    return f"{quoted(column.name)} = ''" if column.is_text else None


def is_finer_than_kept(column: Column) -> str | None:
    """The condition under which a time is finer than the milliseconds that are kept."""
    name = quoted(column.name)
    return f"date_trunc('milliseconds', {name}) <> {name}" if column.is_timestamp else None


def _about_values(table: Table, column: Column) -> Iterator[Question]:
    name = quoted(column.name)
    if column.is_json:
        what = "empty texts where JSON is expected; they become NULL"
        yield _rows(ATTENTION, what, table, column, f"btrim({name}::text, E' \\t\\r\\n') = ''")
    if column.scale is not None:
        what = f"amounts with more than {column.scale} decimals; they are moved as they are"
        yield _rows(ATTENTION, what, table, column, f"round({name}, {column.scale}) <> {name}")


def _about_media(table: Table, column: Column) -> Iterator[Question]:
    name = quoted(column.name)
    relative = "media under /uploads/; they become keys of the media bucket"
    absolute = "addresses of other hosts under /uploads/; name the shop's own with --media-base"
    yield _rows(INFORMATION, relative, table, column, f"{name}::text ~ '{_RELATIVE}'")
    yield _rows(ATTENTION, absolute, table, column, f"{name}::text ~ '{_ABSOLUTE}'")


def _rows(kind: Kind, what: str, table: Table, column: Column, condition: str) -> Question:
    words = ["SELECT", _key(table), "AS found FROM", quoted(table.name), "WHERE", condition]
    return Question(kind, f"{column.name}: {what}", {table.name: (column.name,)}, " ".join(words))


def _repeated(table: Table, column: Column) -> Question:
    """PostgreSQL forbids them where the constraint is there; a copy without constraints may have them."""
    live = [name for name in ("deleted_at",) if name in table.column_names]
    name = quoted(column.name)
    # Only ids are shown: a value may be a session.
    words = ["SELECT string_agg(id::text, ', ' ORDER BY id) AS found"]
    words += ["FROM", quoted(table.name), "WHERE", f"{name}::text <> ''"]
    words += [f"AND {column} IS NULL" for column in live]
    words += ["GROUP BY", name, "HAVING count(*) > 1"]
    what = f"{column.name}: the same value more than once among live rows; the first keeps it"
    return Question(ATTENTION, what, {table.name: (column.name, *live)}, " ".join(words))


def _unanswered(table: Table, column: Column, other: str) -> Question:
    name = quoted(column.name)
    words = ["SELECT", _key(table), f"|| ': ' || {name} AS found FROM", quoted(table.name), "child"]
    words += [f"WHERE {name} IS NOT NULL AND NOT EXISTS", "(SELECT FROM", quoted(other)]
    words += [f"parent WHERE parent.id = child.{name})"]
    # What moves inside its parent has nowhere to go without it.
    kind = ATTENTION if column.null or other == "categories" else BLOCKING
    what = f"{column.name}: ids that are not among the {other}"
    needs: dict[str, tuple[str, ...]] = {table.name: (column.name,)}
    # A table may refer to itself.
    needs[other] = (*needs.get(other, ()), "id")
    return Question(kind, what, needs, " ".join(words))


def _key(table: Table) -> str:
    return " || '/' || ".join(f"{quoted(name)}::text" for name in table.primary_key)
