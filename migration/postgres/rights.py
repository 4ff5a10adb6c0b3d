"""What the account of the source lacks of the rights that a command needs, all of it at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from migration.postgres.shape import TableShape
from migration.schema.columns import quoted
from migration.schema.tables import TABLES
from tools.errors import ToolError

if TYPE_CHECKING:
    from psycopg import Connection

# A schema without USAGE is passed over in the search_path, and its tables look as if they were not there.
_SHUT = """
    SELECT DISTINCT n.nspname::text
    FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
    WHERE c.relname = ANY(%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT has_schema_privilege(n.oid, 'USAGE')
    AND quote_ident(n.nspname) IN (
        SELECT CASE part WHEN '"$user"' THEN quote_ident(current_user) ELSE part END
        FROM regexp_split_to_table(current_setting('search_path'), ' *, *') AS part
    )
    ORDER BY 1
"""
_TABLES = """
    SELECT c.oid, format('%%I.%%I', n.nspname, c.relname), c.relkind::text,
        c.relkind IN ('r', 'p') AND row_security_active(c.oid),
        has_any_column_privilege(c.oid, 'SELECT'),
        ARRAY(
            SELECT a.attname::text FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT') ORDER BY a.attnum
        ),
        ARRAY(
            SELECT wanted FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS wanted
            WHERE NOT has_table_privilege(c.oid, wanted)
        ),
        pg_relation_is_updatable(c.oid, true)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND (n.nspname::text, c.relname::text) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
    ORDER BY c.relname
"""
# By what they depend on, for pg_get_serial_sequence itself wants rights.
_SEQUENCES = """
    SELECT format('%%I.%%I', n.nspname, s.relname), n.nspname::text, has_schema_privilege(n.oid, 'USAGE'),
        has_sequence_privilege(s.oid, 'SELECT, USAGE'), has_sequence_privilege(s.oid, 'UPDATE')
    FROM pg_depend d
    JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_namespace n ON n.oid = s.relnamespace
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attname = 'id'
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    AND d.deptype IN ('a', 'i') AND d.refobjid = ANY(%s)
    ORDER BY s.relname
"""
# Inserts, updates and deletes: the bits of pg_relation_is_updatable.
_WRITABLE = 8 | 4 | 16
# The kinds of relations that LOCK TABLE takes.
_LOCKABLE = frozenset("rpv")

_ROW_SECURITY = "Row level security hides rows of {}: read as its owner, or ALTER ROLE {} BYPASSRLS;"
_NOT_WRITABLE = "{} takes no rows: it is a view, or a table of another server; put a table in its place"


@dataclass(frozen=True, slots=True)
class Missing:
    """What an object wants: a right as GRANT names it, or with `advice` what no GRANT gives.

    `kind` is SCHEMA, TABLE or SEQUENCE; `object` is quoted where SQL wants it.
    """

    right: str
    kind: str
    object: str
    advice: str = ""


def missing_rights(
    connection: "Connection[Any]", shapes: Mapping[str, TableShape], *, for_writing: bool
) -> list[Missing]:
    """What the account of a connection lacks to read these tables and the sequences of their ids.

    With `for_writing` also what it lacks to lock them, to add, change and delete rows, and to set the
    sequences. The shop's tables in schemas that it may not use are asked for as well.
    """
    schemas = _shut_schemas(connection, shapes)
    wanted = {(shape.schema, name) for name, shape in shapes.items()}
    wanted |= {(schema, name) for schema in schemas for name in TABLES if name not in shapes}
    found: list[Missing] = []
    oids: list[int] = []
    names = [schema for schema, _ in wanted], [name for _, name in wanted]
    for oid, *row in connection.execute(_TABLES, names):
        oids.append(oid)
        found += _of_table(*row, for_writing=for_writing)
    for name, schema, is_open, is_readable, is_settable in connection.execute(_SEQUENCES, [oids]):
        schemas += [] if is_open or schema in schemas else [schema]
        found += [] if is_readable else [Missing("SELECT", "SEQUENCE", name)]
        found += [Missing("UPDATE", "SEQUENCE", name)] if for_writing and not is_settable else []
    return [Missing("USAGE", "SCHEMA", quoted(schema)) for schema in schemas] + found


def demand_rights(
    connection: "Connection[Any]", shapes: Mapping[str, TableShape], *, for_writing: bool
) -> None:
    """Raise ToolError when rights are missing; it names all of them and the statements that give them."""
    missing = missing_rights(connection, shapes, for_writing=for_writing)
    if not missing:
        return
    row = connection.execute("SELECT quote_ident(current_user)").fetchone()
    role = str(row[0]) if row else ""
    lines = [f"The role {role} lacks rights in {connection.info.dbname}, and nothing was written."]
    lines += [one.advice.format(one.object, role) for one in missing if one.advice]
    grants = statements(missing, role)
    lines += ["Their owner or a superuser gives them by", *(f"  {one}" for one in grants)] if grants else []
    raise ToolError("\n".join([*lines, "Then repeat the command."]))


def statements(missing: Iterable[Missing], role: str) -> list[str]:
    """The statements that grant all of it to a role, whose name is quoted where SQL wants it."""
    rights: dict[tuple[str, str], list[str]] = {}
    for one in missing:
        if not one.advice:
            rights.setdefault((one.kind, one.object), []).append(one.right)
    objects: dict[tuple[str, str], list[str]] = {}
    for (kind, name), held in rights.items():
        objects.setdefault((", ".join(held), kind), []).append(name)
    return [
        f"GRANT {right} ON {kind} {', '.join(names)} TO {role};" for (right, kind), names in objects.items()
    ]


def _shut_schemas(connection: "Connection[Any]", shapes: Mapping[str, TableShape]) -> list[str]:
    names = [name for name in TABLES if name not in shapes]
    return [schema for (schema,) in connection.execute(_SHUT, [names])]


def _of_table(
    full: str,
    kind: str,
    is_secured: bool,
    is_readable: bool,
    unreadable: Sequence[str],
    unwritable: Sequence[str],
    updatable: int,
    *,
    for_writing: bool,
) -> Iterator[Missing]:
    if unreadable:
        # Where single columns were granted, no more than the others; unknown ones are counted too.
        some = f" ({', '.join(map(quoted, unreadable))})" if is_readable else ""
        yield Missing(f"SELECT{some}", "TABLE", full)
    if is_secured:
        yield Missing("", "TABLE", full, _ROW_SECURITY)
    if for_writing and (kind not in _LOCKABLE or updatable & _WRITABLE != _WRITABLE):
        yield Missing("", "TABLE", full, _NOT_WRITABLE)
    elif for_writing:
        yield from (Missing(right, "TABLE", full) for right in unwritable)
