"""The numbers of an edition that were ever given out: one row each, and what became of it.

`EDITION#{variant}/NUMBER#{number}` and, of artist's proofs, `PROOF#{number}`. Which numbers are still to be
given out says the listing row (`common.repositories.numbering`), which the same transactions change. A row
outlives its variant: what was sold as number 7 stays number 7. `OWED#...` is what a channel sold beyond the
pieces that were there, and that has no number yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from common import prefixes
from common.dynamodb import Key, Query, UnitOfWork, Update, attr, batch_get, fetch_all
from common.dynamodb.rows import Rows
from common.dynamodb.shapes import Shape
from common.optimistic import StaleVersion

Kind = Literal["number", "proof"]
NUMBER: Kind = "number"
PROOF: Kind = "proof"

# With whoever bought it or was given it; back, and on sale again only when the artist says so; not to be sold
# any more; nobody's, to be given out next.
SOLD, RETURNED, VOID, FREE = "sold", "returned", "void", "free"
STATES = (SOLD, RETURNED, VOID, FREE)


@dataclass(frozen=True, slots=True)
class Owner:
    """What a number belongs to: the event that took its piece, such as `order` and `42`, and its line there.

    A piece that a channel sold belongs to the channel's event, as its movement names it; what the artist gave
    out by hand, as a proof, to `hand` and a name of its own.
    """

    source: str
    event_id: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A state that a number came to: when (ISO 8601 UTC), why, and whose it was until then."""

    state: str
    at: str
    reason: str | None = None
    owner: Owner | None = None
    sold_at: str | None = None


@dataclass(frozen=True, slots=True)
class EditionNumber:
    """One number of an edition; times in ISO 8601 UTC.

    `owner` and `sold_at` are those of the sale that it is in, `reason` says why it has none, `refund` which
    refund of that order took it back. `history` holds what was decided about it, the oldest first; orders
    that were never paid are not among it.
    """

    variant_id: int
    number: int
    state: str
    changed_at: str
    kind: Kind = NUMBER
    owner: Owner | None = None
    sold_at: str | None = None
    reason: str | None = None
    refund: int | None = None
    history: tuple[Step, ...] = ()
    version: int = 1

    @property
    def place(self) -> str:
        """The sort key of its row."""
        return _place(self.kind, self.number)

    @property
    def first_sold_at(self) -> str | None:
        """When it was sold or given out for the first time."""
        times = [step.sold_at for step in self.history if step.sold_at] + [self.sold_at or ""]
        return min((time for time in times if time), default=None)

    def become(
        self, state: str, at: str, reason: str | None, *, refund: int | None = None
    ) -> "EditionNumber":
        """It in another state, which its history tells; it keeps its owner until it is FREE."""
        step = Step(state, at, reason, self.owner, self.sold_at)
        kept = state != FREE
        return replace(
            self,
            state=state,
            changed_at=at,
            reason=reason,
            refund=refund,
            owner=self.owner if kept else None,
            sold_at=self.sold_at if kept else None,
            history=(*self.history, step),
        )

    def unsold(self, at: str, reason: str) -> "EditionNumber":
        """It when its order was not paid: nobody's. Its history does not grow by that."""
        return replace(self, state=FREE, changed_at=at, reason=reason, owner=None, sold_at=None)


@dataclass(frozen=True, slots=True)
class Owed:
    """So many `pieces` of an edition that were sold on a channel, and that have no numbers yet."""

    variant_id: int
    source: str
    event_id: str
    pieces: int
    created_at: str
    version: int = 1

    @property
    def name(self) -> str:
        """What tells it from the others of its edition."""
        return f"{self.source}:{self.event_id}"


_OWNER = Shape(Owner)
NUMBERS = Rows(
    EditionNumber,
    "Number",
    key=prefixes.EDITION + "#{variant_id}",
    sort="{place}",
    unstored=("history",),
)
OWED = Rows(Owed, "Owed piece", key=prefixes.EDITION + "#{variant_id}", sort="OWED#{name}")


def number_key(variant_id: int, number: int, kind: Kind = NUMBER) -> Key:
    """The key of the row of a number."""
    return NUMBERS.key(variant_id, _place(kind, number))


def give_out(
    work: UnitOfWork, variant_id: int, numbers: Iterable[int], owner: Owner, now: str, kind: Kind = NUMBER
) -> None:
    """Gives numbers of an edition to an owner at `now` (ISO 8601 UTC), none of which is read before."""
    for number in numbers:
        update = Update().set("variant_id", variant_id).set("number", number).set("kind", kind)
        update.set("state", SOLD).set("changed_at", now).set("sold_at", now)
        update.set("owner", _OWNER.store(owner)).remove("reason", "refund").add("version", 1)
        # Stops a number from being given to a second owner, whatever the listing row says of it.
        nobody = attr("PK").missing() | attr("state").eq(FREE)
        work.update(
            number_key(variant_id, number, kind), update, condition=nobody, failed=StaleVersion("Number")
        )


def numbers_at(places: Iterable[tuple[int, int]]) -> list[EditionNumber]:
    """The rows of numbers, each named by its variant and itself, those that were never given out left out.

    One consistent batch read for each hundred; none where there are none.
    """
    keys = [number_key(variant_id, number) for variant_id, number in places]
    rows = batch_get(keys, consistent=True)
    return [NUMBERS.of(rows[key]) for key in keys if key in rows]


def number_of(variant_id: int, number: int, kind: Kind = NUMBER) -> EditionNumber | None:
    """The row of a number or a proof, by one consistent read; None for one that was never given out."""
    return NUMBERS.get(variant_id, _place(kind, number))


def all_of_edition(variant_id: int) -> tuple[list[EditionNumber], list[Owed]]:
    """The numbers and proofs of an edition that were ever given out, and what is owed.

    One consistent query.
    """
    rows = fetch_all(Query(f"{prefixes.EDITION}#{variant_id}", consistent=True))
    owed = [OWED.of(row) for row in rows if row["SK"].startswith("OWED#")]
    return [NUMBERS.of(row) for row in rows if not row["SK"].startswith("OWED#")], owed


def owe(work: UnitOfWork, owed: Owed) -> None:
    """Notes pieces that were sold without a number; whoever notes them does so once for an event."""
    OWED.put(work, owed)


def _place(kind: Kind, number: int) -> str:
    return f"{kind.upper()}#{number:05d}"
