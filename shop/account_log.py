"""What the audit log keeps of an account's own doings: who, and from which address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from common.audit import Actor, record
from common.dynamodb import UnitOfWork


@dataclass(frozen=True)
class Person:
    """Whoever the audit log has to name without a token that proves them."""

    id: str


NOBODY = Person("unknown")


def record_of_person(
    work: UnitOfWork,
    action: str,
    person: Actor,
    address: str,
    now: datetime,
    changes: Mapping[str, str] | None = None,
) -> None:
    """Adds to `work` that a person did something to the own account, from an IP address."""
    record(
        work,
        actor=person,
        action=action,
        entity_type="User",
        entity_id=person.id,
        now=now,
        changes=changes,
        metadata={"ip_address": address} if address else None,
    )
