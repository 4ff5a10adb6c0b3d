"""Moves enterprises from a table of PostgreSQL, each with the number that it has there.

What is in the DynamoDB table already is kept as it is, its dates above all, so a second run changes
nothing; a name that differs by then is reported.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.clock import iso, utc_now
from common.dynamodb import ConditionFailed, UnstorableValue, attr, put_item
from common.errors import PayloadTooLarge
from migration.postgres.opening import explained, opened
from migration.reports import Report, Section
from migration.schema.columns import sql
from shop.repositories.enterprises import Enterprise, enterprise_item, enterprise_of, find_enterprise
from tools.errors import engine_errors
from tools.progress import Progress, silent

TABLE = "fnd_enterprise"
DEFAULT_SCHEMA = "systiva"
FETCHED_AT_ONCE = 2000

# What PostgreSQL holds of one enterprise: id and name, as they came.
_Row = tuple[Any, Any]


@dataclass(slots=True)
class Moved:
    """What became of the rows; `renamed` has (id, name here, name in PostgreSQL), `bad` (id, reason)."""

    dry_run: bool = False
    found: int = 0
    created: int = 0
    unchanged: int = 0
    renamed: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the table now says what PostgreSQL says."""
        return not self.renamed and not self.bad

    def report(self) -> Report:
        """The same for people and for programs."""
        would = "would be created" if self.dry_run else "created"
        counts = f"{self.found} found, {self.created} {would}, {self.unchanged} unchanged"
        summary = [
            counts,
            f"{len(self.renamed)} with another name here, {len(self.bad)} that cannot be moved",
        ]
        sections = [
            Section("Other names", ("id", "name here (kept)", "name in PostgreSQL"), self.renamed),
            Section("Cannot be moved", ("id", "reason"), self.bad),
        ]
        figures = {"found": self.found, "created": self.created, "unchanged": self.unchanged}
        return Report("enterprises", "Enterprises", self.passed, summary, sections, figures)


def move_enterprises(
    url: str,
    schema: str = DEFAULT_SCHEMA,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
    clock: Callable[[], datetime] = utc_now,
) -> Moved:
    """Create every enterprise of `schema`'s table that is not there yet; with `dry_run` only look.

    Raises ToolError when PostgreSQL or the engine cannot be used.
    """
    moved, now = Moved(dry_run), iso(clock())
    with opened(url) as connection, explained(f"{schema}.{TABLE} cannot be read"):
        count = connection.execute(sql("SELECT count(*) FROM {}.{}", schema, TABLE).encode()).fetchone()
        with engine_errors(), progress("Enterprises", int(count[0]) if count else 0) as advance:
            for row in _rows(connection, schema):
                _move(row, now, moved)
                advance(1)
    return moved


def _rows(connection: Any, schema: str) -> Iterator[_Row]:
    with connection.cursor("artshop_enterprises") as cursor:
        cursor.itersize = FETCHED_AT_ONCE
        query = sql("SELECT {}, {} FROM {}.{} ORDER BY 1", "enterprise_id", "enterprise_name", schema, TABLE)
        cursor.execute(query.encode())
        yield from cursor


def _move(row: _Row, now: str, moved: Moved) -> None:
    moved.found += 1
    number, name = row
    reason = _why_bad(number, name)
    if reason:
        moved.bad.append((str(number), reason))
        return
    enterprise = Enterprise(str(int(number)), name, now, now, original_pg_id=int(number))
    try:
        there = find_enterprise(enterprise.id) if moved.dry_run else _create(enterprise)
    except (PayloadTooLarge, UnstorableValue) as error:
        moved.bad.append((enterprise.id, str(error)))
        return
    if there is None:
        moved.created += 1
    elif there.name == name:
        moved.unchanged += 1
    else:
        moved.renamed.append((enterprise.id, there.name, name))


def _create(enterprise: Enterprise) -> Enterprise | None:
    """Create it unless it is there; gives the one that was there."""
    try:
        # Stops a second run from giving an enterprise new dates, and from undoing a name given since.
        put_item(enterprise_item(enterprise), condition=attr("PK").missing())
    except ConditionFailed as refusal:
        return enterprise_of(refusal.item) if refusal.item else find_enterprise(enterprise.id)
    return None


def _why_bad(number: object, name: object) -> str | None:
    whole = isinstance(number, int) or (isinstance(number, Decimal) and number.is_finite() and not number % 1)
    if not whole:
        return "enterprise_id is no whole number"
    if name is not None and not isinstance(name, str):
        return "enterprise_name is no text, or not in the encoding of the database"
    return None
