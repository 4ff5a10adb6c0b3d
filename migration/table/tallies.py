"""The numbers that the shop keeps beside its rows, counted anew from the table itself.

They are how many products stand in each list, and how many orders with which turnover by month. A
scan counts what is there, whoever wrote it; a number that somebody moves meanwhile is left to them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock
from typing import Any

from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import (
    Condition,
    ConditionFailed,
    Item,
    Key,
    OutcomeUnknown,
    Update,
    attr,
    from_wire,
    get_item,
    index_keys,
    update_item,
)
from common.repositories.listings import TIMED
from common.repositories.order_counter import COUNTER_KEY
from common.repositories.products import LISTS, is_timed, status_partition
from common.repositories.sales_tally import MONTH, REVENUE, SalesTally, tally_values
from migration.table.scan import scan
from tools.scanning import ScanPage

SELECT = (
    "PK",
    "SK",
    "GSI2PK",
    "total",
    "currency",
    "created_at",
    "deleted_at",
    "publish_at",
    "unpublish_at",
)
LIST_TALLY = "PRODUCTS#"

_AFTER_EVERY_ROW = "LISTING#~"


@dataclass(slots=True)
class Tally:
    """What was counted: live products by list, those of them with times, live orders, totals by month."""

    lists: Counter[str] = field(default_factory=Counter)
    timed: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    months: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    foreign: defaultdict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def see(self, items: Iterable[Item]) -> None:
        """Count these rows of the table."""
        for item in items:
            if item["SK"] == "LISTING" and "GSI2PK" in item:
                listed_as = item["GSI2PK"].removeprefix(status_partition(""))
                self.lists[listed_as] += 1
                if is_timed(item.get("publish_at"), item.get("unpublish_at")):
                    self.timed[listed_as] += 1
            elif _is_live_order(item):
                self._see_order(item)

    def _see_order(self, item: Item) -> None:
        month, total = item["created_at"][:7], Decimal(item["total"])
        currency = item.get("currency") or DEFAULT_CURRENCY
        self.orders += 1
        self.months[month] += total
        if currency != DEFAULT_CURRENCY:
            self.foreign["", currency] += total
            self.foreign[month, currency] += total

    @property
    def revenue(self) -> Decimal:
        """The sum of all totals."""
        return sum(self.months.values(), Decimal("0.00"))

    def rows(self) -> dict[Key, dict[str, Any]]:
        """The attributes that each counter should have."""
        found: dict[Key, dict[str, Any]] = {
            ("COUNTER", LIST_TALLY + listed_as): {
                "value": count,
                **({TIMED: self.timed[listed_as]} if self.timed[listed_as] else {}),
                **index_keys("GSI2", status_partition(listed_as), _AFTER_EVERY_ROW),
            }
            for listed_as, count in self.lists.items()
        }
        if self.orders:
            tally = SalesTally(self.orders, self.revenue, self.months, self.foreign)
            found[COUNTER_KEY] = tally_values(tally)
        return found


def _is_live_order(item: Item) -> bool:
    """Whether it counts; what something else has put under an order's key without its amount does not."""
    is_order = item["PK"].startswith("ORDER#") and item["SK"] == "METADATA" and "deleted_at" not in item
    return (
        is_order and isinstance(item.get("created_at"), str) and isinstance(item.get("total"), Decimal | int)
    )


def count_table(workers: int) -> Tally:
    """Count the whole table by a consistent scan."""
    tally, lock = Tally(), Lock()

    def see(page: ScanPage) -> None:
        items = [from_wire(wire) for wire in page.items]
        with lock:
            tally.see(items)

    scan(see, workers, SELECT)
    return tally


def recount(workers: int) -> list[str]:
    """Set every tally to what the table has; a sentence for each that moved meanwhile and was left alone."""
    before = {key: get_item(key, consistent=True) or {} for key in known_keys()}
    tally = count_table(workers)
    wanted = tally.rows()
    refused = []
    for key in wanted.keys() | before.keys():
        row = before.get(key)
        if row is None:
            row = get_item(key, consistent=True) or {}
        if not _correct(key, row, wanted.get(key, {})):
            refused.append(f"{key[1]} was moved by the shop while it was counted")
    return refused


def known_keys() -> list[Key]:
    """The tallies that a shop has whatever was moved into it."""
    return [*(("COUNTER", LIST_TALLY + listed_as) for listed_as in LISTS), COUNTER_KEY]


def differences(tally: Tally) -> dict[Key, dict[str, tuple[Any, Any]]]:
    """Where the stored tallies are not what was counted: by attribute, what is stored and what is there."""
    found = {}
    wanted = tally.rows()
    for key in dict.fromkeys([*wanted, *known_keys()]):
        stored = get_item(key, consistent=True) or {}
        should = _wanted(stored, wanted.get(key, {}))
        differing = {
            name: (stored.get(name), value)
            for name, value in should.items()
            if (stored.get(name) or 0) != (value or 0)
        }
        if differing:
            found[key] = differing
    return found


def _correct(key: Key, before: Item, wanted: Mapping[str, Any]) -> bool:
    update = Update()
    condition: Condition | None = None
    changed = {name: value for name, value in _wanted(before, wanted).items() if before.get(name) != value}
    if not changed:
        return True
    for name, value in changed.items():
        update.set(name, value)
        unmoved = attr(name).eq(before[name]) if name in before else attr(name).missing()
        condition = unmoved if condition is None else condition & unmoved
    try:
        # Stops a count of some seconds ago from undoing what the shop has sold since.
        update_item(key, update, condition=condition)
    except (ConditionFailed, OutcomeUnknown):
        return False
    return True


def _wanted(before: Item, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes as counted; those that are stored and count nothing any more are 0."""
    is_of_orders = (before.get("PK"), before.get("SK")) == COUNTER_KEY
    counted = set() if is_of_orders else {"value", TIMED}
    stale = {
        name: 0
        for name in before
        if (name in counted or name == "orders" or name.startswith((REVENUE, MONTH))) and name not in wanted
    }
    return {**stale, **wanted}
