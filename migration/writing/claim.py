"""Which rows nobody can have written before this run, so that they need not be looked for.

Those are rows of a record whose id the shop gives out by a counter, in the partition of that record. A first
run raises the counters before it writes: from then on the shop gives out other ids. When the counter was not
there before and the table had no row of that kind, no row under an id of the source's can be there, but for
those that this run has written itself. A process says in the table how far it is going to write before it
does, so that the one that goes on after it looks for what is up to there.

`MIGRATION#postgresql/CLAIM` says this, and which process writes: there is one at a time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from common.clock import iso
from common.dynamodb import (
    ConditionFailed,
    Item,
    Key,
    OutcomeUnknown,
    Update,
    attr,
    from_wire,
    get_item,
    put_item,
    update_item,
)
from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import PARTITION
from migration.table.state import State
from migration.writing.spool import Mapped
from tools.errors import ToolError
from tools.scanning import scan_pages

CLAIM_KEY: Key = (PARTITION, "CLAIM")

# What the table has before anything is moved: the migration's own rows, the counters that it has just raised,
# and the generation of the catalogue, which it has begun.
_OWN = ("MIGRATION", "COUNTER", "CATALOGUE")
# A table with more is no empty one.
_PAGES = 3


@dataclass(slots=True)
class Claim:
    """The entities whose rows nobody has written: each from behind the id `reached`, up to that in `raised`.

    An earlier process has announced the first, and to the second the counter was raised. `kinds` are those
    of which the table had rows. Nothing is claimed without entities.
    """

    writer: str = ""
    reached: Mapping[str, int] = field(default_factory=dict)
    raised: Mapping[str, int] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()

    def announce(self, entity: str, last_id: RecordId) -> None:
        """Say that the rows up to this id are being written.

        Raises ToolError when another process goes on with the run: it would take what this one writes, and
        the shop may have changed, for missing.
        """
        if entity not in self.reached:
            return
        update = Update().set(("reached", entity), int(last_id))
        try:
            # Stops a process from writing on without looking once another one writes.
            update_item(CLAIM_KEY, update, condition=attr("writer").eq(self.writer))
        except (ConditionFailed, OutcomeUnknown):
            raise ToolError(
                "Another run goes on with this migration, so this one ends. When that has ended too, the "
                "same command goes on from where it was."
            ) from None

    def is_new(self, entity: str, record: Mapped, partition: str) -> bool:
        """Whether nobody can have written a row of a record, which is in this partition."""
        own = record.rows[0][0]
        kind = own.partition("#")[0]
        return (
            partition == own == f"{kind}#{record.id}"
            and entity in self.reached
            and kind not in self.kinds
            and self.reached[entity] < record.position <= self.raised[entity]
        )


def claim(state: State, entities: Iterable[Entity], created: Mapping[str, int]) -> Claim:
    """What this process of a run may write without looking; `created` names counters that were not there.

    They have to be raised before, to the values that it has. After a finished run nothing is claimed.
    """
    if state.runs != 1:
        return Claim()
    found = get_item(CLAIM_KEY, consistent=True)
    # What an emptied table has kept is of another run.
    if found is None or found["as_of"] != iso(state.as_of):
        numbered = ((it.name, it.counters.get(it.table, "")) for it in entities)
        return _first(state, {name: created[it] for name, it in numbered if it in created}, found)
    return _taken_over()


def _first(state: State, raised: Mapping[str, int], stale: Item | None) -> Claim:
    kinds = _kinds() if raised else None
    writer = uuid4().hex
    reached = dict.fromkeys(raised if kinds is not None else (), 0)
    pk, sk = CLAIM_KEY
    row: Item = {"as_of": iso(state.as_of), "writer": writer, "reached": reached, "raised": dict(raised)}
    row["kinds"] = sorted(kinds or ())
    unclaimed = attr("PK").missing() if stale is None else attr("writer").eq(stale["writer"])
    try:
        # Stops two processes that begin at once from both claiming what is new.
        put_item({"PK": pk, "SK": sk, **row}, condition=unclaimed)
    except (ConditionFailed, OutcomeUnknown):
        return _taken_over()
    return Claim(writer, reached, raised, frozenset(kinds or ()))


def _taken_over() -> Claim:
    writer = uuid4().hex
    row = update_item(CLAIM_KEY, Update().set("writer", writer))
    return Claim(writer, row["reached"], row["raised"], frozenset(row["kinds"]))


def _kinds() -> frozenset[str] | None:
    """The words that the partitions in the table begin with; None when there are too many rows to look at."""
    found: set[str] = set()
    for number, page in enumerate(scan_pages(select=("PK",))):
        if number == _PAGES:
            return None
        found.update(from_wire(wire)["PK"].partition("#")[0] for wire in page.items)
    return frozenset(found.difference(_OWN))
