"""Counts calls to DynamoDB and the capacity units that they consumed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock
from typing import Any

READS = frozenset({"get_item", "query", "scan", "batch_get_item", "transact_get_items"})
WRITES = frozenset({"put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items"})

_ZERO = Decimal(0)
# A request may read in several threads at once, and adding to a number takes more than one step.
_counting = Lock()


@dataclass(slots=True)
class Usage:
    """What was consumed: calls, and read and write capacity units.

    `operations` lists each call as (operation, read units, write units), in the order of the answers.
    A refused call is counted with 0 units, because the service does not say what it consumed.
    """

    calls: int = 0
    read_units: Decimal = _ZERO
    write_units: Decimal = _ZERO
    operations: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)

    def add(self, operation: str, read: Decimal, write: Decimal) -> None:
        """Count one call."""
        with _counting:
            self.calls += 1
            self.read_units += read
            self.write_units += write
            self.operations.append((operation, read, write))


_active: ContextVar[tuple[Usage, ...]] = ContextVar("active_meters", default=())


@contextmanager
def meter() -> Iterator[Usage]:
    """Count everything that is sent within the block, in this thread or task; meters may be nested."""
    usage = Usage()
    token = _active.set((*_active.get(), usage))
    try:
        yield usage
    finally:
        _active.reset(token)


def record(operation: str, response: Mapping[str, Any]) -> None:
    """Feed the active meters with one call and its answer; an empty answer counts 0 units."""
    active = _active.get()
    if not active:
        return
    units = _units(response.get("ConsumedCapacity"))
    read = units if operation in READS else _ZERO
    write = units if operation in WRITES else _ZERO
    for usage in active:
        usage.add(operation, read, write)


def _units(consumed: Any) -> Decimal:
    if not consumed:
        return _ZERO
    entries = consumed if isinstance(consumed, list) else [consumed]
    return sum((Decimal(str(entry.get("CapacityUnits", 0))) for entry in entries), _ZERO)
