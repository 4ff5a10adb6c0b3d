"""Collections with an order of their own whose entries are deleted softly and can be restored.

Live entries stand in GSI1 by their order, those of one order newest first, and deleted ones in GSI2 by the
time of deletion: each list is one query. An entry is in exactly one of the two, because one update moves it.
"""

from dataclasses import dataclass
from typing import TypeVar

from common.dynamodb import Index, next_id, raise_counter
from common.dynamodb.rows import Rows

# The order stands in the index with ten digits. Entries that were moved in may have one below zero.
MAX_ORDER = 9_999_999_999
_LATEST_FIRST = str.maketrans("0123456789", "9876543210")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedEntity:
    """What every entry has; smaller `order` comes first, times in ISO 8601 UTC.

    `edited_at` is when a form was last saved over it, which adding and taking away pictures are not.
    """

    id: int
    order: int
    created_at: str
    updated_at: str
    version: int = 1
    deleted_at: str | None = None
    edited_at: str | None = None


E = TypeVar("E", bound=OrderedEntity)


class OrderedCollection(Rows[E]):
    """All entries of one kind; `prefix` opens their keys (PERSONAGGIO) and `noun` names one to people."""

    def __init__(self, prefix: str, noun: str, entity: type[E]) -> None:
        self.prefix = prefix
        self._live = Index[E]("GSI1", f"{prefix}_ORDER", _place)
        self._deleted = Index[E]("GSI2", f"{prefix}_DELETED", "{deleted_at}#{id}", of_deleted=True)
        super().__init__(entity, noun, key=f"{prefix}#{{id}}", indexes=(self._live, self._deleted))

    def live(self) -> list[E]:
        """Every live entry in order, by one query (eventually consistent)."""
        return self.all(self._live.query())

    def deleted(self) -> list[E]:
        """Every deleted entry, the latest deletion first, by one query (eventually consistent)."""
        return self.all(self._deleted.query(descending=True))

    def next_id(self) -> int:
        """A fresh id from the atomic counter."""
        return next_id(f"{self.prefix}_ID")

    def next_order(self) -> int:
        """The order behind every entry so far, from an atomic counter: two creations get two places."""
        return min(next_id(f"{self.prefix}_ORDER"), MAX_ORDER)

    def reach_order(self, order: int) -> None:
        """Lets `next_order` go on behind an order that was chosen by hand."""
        raise_counter(f"{self.prefix}_ORDER", order)


def _place(entry: OrderedEntity) -> str:
    age = f"{entry.created_at}#{entry.id:010d}".translate(_LATEST_FIRST)
    return f"{_order_digits(entry.order)}#{age}"


def _order_digits(order: int) -> str:
    """Digits that sort as the orders do; a minus sorts before every digit."""
    return f"{order:010d}" if order >= 0 else f"-{MAX_ORDER + 1 + order:010d}"
