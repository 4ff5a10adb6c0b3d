"""Uniqueness by marker items, written in the transaction of the item that owns the value.

An index cannot enforce uniqueness, and reading before writing leaves a window between the two.
"""

from .codec import Item, Key
from .expressions import attr
from .transaction import UnitOfWork

PARTITION, SORT = "UNIQUE", "METADATA"


def marker_key(kind: str, value: str) -> Key:
    """The key of the marker that says who owns a value."""
    return f"{PARTITION}#{kind}#{value}", SORT


def marker_item(kind: str, value: str, owner: str) -> Item:
    """The marker of a value that the owner has."""
    partition, sort = marker_key(kind, value)
    return {"PK": partition, "SK": sort, "owner": owner}


def claim(work: UnitOfWork, kind: str, value: str, owner: str, taken: Exception) -> None:
    """Make the owner the only one with this value; `taken` is raised when it has an owner already."""
    work.put(
        marker_item(kind, value, owner),
        # Stops two writers that both found the value free from both taking it.
        condition=attr("PK").missing(),
        failed=taken,
        tag=("unique", kind, value),
    )


def release(work: UnitOfWork, kind: str, value: str, owner: str) -> None:
    """Free a value that the owner has; that it is free already is no error."""
    work.delete(
        marker_key(kind, value),
        # Stops a late writer from freeing a value that another owner has claimed since.
        condition=attr("PK").missing() | attr("owner").eq(owner),
        tag=("unique", kind, value),
    )


def change(
    work: UnitOfWork, kind: str, old: str | None, new: str | None, owner: str, taken: Exception
) -> None:
    """Swap one value for another; an empty one is neither claimed nor released, equal ones do nothing."""
    if old == new:
        return
    if new:
        claim(work, kind, new, owner, taken)
    if old:
        release(work, kind, old, owner)
