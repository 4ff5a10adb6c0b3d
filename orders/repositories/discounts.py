"""Discount codes: their type, keys, index rows, and how their uses are counted.

An admin's change moves `version`; a use moves `times_used` only, so that buyers do not refuse each other.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import (
    Condition,
    Item,
    Key,
    Query,
    UnitOfWork,
    Update,
    attr,
    change,
    claim,
    expected_version,
    fetch_all,
    get_item,
    index_keys,
    not_deleted,
    release,
    soft_delete_update,
)
from common.dynamodb.unique import marker_item
from common.errors import Conflict
from common.optimistic import StaleVersion

PERCENTAGE, FIXED = "percentage", "fixed"
TYPES = (PERCENTAGE, FIXED)

_KIND = "DISCOUNT_CODE"
_MONEY = ("discount_value", "min_purchase_amount", "max_discount_amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountCode:
    """A code that lowers an order's total.

    `discount_value` is a percentage or an amount, `min_purchase_amount` what an order must reach and
    `max_discount_amount` what is taken off at most, all amounts in `currency`. It can be used from
    `valid_from` until just before `valid_until` (ISO 8601 UTC), `max_uses` times. The two days are set
    where whole days of the shop were meant: `valid_until_day` is the last one.
    """

    id: int
    code: str
    discount_type: str
    discount_value: Decimal
    valid_from: str
    created_at: str
    updated_at: str
    description: str | None = None
    min_purchase_amount: Decimal | None = None
    max_discount_amount: Decimal | None = None
    valid_until: str | None = None
    max_uses: int | None = None
    times_used: int = 0
    is_active: bool = True
    deleted_at: str | None = None
    currency: str = DEFAULT_CURRENCY
    valid_from_day: str | None = None
    valid_until_day: str | None = None
    version: int = 1

    @property
    def names_amounts(self) -> bool:
        """Whether it says anything that only an order in its own currency can be held against."""
        limits = (self.min_purchase_amount or None, self.max_discount_amount)
        return self.discount_type == FIXED or any(limit is not None for limit in limits)

    @property
    def typed(self) -> str:
        """The text as it is looked up: the capitals that somebody types do not matter."""
        return self.code.upper()

    @property
    def is_on(self) -> bool:
        """Whether it is neither switched off nor deleted."""
        return self.is_active and self.deleted_at is None

    @property
    def is_used_up(self) -> bool:
        """Whether no use is left."""
        return self.max_uses is not None and self.times_used >= self.max_uses

    def has_begun(self, now: str) -> bool:
        """Whether its validity has begun at `now` (ISO 8601 UTC)."""
        return self.valid_from <= now

    def has_ended(self, now: str) -> bool:
        """Whether its validity is over at `now` (ISO 8601 UTC)."""
        return self.valid_until is not None and self.valid_until <= now

    def is_usable(self, now: str) -> bool:
        """Whether an order that is large enough may use it at `now` (ISO 8601 UTC)."""
        return self.is_on and self.has_begun(now) and not self.has_ended(now) and not self.is_used_up


FIELDS = tuple(field.name for field in fields(DiscountCode))


def discount_key(discount_id: int) -> Key:
    """The key of a discount code."""
    return f"DISCOUNT#{discount_id}", "METADATA"


def discount_index_keys(code: DiscountCode) -> dict[str, str]:
    """The index keys of a discount code; none while it is deleted."""
    if code.deleted_at is not None:
        return {}
    return {
        **index_keys("GSI1", f"DISCOUNT_CODE#{code.typed}", "METADATA"),
        **index_keys("GSI2", "DISCOUNT", f"{code.created_at}#{code.id:010d}"),
    }


def discount_item(code: DiscountCode) -> Item:
    """The row of a discount code; fields that are None, and the shop's own currency, are not stored."""
    pk, sk = discount_key(code.id)
    values = {name: getattr(code, name) for name in FIELDS}
    if code.currency == DEFAULT_CURRENCY:
        # A row that was moved in before codes had a currency is the same row.
        del values["currency"]
    stored = {name: value for name, value in values.items() if value is not None}
    return {"PK": pk, "SK": sk, **discount_index_keys(code), **stored}


def discount_from_item(item: Item) -> DiscountCode:
    """The discount code that a row holds."""
    values: dict[str, Any] = {name: item[name] for name in FIELDS if name in item}
    values |= {name: Decimal(values[name]) for name in _MONEY if name in values}
    return DiscountCode(**values)


