"""How a command is carried out, and what every record of one migration is mapped with."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.clock import utc_now
from migration.mapping.discounts import live_codes
from migration.mapping.entity import Entity
from migration.mapping.records import BadRow, Context, Row
from migration.postgres.source import Source
from migration.table.state import State
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
