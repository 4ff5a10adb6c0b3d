"""VAT numbers of businesses: confirmed by an administrator or by VIES, for a while, and on the record.

A confirmation ends, because numbers do: what was confirmed long ago says nothing of an order of today.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import InvalidInput, NotFound
from common.optimistic import StaleVersion, retry_when_stale, unchecked
from orders.repositories.vat_numbers import VAT_NUMBERS, VatNumber
from orders.vat_forms import stored_vat_number

ADMINISTRATOR, VIES = "administrator", "VIES"

CONFIRMED_FOR = timedelta(days=90)

Check = Callable[[VatNumber | None], None]

_AUDITED = ("confirmed_until", "name", "source")


class Finding(NamedTuple):
    """What somebody says of a number: whether it is valid, whose it is, and who (`source`) says so."""

    is_valid: bool
    source: str
    name: str | None = None


def number_in(text: str) -> str:
    """The stored form of a number in a path; NotFound for what no member state gives out."""
    try:
        return stored_vat_number(text)
    except ValueError as error:
        raise NotFound("VAT number not found") from error


def known_vat_number(number: str) -> VatNumber:
    """What is known of a number in the form that is stored; NotFound where nobody has asked about it."""
    known = VAT_NUMBERS.get(number)
    if known is None:
        raise NotFound("VAT number not found")
    return known


def set_down(
    number: str, finding: Finding, actor: Actor, now: datetime, *, check: Check = unchecked
) -> VatNumber:
    """Writes what was found out about a number, which counts from `now` on for CONFIRMED_FOR.

    `check` sees what is known so far and may refuse. Raises InvalidInput for another form.
    """
    try:
        stored_vat_number(number)
    except ValueError as error:
        raise InvalidInput.of_field("number", str(error)) from error

    def step() -> VatNumber:
        before = VAT_NUMBERS.get(number)
        check(before)
        until = iso(now + CONFIRMED_FOR) if finding.is_valid else None
        after = VatNumber(number, iso(now), finding.source, until, finding.name)
        with UnitOfWork() as work:
            stored = _stored(work, before, after)
            _audit(work, before, stored, actor, now)
        return stored

    return retry_when_stale(step)


def ask_vies(number: str, actor: Actor, now: datetime) -> VatNumber:
    """Asks VIES about a number, and writes what it says.

    Raises NotSetUp where the shop does not ask VIES, Unavailable while it, or the member state behind it,
    does not answer; then what was known stays.
    """
    # Few ask, and HTTP takes its time to be imported.
    from orders.vies import validity_of

    is_valid, name = validity_of(number)
    return set_down(number, Finding(is_valid, VIES, name), actor, now)


def vat_number_json(known: VatNumber, now: datetime) -> dict[str, Any]:
    """A number as administrators see it; `is_confirmed` is whether it counts at `now`."""
    return {
        "number": known.number,
        "is_confirmed": known.is_in_force(now),
        "confirmed_until": known.confirmed_until,
        "name": known.name,
        "source": known.source,
        "checked_at": known.checked_at,
    }


def _stored(work: UnitOfWork, before: VatNumber | None, after: VatNumber) -> VatNumber:
    if before is not None:
        # Stops a word that was read before a later one from being written over it.
        again = replace(after, version=before.version)
        return VAT_NUMBERS.change(work, before, again, failed=StaleVersion(VAT_NUMBERS.noun))
    # Stops two who both find nothing known from each making a row of the number.
    VAT_NUMBERS.add(work, after, exists=StaleVersion(VAT_NUMBERS.noun))
    return after


def _audit(work: UnitOfWork, before: VatNumber | None, after: VatNumber, actor: Actor, now: datetime) -> None:
    known = [{name: getattr(it, name) for name in _AUDITED} if it else {} for it in (before, after)]
    record(
        work,
        actor=actor,
        action="UPDATE" if before else "CREATE",
        entity_type="VatNumber",
        entity_id=after.number,
        now=now,
        changes=changes_between(*known),
    )
