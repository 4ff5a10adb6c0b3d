"""What a block of work consumes of the table and of each of its indexes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from benchmarks.aws_units import recorded_actions, transaction_units
from common.dynamodb import get_client
from common.dynamodb.meter import READS

TABLE = "table"
# What AWS counts for a read that finds nothing, and is not consistent.
LEAST = Decimal("0.5")
_READS = frozenset("".join(part.title() for part in name.split("_")) for name in READS)
_TRANSACTION = "TransactWriteItems"


@dataclass(slots=True)
class Consumed:
    """Read units by place (`table` or the name of an index); write units of both together, as AWS counts."""

    reads: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    writes: Decimal = Decimal(0)

    def as_json(self) -> dict[str, Any]:
        """Both, in half units at the finest."""
        reads = {place: float(units) for place, units in sorted(self.reads.items()) if units}
        return {"reads": reads, "writes": float(self.writes)}


@contextmanager
def consumed() -> Iterator[Consumed]:
    """Fills a `Consumed` with what the block has consumed when it is over.

    It is what AWS counts where DynamoDB Local differs: of the actions of a transaction that cost the same it
    counts one (`benchmarks.aws_units`), and nothing for a read that finds nothing. A transaction of the block
    must not have deleted a row, of which nobody could say the size afterwards.
    """
    found, single = Consumed(), list[Decimal]()
    # What finds nothing is not said to be of an index, so it is of the one that was asked last.
    asked_last = [TABLE]

    def ask(params: dict[str, Any], **_: object) -> None:
        asked_last[0] = params.get("IndexName", TABLE)
        if "ReturnConsumedCapacity" in params:
            params["ReturnConsumedCapacity"] = "INDEXES"

    def hear(parsed: Mapping[str, Any], model: Any, **_: object) -> None:
        for capacity in _capacities(parsed):
            if model.name in _READS:
                _add_by_place(found.reads, capacity, asked_last[0])
            elif model.name != _TRANSACTION:
                single.append(Decimal(str(capacity["CapacityUnits"])))

    events = get_client().meta.events
    events.register_first("before-parameter-build.dynamodb", ask)
    events.register("after-call.dynamodb", hear)
    try:
        with recorded_actions() as actions:
            yield found
    finally:
        events.unregister("before-parameter-build.dynamodb", ask)
        events.unregister("after-call.dynamodb", hear)
    found.writes = sum(single, Decimal(0)) + transaction_units(actions)


def _capacities(parsed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    capacity = parsed.get("ConsumedCapacity") or []
    return capacity if isinstance(capacity, list) else [capacity]


def _add_by_place(reads: defaultdict[str, Decimal], capacity: Mapping[str, Any], asked: str) -> None:
    total = Decimal(str(capacity["CapacityUnits"]))
    if not total:
        reads[asked] += LEAST
        return
    indexes = capacity.get("GlobalSecondaryIndexes") or {}
    for name, each in indexes.items():
        units = Decimal(str(each["CapacityUnits"]))
        reads[name] += units
        total -= units
    reads[TABLE] += total
