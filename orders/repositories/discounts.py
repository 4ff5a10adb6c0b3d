"""Discount codes: their type, keys, index rows, and how their uses are counted.

An admin's change moves `version`; a use moves `times_used` only, so that buyers do not refuse each other.
"""

from dataclasses import dataclass
from decimal import Decimal

from common import prefixes
from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import Index, Item, Unique, UnitOfWork, Update, attr
from common.dynamodb.rows import Rows
from common.errors import Conflict
from common.optimistic import StaleVersion

PERCENTAGE, FIXED = "percentage", "fixed"
TYPES = (PERCENTAGE, FIXED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountCode:
    """A code that lowers an order's total.

    `discount_value` is a percentage or an amount, `min_purchase_amount` what an order must reach and
    `max_discount_amount` what is taken off at most, all amounts in `currency`. It can be used from
    `valid_from` until just before `valid_until` (ISO 8601 UTC), `max_uses` times. The two days are set
    where whole days of the shop were meant: `valid_until_day` is the last one. What it takes off is off the
    subtotal, and off the shipping too if it `includes_shipping`.
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
    includes_shipping: bool = False
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


_BY_TEXT = Index[DiscountCode]("GSI1", prefixes.DISCOUNT_CODE + "#{typed}", "METADATA")
_NEWEST = Index[DiscountCode]("GSI2", prefixes.DISCOUNT, "{created_at}#{id:010d}")

DISCOUNTS = Rows(
    DiscountCode,
    "Discount code",
    key=prefixes.DISCOUNT + "#{id}",
    indexes=(_BY_TEXT, _NEWEST),
    unique=(Unique(prefixes.DISCOUNT_CODE, "code", "typed", taken="{noun} '{value}' already exists"),),
    # A row that was moved in before codes had a currency is the same row.
    unstored=("currency", "includes_shipping"),
)


def discount_by_code(code: str) -> DiscountCode | None:
    """The discount code that is not deleted and reads so, whatever its capitals.

    One query of GSI1 (eventually consistent).
    """
    return DISCOUNTS.first(_BY_TEXT.query(typed=code.upper()))


def all_discounts() -> list[DiscountCode]:
    """Every discount code that is not deleted, newest first, by one query of GSI2 (eventually consistent)."""
    return DISCOUNTS.all(_NEWEST.query(descending=True))


def use_discount(work: UnitOfWork, code: DiscountCode, now: str) -> None:
    """Counts one use of a code at `now` (ISO 8601 UTC).

    The unit of work fails with Conflict when the code is over, off or used up by then, and with
    StaleVersion when it is another than the one that the order was priced with.
    """
    uses_left = attr("max_uses").missing() | attr("times_used").lt(attr("max_uses"))
    not_over = attr("valid_until").missing() | attr("valid_until").gt(now)
    in_force = attr("is_active").eq(value=True) & attr("valid_from").le(now)
    work.update(
        DISCOUNTS.key_of(code),
        Update().increment("times_used", 1),
        # Stops buyers who all read the last free use from all taking it, and an order from using a code
        # that was changed, switched off or deleted after the order was priced.
        condition=DISCOUNTS.as_read(code) & in_force & not_over & uses_left,
        failed=lambda item: _refusal(item, now),
    )


def give_back_use(work: UnitOfWork, discount_id: int) -> None:
    """Takes one use back; StaleVersion when the code has no row or no use (the caller reads it first)."""
    work.update(
        DISCOUNTS.key(discount_id),
        Update().increment("times_used", -1),
        # Stops a use from being given back twice to below none, and a row from being made of nothing.
        condition=attr("times_used").gt(0),
        failed=_stale(),
    )


def _refusal(item: Item | None, now: str) -> Exception:
    if item is not None and DISCOUNTS.of(item).is_usable(now):
        return _stale()
    return Conflict("Discount code is expired or no longer active")


def _stale() -> StaleVersion:
    return StaleVersion(DISCOUNTS.noun)
