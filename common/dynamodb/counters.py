"""Atomic counters that give out numeric ids, each once."""

from .codec import Key
from .expressions import Update, attr
from .items import ConditionFailed, OutcomeUnknown, update_item

PARTITION = "COUNTER"
VALUE = "value"


def counter_key(name: str) -> Key:
    """The key of a counter."""
    return PARTITION, name


def next_ids(name: str, count: int = 1) -> range:
    """The next `count` ids, reserved in one write. Raises ValueError when the count is below 1.

    An id may be lost (a caller that fails, an answer lost on the way) but is never given out twice.
    """
    if count < 1:
        raise ValueError(f"cannot reserve {count} ids")
    last = int(update_item(counter_key(name), Update().add(VALUE, count))[VALUE])
    return range(last - count + 1, last + 1)


def next_id(name: str) -> int:
    """The next id."""
    return next_ids(name)[0]


def raise_counter(name: str, at_least: int) -> None:
    """Let the ids that follow be greater than `at_least`; a counter that is further on is left alone."""
    try:
        update_item(
            counter_key(name),
            Update().set(VALUE, at_least),
            # Stops a late raise from lowering a counter that gave out ids meanwhile.
            condition=attr(VALUE).missing() | attr(VALUE).lt(at_least),
        )
    except (ConditionFailed, OutcomeUnknown):
        # Whoever wrote it: what was found is as far on as it should be.
        return
