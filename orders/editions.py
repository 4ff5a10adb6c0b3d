"""Editions as the artist sees and corrects them: who has which number, and what becomes of it by hand.

What orders and channels do to numbers happens in their own transactions; here is only what somebody decides.
Each step names its number, so that a step that was asked for twice is refused the second time.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from common.audit import Actor, record
from common.clock import iso
from common.dynamodb import UnitOfWork, get_item
from common.errors import Conflict, InvalidInput, NotFound
from common.optimistic import StaleVersion, retry_when_stale
from common.repositories.edition_rows import renumber
from common.repositories.editions import (
    FREE,
    NUMBER,
    NUMBERS,
    OWED,
    PROOF,
    RETURNED,
    SOLD,
    VOID,
    EditionNumber,
    Kind,
    Owed,
    Owner,
    all_of_edition,
    give_out,
    number_of,
)
from common.repositories.numbering import Numbering
from common.repositories.product_writes import variant_pointer_key
from common.repositories.products import Product, Variant, product_by_id
from common.repositories.stock import Shelf, shelf_of
from common.stock_ledger import Event, put_in, take_out
from common.stock_queue import announce

ENTITY = "Edition"
BY_HAND = "hand"


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition with all of its numbers that were ever given out, and what was sold without any."""

    product: Product
    variant: Variant
    numbering: Numbering
    numbers: tuple[EditionNumber, ...]
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the artist decides about a number of a variant, why, and who says so; `reason` names nobody."""

    variant_id: int
    number: int
    reason: str
    actor: Actor
    now: datetime
    kind: Kind = NUMBER

    @property
    def at(self) -> str:
        """When, in ISO 8601 UTC."""
        return iso(self.now)


def find_edition(variant_id: int) -> EditionView:
    """An edition, also of a variant that is sold no more; NotFound for a variant that is none."""
    product, variant, numbering = read_edition(variant_id)
    numbers, owed = all_of_edition(variant_id)
    return EditionView(product, variant, numbering, tuple(numbers), tuple(owed))


def read_edition(variant_id: int) -> tuple[Product, Variant, Numbering]:
    """A variant with its product and what is left of its edition, by two consistent reads.

    Deleted ones too; NotFound for a variant that is no edition.
    """
    pointer = get_item(variant_pointer_key(variant_id), consistent=True)
    product = product_by_id(int(pointer["product_id"])) if pointer else None
    variants = product.variants if product else ()
    variant = next((each for each in variants if each.id == variant_id), None)
    if product is None or variant is None or variant.numbering is None:
        raise NotFound("Edition not found")
    return product, variant, variant.numbering


def release(decision: Decision) -> None:
    """Puts a number that came back, or was withheld, on sale again with its piece.

    Raises NotFound, and Conflict for a number that somebody has, for a proof, and for a variant off sale.
    """
    retry_when_stale(lambda: _release(decision))


def withhold(decision: Decision) -> None:
    """Says that a number is void: its piece is lost, destroyed, replaced or kept by the artist.

    A number that was not given out is given to nobody then; where each number that is left has a piece on
    sale, one goes. Raises NotFound, and Conflict for one that is void already.
    """
    retry_when_stale(lambda: _withhold(decision))


def take_back_by_hand(decision: Decision) -> None:
    """Says that a number that was sold is back, which no refund said of it; NotFound, Conflict."""

    def step() -> None:
        row = _in_state(decision, SOLD)
        with UnitOfWork() as work:
            NUMBERS.change(work, row, row.become(RETURNED, decision.at, decision.reason))
            _record(work, decision, "RETURN_NUMBER")

    retry_when_stale(step)


def exchange(decision: Decision, other: int) -> None:
    """Says that of two numbers of one order the `other` one came back and not this, as a refund assumed.

    Raises NotFound, and Conflict unless this one is back, the other one sold, and both of one line.
    """

    def step() -> None:
        back = _in_state(decision, RETURNED)
        kept = _in_state(replace(decision, number=other), SOLD)
        if back.owner != kept.owner:
            raise Conflict(f"Numbers {back.number} and {kept.number} were not sold together")
        with UnitOfWork() as work:
            NUMBERS.change(work, back, back.become(SOLD, decision.at, decision.reason))
            returned = kept.become(RETURNED, decision.at, decision.reason, refund=back.refund)
            NUMBERS.change(work, kept, returned)
            _record(work, decision, "EXCHANGE_NUMBER", other=other)

    retry_when_stale(step)


def give_number(decision: Decision, owed: str | None = None) -> None:
    """Gives a number out by hand: to what was sold without any (`owed`, as the edition names it), or else.

    Where each number that is left has a piece on sale, one goes. Raises NotFound for what is not owed,
    Conflict for a number that was given out, InvalidInput for one that the edition has not.
    """
    retry_when_stale(lambda: _give_number(decision, owed))


def forgive(variant_id: int, owed: str, reason: str, actor: Actor, now: datetime) -> None:
    """Says that what is owed needs no number, as when its channel has cancelled it; NotFound."""

    def step() -> None:
        debt = _owed(variant_id, owed)
        with UnitOfWork() as work:
            OWED.remove(work, debt)
            said = {"owed": owed, "pieces": debt.pieces, "reason": reason}
            record(
                work,
                actor=actor,
                action="FORGIVE_OWED",
                entity_type=ENTITY,
                entity_id=variant_id,
                now=now,
                metadata=said,
            )

    retry_when_stale(step)


def give_proof(decision: Decision) -> None:
    """Gives an artist's proof out: the next one, which is named. InvalidInput, Conflict for another."""

    def step() -> None:
        _, variant, numbering = read_edition(decision.variant_id)
        if decision.number > numbering.proofs:
            raise InvalidInput.of_field("number", f"must be at most {numbering.proofs}")
        if decision.number != numbering.next_proof:
            raise Conflict(f"The next proof is number {numbering.next_proof}")
        with UnitOfWork() as work:
            give_out(work, variant.id, [decision.number], Owner(BY_HAND, "proof"), decision.at, PROOF)
            renumber(work, shelf_of(variant), replace(numbering, next_proof=decision.number + 1))
            _record(work, decision, "GIVE_PROOF")

    retry_when_stale(step)