def discount_by_id(discount_id: int) -> DiscountCode | None:
    """The discount code with this id, a deleted one included, by one consistent read."""
    item = get_item(discount_key(discount_id), consistent=True)
    return discount_from_item(item) if item else None


def discount_by_code(code: str) -> DiscountCode | None:
    """The discount code that is not deleted and reads so, whatever its capitals.

    One query of GSI1 (eventually consistent).
    """
    items = fetch_all(Query(f"DISCOUNT_CODE#{code.upper()}", index="GSI1"), limit=1)
    return discount_from_item(items[0]) if items else None


def all_discounts() -> list[DiscountCode]:
    """Every discount code that is not deleted, newest first, by one query of GSI2 (eventually consistent)."""
    newest_first = Query("DISCOUNT", index="GSI2", descending=True)
    return [discount_from_item(item) for item in fetch_all(newest_first)]


def discount_marker(code: DiscountCode) -> Item:
    """The marker that says that a code has its text."""
    return marker_item(_KIND, code.typed, _owner(code))


def add_discount(work: UnitOfWork, code: DiscountCode) -> None:
    """Adds a new discount code and claims its text."""
    taken = _taken(code.code)
    # Stops a counter that was not seeded after a migration from overwriting a discount code.
    work.put(discount_item(code), condition=attr("PK").missing(), failed=taken)
    claim(work, _KIND, code.typed, _owner(code), taken)


def change_discount(work: UnitOfWork, before: DiscountCode, after: DiscountCode) -> None:
    """Writes what differs between two readings, but not the number of uses, which buyers change."""
    update = Update().increment("version", 1)
    for name in FIELDS:
        if name not in ("version", "times_used"):
            _set_when_changed(update, name, getattr(before, name), getattr(after, name))
    for name, value in discount_index_keys(after).items():
        update.set(name, value)
    work.update(discount_key(after.id), update, condition=_as_read(before), failed=_stale())
    change(work, _KIND, before.typed, after.typed, _owner(after), _taken(after.code))


def delete_discount(work: UnitOfWork, code: DiscountCode, now: str) -> None:
    """Takes a discount code out of every index and gives its text free; `now` in ISO 8601 UTC."""
    update = soft_delete_update(now, "GSI1", "GSI2")
    work.update(discount_key(code.id), update, condition=_as_read(code), failed=_stale())
    release(work, _KIND, code.typed, _owner(code))


def use_discount(work: UnitOfWork, code: DiscountCode, now: str) -> None:
    """Counts one use of a code at `now` (ISO 8601 UTC).

    The unit of work fails with Conflict when the code is over, off or used up by then, and with
    StaleVersion when it is another than the one that the order was priced with.
    """
    uses_left = attr("max_uses").missing() | attr("times_used").lt(attr("max_uses"))
    not_over = attr("valid_until").missing() | attr("valid_until").gt(now)
    in_force = attr("is_active").eq(value=True) & attr("valid_from").le(now)
    work.update(
        discount_key(code.id),
        Update().increment("times_used", 1),
        # Stops buyers who all read the last free use from all taking it, and an order from using a code
        # that was changed, switched off or deleted after the order was priced.
        condition=_as_read(code) & in_force & not_over & uses_left,
        failed=lambda item: _refusal(item, now),
    )


def give_back_use(work: UnitOfWork, discount_id: int) -> None:
    """Takes one use back; StaleVersion when the code has no row or no use (the caller reads it first)."""
    work.update(
        discount_key(discount_id),
        Update().increment("times_used", -1),
        # Stops a use from being given back twice to below none, and a row from being made of nothing.
        condition=attr("times_used").gt(0),
        failed=_stale(),
    )


def _refusal(item: Item | None, now: str) -> Exception:
    if item is not None and discount_from_item(item).is_usable(now):
        return _stale()
    return Conflict("Discount code is expired or no longer active")


def _as_read(code: DiscountCode) -> Condition:
    """Stops a writer who decided on an older reading, or on a code that was deleted meanwhile."""
    return expected_version(code.version) & not_deleted()


def _owner(code: DiscountCode) -> str:
    return f"DISCOUNT#{code.id}"


def _taken(code: str) -> Conflict:
    return Conflict(
        f"Discount code '{code}' already exists", details={"fields": {"code": ["already exists"]}}
    )


def _stale() -> StaleVersion:
    return StaleVersion("Discount code")


def _set_when_changed(update: Update, name: str, before: object, after: object) -> None:
    if after == before:
        return
    if after is None:
        update.remove(name)
    else:
        update.set(name, after)
