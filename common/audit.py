"""The audit log: one entry for each change, written in the transaction of the change itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from common.clock import epoch, iso
from common.dynamodb import UnitOfWork
from common.repositories.audit import AUDIT, AuditEntry

RETENTION = timedelta(days=365)
MAX_TEXT = 500
MAX_ENTRIES = 50


class Actor(Protocol):
    """Whoever makes a change: anything with an id, such as the identity of a request."""

    @property
    def id(self) -> str | int:
        """The id that the entry is filed under."""


def record(
    work: UnitOfWork,
    *,
    actor: Actor,
    action: str,
    entity_type: str,
    entity_id: str | int,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Adds an entry to `work`, so that the change and its entry are stored together or not at all.

    `action` is a verb such as `CREATE`; `changes` maps fields to `{"old", "new"}` (see changes_between).
    Long texts and lists are shortened. The entry expires 365 days after `now`.
    """
    entry = AuditEntry(
        id=str(uuid4()),
        entity_type=entity_type,
        entity_id=str(entity_id),
        user_id=str(actor.id),
        action=action,
        created_at=iso(now),
        expires_at=epoch(now + RETENTION),
        changes=_shortened(changes) if changes else None,
        metadata=_shortened(metadata) if metadata else None,
    )
    AUDIT.put(work, entry)


def changes_between(
    before: Mapping[str, Any], after: Mapping[str, Any], fields: Iterable[str] | None = None
) -> dict[str, dict[str, Any]]:
    """What differs: `{field: {"old": ..., "new": ...}}`, with None for a side that has no such field.

    Looks at `fields`, or at every field of either side.
    """
    names = sorted({*before, *after}) if fields is None else list(fields)
    return {
        name: {"old": before.get(name), "new": after.get(name)}
        for name in names
        if before.get(name) != after.get(name)
    }


def _shortened(value: Any) -> Any:
    """`value` without what would push the row towards DynamoDB's 400 KB (old and new of a long text)."""
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}… ({len(value)} characters)"
    if isinstance(value, Mapping):
        return {str(name): _shortened(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        kept = [_shortened(part) for part in value[:MAX_ENTRIES]]
        return kept if len(value) <= MAX_ENTRIES else [*kept, f"… ({len(value)} entries)"]
    return value
