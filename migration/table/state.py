"""What the table itself knows of the migration that fills it: how far it is, and what did not fit.

`MIGRATION#postgresql/METADATA` holds the source, the checkpoint of each entity and the totals;
`MIGRATION#postgresql/CONFLICT#...` one row for each finding. They are in the table that they speak of, so
an emptied table has no checkpoint, and a copy of the table brings its own along.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from common.clock import iso, parse_iso
from common.dynamodb import (
    ConditionFailed,
    Item,
    Key,
    OutcomeUnknown,
    Query,
    Update,
    attr,
    delete_item,
    fetch_all,
    get_item,
    put_item,
    sort_key,
    update_item,
)
from migration.findings import Finding, Kind
from migration.mapping.records import PARTITION
from migration.table.batches import delete_all, write_all
from tools.errors import ToolError

STATE_KEY: Key = (PARTITION, "METADATA")
CONFLICT = "CONFLICT#"

_HEADS = {"entity": "entity", "id": "id", "key": "where", "what": "what", "finding": "here"}
# What was not written as the source has it: the table has other values; it was deleted from the table since
# it was moved; another row of the source owns the name; it cannot be stored.
DIFFERENT = Kind("different", "Rows that the table has with other values; they were left as they are", _HEADS)
GONE = Kind(
    "gone",
    "Rows that were moved before and have been deleted from the table since; they stay deleted",
    _HEADS,
)
MARKER = Kind("marker", "Names that two rows of the source claim; the first has it", _HEADS)
BAD = Kind("bad", "Rows that cannot be moved", _HEADS)
CONFLICTS = {kind.word: kind for kind in (DIFFERENT, GONE, MARKER, BAD)}

_DIGEST = 16


@dataclass(frozen=True, slots=True)
class State:
    """How far a migration is.

    `progress` has the last id of each entity that this run has moved, `moved` the last id that the finished
    run before it has moved and `left_out` the records that it could not move (`orders#7`); `as_of` is when
    the first run began, `began_at` when the latest one did. `media_bases` are what the runs were told;
    `is_forgetting` is true while the findings of an earlier run are being deleted.
    """

    source: str
    as_of: datetime
    began_at: datetime
    progress: Mapping[str, int | str] = field(default_factory=dict)
    moved: Mapping[str, int | str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    media_bases: tuple[str, ...] = ()
    finished_at: str | None = None
    runs: int = 1
    is_forgetting: bool = False

    def was_moved(self, entity: str, record: int | str) -> bool:
        """Whether an earlier, finished run has put this record into the table."""
        last = self.moved.get(entity)
        is_passed = last is not None and isinstance(record, int) and record <= int(last)
        return is_passed and f"{entity}#{record}" not in self.left_out

    def has_moved(self, entity: str, record: int | str) -> bool:
        """Whether this run or the one before it has put this record into the table."""
        last = self.after(entity)
        is_passed = last is not None and isinstance(record, int) and record <= last
        return is_passed or self.was_moved(entity, record)

    def after(self, entity: str) -> int | None:
        """The last id of an entity that this run has moved; None before the first."""
        last = self.progress.get(entity)
        return None if last is None else int(last)

    @property
    def is_resumed(self) -> bool:
        """Whether an earlier process has begun this run and did not end it."""
        return bool(self.progress)


def load() -> State | None:
    """What the table says; None when nothing was moved into it."""
    item = get_item(STATE_KEY, consistent=True)
    return _state(item) if item else None


def expected(source: str, now: datetime, *, same_shop: bool = False) -> State:
    """The state that a run would go on with: fresh, taken up after a stop, or the next after a finished one.

    Raises ToolError when the table was filled from another source and the caller does not say that it is
    the `same_shop`.
    """
    found = load()
    if found is None:
        # As precise as it is stored, so that every run reckons from the same moment.
        moment = parse_iso(iso(now))
        return State(source, moment, moment, runs=0)
    if found.source != source and not same_shop:
        raise ToolError(
            f"The table was filled from {found.source}, not from {source}. Give --same-shop when this is a "
            "copy of the same shop's database, or empty the table first."
        )
    if not found.finished_at:
        return replace(found, source=source)
    left_out = frozenset(f"{it.entity}#{it.id}" for it in conflicts() if it.kind is BAD)
    return replace(found, source=source, began_at=now, progress={}, moved=found.progress, left_out=left_out)


def begin(source: str, now: datetime, *, same_shop: bool = False) -> State:
    """Write down the state that a run goes on with, and give it; raises as `expected` does."""
    state = expected(source, now, same_shop=same_shop)
    if not state.runs:
        state = _first(state, same_shop=same_shop)
    elif state.finished_at:
        state = _next(state)
    else:
        update_item(STATE_KEY, Update().set("source", source))
    if not state.is_forgetting:
        return state
    # Only now: the next run has to know what the last one left out, and this one may be killed meanwhile.
    delete_conflicts()
    return _state(update_item(STATE_KEY, Update().remove("is_forgetting")))


def _next(state: State) -> State:
    update = (
        Update()
        .set("source", state.source)
        .set("is_forgetting", True)
        .set("began_at", iso(state.began_at))
        .set("progress", {})
        .set("moved", dict(state.moved))
        .set("left_out", sorted(state.left_out))
        .remove("finished_at")
        .increment("runs", 1)
    )
    return _state(update_item(STATE_KEY, update))


def _first(state: State, *, same_shop: bool) -> State:
    pk, sk = STATE_KEY
    moment = iso(state.as_of)
    row: Item = {"source": state.source, "as_of": moment, "began_at": moment, "progress": {}, "moved": {}}
    row |= {"runs": 1, "is_forgetting": True}
    try:
        # Stops two first runs at once from having two moments to reckon expiry from.
        put_item({"PK": pk, "SK": sk, **row}, condition=attr("PK").missing())
    except (ConditionFailed, OutcomeUnknown):
        return begin(state.source, state.as_of, same_shop=same_shop)
    return replace(state, runs=1, is_forgetting=True)


def checkpoint(entity: str, last_id: int | str) -> None:
    """Everything of an entity up to this id is in the table."""
    update_item(STATE_KEY, Update().set(("progress", entity), last_id))


def remember_media_bases(bases: Sequence[str]) -> None:
    """Keep what is to count as the shop's own uploads, for every later command."""
    update_item(STATE_KEY, Update().set("media_bases", list(bases)))


