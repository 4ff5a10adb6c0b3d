"""Discount codes as the artist runs them: made, changed, deleted, listed, and tried."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.collation import folded
from common.dynamodb import InvalidCursor, UnitOfWork, next_id, read_cursor, sign_cursor
from common.errors import InvalidInput, NotFound
from common.money import refuse_finer, to_money
from common.optimistic import retry_when_stale, unchecked
from orders.pricing import discount_amount, refusal
from orders.repositories.discounts import (
    DISCOUNTS,
    PERCENTAGE,
    DiscountCode,
    all_discounts,
    discount_by_code,
)

ENTITY = "DiscountCode"
_NOT_AUDITED = frozenset({"id", "times_used", "created_at", "updated_at", "version"})

Check = Callable[[DiscountCode], None]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to: codes on or off, usable now or not, of one type, with a text in them."""

    is_active: bool | None = None
    is_usable: bool | None = None
    discount_type: str | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, how many codes the whole list has, and the cursor of what follows, if anything."""

    codes: list[DiscountCode]
    total: int
    cursor: str | None
    filters: Filters

    def cursor_behind(self, count: int) -> str:
        """The cursor of what follows the first `count` codes of the page."""
        return _cursor_behind(self.codes[count - 1], self.filters)


@dataclass(frozen=True, slots=True)
class DiscountPreview:
    """What a code would take off: `reason` says why it takes nothing; `code` is None when unknown."""

    code: DiscountCode | None
    amount: Decimal
    reason: str | None


def find_discount(discount_id: int) -> DiscountCode:
    """The discount code with this id; NotFound when missing or deleted."""
    code = DISCOUNTS.get(discount_id)
    if code is None or code.deleted_at is not None:
        raise NotFound("Discount code not found")
    return code


def try_discount(text: str, subtotal: Decimal, currency: str | None, now: datetime) -> DiscountPreview:
    """What a code would take off an order of this subtotal at `now`; uses nothing up.

    `currency` None is the code's own: neither storefront says which one its cart is in.
    """
    code = discount_by_code(text.strip().upper())
    if code is None:
        return DiscountPreview(None, Decimal(0), "Invalid discount code")
    currency = currency or code.currency
    subtotal = to_money(subtotal, currency)
    reason = refusal(code, subtotal, currency, now)
    return DiscountPreview(
        code, discount_amount(code, subtotal, currency) if reason is None else Decimal(0), reason
    )


def list_discounts(
    filters: Filters, page: int, per_page: int, now: datetime, cursor: str | None = None
) -> Found:
    """A page of the codes that are not deleted, newest first: by number, or what follows a cursor.

    Reads all codes by one query, of which a shop has some dozens. Raises InvalidCursor.
    """
    codes = [code for code in all_discounts() if _matches(code, filters, iso(now))]
    start = _after(codes, read_cursor(cursor, _scope(filters))) if cursor else (page - 1) * per_page
    shown = codes[start : start + per_page]
    more = shown and start + per_page < len(codes)
    return Found(shown, len(codes), _cursor_behind(shown[-1], filters) if more else None, filters)


def create_discount(data: Mapping[str, Any], actor: Actor, now: datetime) -> DiscountCode:
    """Makes a discount code, valid from `now` unless `data` says otherwise; Conflict when it is taken."""
    values = {"valid_from": iso(now), **{name: it for name, it in data.items() if it is not None}}
    code = DiscountCode(id=0, created_at=iso(now), updated_at=iso(now), **values)
    _check(code)
    code = replace(code, id=next_id("DISCOUNT_ID"))
    with UnitOfWork() as work:
        DISCOUNTS.add(work, code)
        record(work, actor=actor, action="CREATE", entity_type=ENTITY, entity_id=code.id, now=now)
    return code


def update_discount(
    discount_id: int, data: Mapping[str, Any], actor: Actor, now: datetime, *, check: Check = unchecked
) -> DiscountCode:
    """Changes the fields in `data`; None clears one. Uses that are counted meanwhile are kept.

    `check` sees the code on which the change is decided, and may refuse it. Raises NotFound, Conflict
    when the new text is taken, InvalidInput when the fields do not go together.
    """
    return retry_when_stale(lambda: _update(discount_id, data, actor, now, check))


def remove_discount(discount_id: int, actor: Actor, now: datetime, *, check: Check = unchecked) -> None:
    """Deletes a discount code softly and gives its text free; NotFound."""

    def remove() -> None:
        code = find_discount(discount_id)
        check(code)
        with UnitOfWork() as work:
            DISCOUNTS.delete(work, code, iso(now))
            record(work, actor=actor, action="DELETE", entity_type=ENTITY, entity_id=discount_id, now=now)

    retry_when_stale(remove)


def _update(
    discount_id: int, data: Mapping[str, Any], actor: Actor, now: datetime, check: Check
) -> DiscountCode:
    before = find_discount(discount_id)
    check(before)
    values = dict(data)
    if "valid_from" in values and values["valid_from"] is None:
        # A code without a beginning has been valid as long as it exists.
        values["valid_from"] = before.created_at
    after = replace(before, **values)
    if after == before:
        return before
    _check(after, before)
    with UnitOfWork() as work:
        after = DISCOUNTS.change(work, before, replace(after, updated_at=iso(now)))
        record(
            work,
            actor=actor,
            action="UPDATE",
            entity_type=ENTITY,
            entity_id=discount_id,
            now=now,
            changes=changes_between(_audited(before), _audited(after)),
        )
    return after


def _audited(code: DiscountCode) -> dict[str, Any]:
    return {name: value for name, value in asdict(code).items() if name not in _NOT_AUDITED}


def _check(after: DiscountCode, before: DiscountCode | None = None) -> None:
    """InvalidInput for fields that do not go together, of a change only for those that it touches.

    What came so from another shop's database is no error of a change of something else.
    """

    def touches(*names: str) -> bool:
        return before is None or any(getattr(before, name) != getattr(after, name) for name in names)

    if touches("discount_type", "discount_value", "currency"):
        _check_value(after)
    for name in ("min_purchase_amount", "max_discount_amount"):
        if touches(name, "currency"):
            refuse_finer(name, getattr(after, name), after.currency)
    is_over = after.valid_until is not None and after.valid_until <= after.valid_from
    if is_over and touches("valid_from", "valid_until"):
        raise InvalidInput.of_field("valid_until", "must be later than valid_from")


def _check_value(code: DiscountCode) -> None:
    if code.discount_type != PERCENTAGE:
        refuse_finer("discount_value", code.discount_value, code.currency)
    elif code.discount_value > 100:
        raise InvalidInput.of_field("discount_value", "must be at most 100 for a percentage")
    elif code.discount_value.scaleb(2) % 1:
        raise InvalidInput.of_field("discount_value", "must have at most 2 decimals")


def _matches(code: DiscountCode, filters: Filters, moment: str) -> bool:
    text = folded(f"{code.code}\n{code.description or ''}")
    return (
        (filters.is_active is None or code.is_active == filters.is_active)
        and (filters.is_usable is None or code.is_usable(moment) == filters.is_usable)
        and (filters.discount_type is None or code.discount_type == filters.discount_type)
        and folded(filters.search) in text
    )


def _cursor_behind(last: DiscountCode, filters: Filters) -> str:
    return sign_cursor({"created_at": last.created_at, "id": last.id}, _scope(filters))


def _scope(filters: Filters) -> str:
    return f"discounts:{sorted(asdict(filters).items())}"


def _after(codes: list[DiscountCode], position: Mapping[str, Any]) -> int:
    try:
        last = (str(position["created_at"]), int(position["id"]))
    except (KeyError, TypeError, ValueError):
        raise InvalidCursor from None
    places = ((code.created_at, code.id) for code in codes)
    return next((index for index, place in enumerate(places) if place < last), len(codes))
