"""The counters that give out ids, raised above everything that came from PostgreSQL."""

from collections.abc import Iterable, Mapping

from common.dynamodb import (
    ConditionFailed,
    OutcomeUnknown,
    Update,
    attr,
    get_item,
    raise_counter,
    update_item,
)
from common.dynamodb.counters import VALUE, counter_key
from migration.mapping.entity import Entity
from migration.postgres.source import Source
from migration.schema.columns import quoted

_LAST_GIVEN_OUT = "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass) AS id"


class Counters:
    """Raises each counter as records pass, and writes only when one goes up."""

    def __init__(self) -> None:
        self._reached: dict[str, int] = {}

    def reach(self, highest: Iterable[Mapping[str, int]]) -> None:
        """Let no counter give out what these records hold."""
        for name, value in _largest(highest).items():
            if value > self._reached.get(name, 0):
                raise_counter(name, value)
                self._reached[name] = value


def raise_above_sequences(source: Source, entities: Iterable[Entity]) -> dict[str, int]:
    """Let the shop give out no id that PostgreSQL has given out, that of a deleted row included.

    Gives the counters that were not there before, which therefore have never given out an id, and to what
    they were raised.
    """
    found = last_ids(source, entities)
    return {name: value for name, value in found.items() if value and _raised(name, value)}


def last_ids(source: Source, entities: Iterable[Entity]) -> dict[str, int]:
    """What each counter must at least have: the highest id, or the last that the sequence gave out."""
    found: dict[str, int] = {}
    for entity in entities:
        for table, name in entity.counters.items():
            found[name] = max(found.get(name, 0), source.max_id(table), _last_of_sequence(source, table))
    return found


def behind(source: Source, entities: Iterable[Entity]) -> dict[str, tuple[int, int]]:
    """The counters that would give out an id again: the value that they have and what they need."""
    found = {}
    for name, needed in last_ids(source, entities).items():
        value = int((get_item(("COUNTER", name), consistent=True) or {}).get("value", 0))
        if value < needed:
            found[name] = (value, needed)
    return found


def _raised(name: str, value: int) -> bool:
    try:
        # Stops a counter that has given out ids from being taken for one that has not.
        update_item(counter_key(name), Update().set(VALUE, value), condition=attr(VALUE).missing())
    except (ConditionFailed, OutcomeUnknown):
        raise_counter(name, value)
        return False
    return True


def _last_of_sequence(source: Source, table: str) -> int:
    if not source.has(table, "id"):
        return 0
    name = f"{quoted(source.shapes[table].schema)}.{quoted(table)}"
    (row,) = source.query(_LAST_GIVEN_OUT, name)
    return int(row["id"] or 0)


def _largest(highest: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in highest:
        for name, value in one.items():
            found[name] = max(found.get(name, 0), value)
    return found