def finish(now: datetime, totals: Mapping[str, int]) -> None:
    """The run is at its end; `totals` counts the records of each entity."""
    update_item(STATE_KEY, Update().set("finished_at", iso(now)).set("totals", dict(totals)))


def remember(found: Iterable[Finding]) -> None:
    """Keep findings in the table. Raises ToolError when it does not take them."""
    write_all(_conflict_item(finding) for finding in found)


def conflicts() -> Iterator[Finding]:
    """Every finding of this run, by entity and id as texts."""
    for item in fetch_all(Query(PARTITION, sort=sort_key().begins_with(CONFLICT), consistent=True)):
        partition, sort = item["key"]
        kind = CONFLICTS[item["kind"]]
        yield Finding(kind, item["entity"], item["id"], (partition, sort), item["details"])


def _conflict_item(finding: Finding) -> Item:
    """The row that remembers a finding; the same one has the same row."""
    key, kind = finding.where, finding.kind.word
    what = sha256("\n".join(key).encode()).hexdigest()[:_DIGEST]
    return {
        "PK": PARTITION,
        "SK": f"{CONFLICT}{finding.entity}#{finding.id}#{kind}#{what}",
        "entity": finding.entity,
        "id": finding.id,
        "kind": kind,
        "key": list(key),
        "details": dict(finding.details),
    }


def delete_conflicts() -> None:
    """Forget the findings of earlier runs. Raises ToolError when some are left."""
    _delete(CONFLICT)


def forget() -> None:
    """Let the table know nothing of a migration any more: first that there was one, then all about it."""
    delete_item(STATE_KEY)
    _delete("")


def _delete(prefix: str) -> None:
    sort = sort_key().begins_with(prefix) if prefix else None
    found = Query(PARTITION, sort=sort, consistent=True, select=("PK", "SK"))
    delete_all((item["PK"], item["SK"]) for item in fetch_all(found))


def _state(item: Mapping[str, Any]) -> State:
    return State(
        source=item["source"],
        as_of=parse_iso(item["as_of"]),
        began_at=parse_iso(item["began_at"]),
        progress=item["progress"],
        moved=item["moved"],
        left_out=frozenset(item.get("left_out", ())),
        media_bases=tuple(item.get("media_bases", ())),
        finished_at=item.get("finished_at"),
        is_forgetting=item.get("is_forgetting", False),
        runs=int(item["runs"]),
    )