def _release(decision: Decision) -> None:
    _, variant, numbering = read_edition(decision.variant_id)
    row = _in_state(decision, RETURNED, VOID)
    if variant.deleted_at is not None:
        raise Conflict("The variant is not on sale any more")
    event = Event("edition", f"release:{row.variant_id}:{row.number}:{row.version}", "return", decision.now)
    with UnitOfWork() as work:
        NUMBERS.change(work, row, row.become(FREE, decision.at, decision.reason))
        put_in(work, shelf_of(variant), 1, event, numbering.with_free([row.number]))
        _record(work, decision, "RELEASE_NUMBER")
    announce([variant.sku])


def _withhold(decision: Decision) -> None:
    product, variant, numbering = read_edition(decision.variant_id)
    row = number_of(decision.variant_id, decision.number, decision.kind)
    is_given = row is not None and row.state != FREE
    if not is_given and decision.kind == PROOF:
        raise NotFound("Proof not found")
    if row is not None and row.state == VOID:
        raise Conflict(f"Number {decision.number} is void already")
    with UnitOfWork() as work:
        if row is not None and is_given:
            NUMBERS.change(work, row, row.become(VOID, decision.at, decision.reason))
        else:
            _take_number(work, product, variant, numbering, decision)
            _void_unsold(work, row, decision)
        _record(work, decision, "VOID_NUMBER")
    announce([variant.sku])


def _void_unsold(work: UnitOfWork, row: EditionNumber | None, decision: Decision) -> None:
    if row is not None:
        NUMBERS.change(work, row, row.become(VOID, decision.at, decision.reason))
        return
    never = EditionNumber(decision.variant_id, decision.number, FREE, decision.at)
    # Stops a sale of this moment from being written over.
    taken = StaleVersion("Number")
    NUMBERS.add(work, never.become(VOID, decision.at, decision.reason), exists=taken)


def _give_number(decision: Decision, owed: str | None) -> None:
    product, variant, numbering = read_edition(decision.variant_id)
    row = number_of(decision.variant_id, decision.number)
    if row is not None and row.state != FREE:
        raise Conflict(f"Number {decision.number} was given out already")
    debt = _owed(decision.variant_id, owed) if owed is not None else None
    owner = Owner(debt.source, debt.event_id) if debt else Owner(BY_HAND, "sale")
    with UnitOfWork() as work:
        _take_number(work, product, variant, numbering, decision)
        give_out(work, variant.id, [decision.number], owner, decision.at)
        if debt is not None:
            _pay(work, debt)
        _record(work, decision, "GIVE_NUMBER", owed=owed)
    announce([variant.sku])


def _owed(variant_id: int, name: str) -> Owed:
    debt = OWED.get(variant_id, name)
    if debt is None:
        raise NotFound("Nothing is owed by this name")
    return debt


def _pay(work: UnitOfWork, debt: Owed) -> None:
    if debt.pieces == 1:
        OWED.remove(work, debt)
    else:
        OWED.change(work, debt, replace(debt, pieces=debt.pieces - 1))


def _take_number(
    work: UnitOfWork, product: Product, variant: Variant, numbering: Numbering, decision: Decision
) -> None:
    """Takes one number out of what is left, and a piece off sale where each other number has its piece."""
    if decision.number > numbering.size:
        raise InvalidInput.of_field("number", f"must be at most {numbering.size}")
    left, shelf = numbering.without([decision.number]), shelf_of(variant)
    if shelf.seen <= left.left:
        renumber(work, _counted(shelf, variant), left)
        return
    event = Event("edition", f"take:{variant.id}:{decision.number}:{decision.at}", "correction", decision.now)
    take_out(work, shelf, 1, event, f"{product.title}, {variant.name}", left)


def _counted(shelf: Shelf, variant: Variant) -> Shelf:
    # A variant that is sold no more has no count in the listing row, and keeps what it had in the document.
    return replace(shelf, seen=0) if variant.deleted_at is not None else shelf


def _in_state(decision: Decision, *states: str) -> EditionNumber:
    row = number_of(decision.variant_id, decision.number, decision.kind)
    if row is None:
        raise NotFound("Number not found")
    if row.state not in states:
        raise Conflict(f"Number {row.number} is {row.state}")
    return row


def _record(work: UnitOfWork, decision: Decision, action: str, **more: object) -> None:
    said = {"number": decision.number, "kind": decision.kind, "reason": decision.reason, **more}
    record(
        work,
        actor=decision.actor,
        action=action,
        entity_type=ENTITY,
        entity_id=decision.variant_id,
        now=decision.now,
        metadata={name: value for name, value in said.items() if value is not None},
    )
