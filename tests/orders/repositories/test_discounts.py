"""Discount codes as rows: read as written, and their uses counted under conditions."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import iso
from common.dynamodb import UnitOfWork, get_item
from common.errors import Conflict
from common.optimistic import StaleVersion
from orders.repositories.discounts import (
    DISCOUNTS,
    FIXED,
    DiscountCode,
    all_discounts,
    discount_by_code,
    give_back_use,
    use_discount,
)
from tests.catalog.builders import OPENING

NOW = iso(OPENING)
LATER = iso(OPENING + timedelta(milliseconds=1))

pytestmark = pytest.mark.usefixtures("table")


def stored(**fields: Any) -> DiscountCode:
    values: dict[str, Any] = {
        "id": 7,
        "code": "SAVE",
        "discount_type": FIXED,
        "discount_value": Decimal("2.50"),
        "valid_from": NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }
    code = DiscountCode(**(values | fields))
    with UnitOfWork() as work:
        DISCOUNTS.add(work, code)
    return code


def use(code: DiscountCode, now: str = NOW) -> None:
    with UnitOfWork() as work:
        use_discount(work, code, now)


def give_back(discount_id: int = 7) -> None:
    with UnitOfWork() as work:
        give_back_use(work, discount_id)


def change(read: DiscountCode, **fields: Any) -> DiscountCode:
    after = replace(read, version=read.version + 1, **fields)
    with UnitOfWork() as work:
        DISCOUNTS.change(work, read, after)
    return after


def used() -> int:
    code = DISCOUNTS.get(7)
    assert code is not None
    return code.times_used


def test_a_code_is_read_as_it_was_written() -> None:
    code = stored(
        description="For friends",
        min_purchase_amount=Decimal(20),
        max_discount_amount=Decimal("9.99"),
        valid_until=LATER,
        max_uses=3,
        is_active=False,
    )
    assert DISCOUNTS.get(7) == discount_by_code("SAVE") == code
    assert all_discounts() == [code]
    assert (DISCOUNTS.get(8), discount_by_code("OTHER")) == (None, None)


def test_each_use_counts_once_until_none_is_left() -> None:
    code = stored(max_uses=2)
    use(code)
    use(code)
    with pytest.raises(Conflict, match="expired or no longer active"):
        use(code)
    assert used() == 2


def test_a_code_without_a_limit_is_used_without_end() -> None:
    code = stored()
    for _ in range(3):
        use(code)
    assert used() == 3


@pytest.mark.parametrize(
    "fields",
    [{"is_active": False}, {"valid_from": LATER}, {"valid_until": NOW}, {"max_uses": 1, "times_used": 1}],
    ids=repr,
)
def test_a_code_that_is_off_over_or_used_up_is_not_used(fields: dict[str, Any]) -> None:
    code = stored(**fields)
    with pytest.raises(Conflict, match="expired or no longer active") as refusal:
        use(code)
    assert not isinstance(refusal.value, StaleVersion)
    assert used() == code.times_used


def test_a_code_is_good_up_to_its_last_millisecond() -> None:
    code = stored(valid_until=LATER)
    use(code, NOW)
    with pytest.raises(Conflict, match="expired"):
        use(code, LATER)
    assert used() == 1


def test_an_order_priced_with_other_terms_is_priced_again() -> None:
    code = stored()
    changed = change(code, discount_value=Decimal(1))
    with pytest.raises(StaleVersion):
        use(code)
    use(changed)
    assert used() == 1


@pytest.mark.parametrize("fields", [{"is_active": False}, {"valid_until": LATER}], ids=repr)
def test_a_code_that_was_ended_meanwhile_is_a_conflict(fields: dict[str, Any]) -> None:
    code = stored()
    change(code, **fields)
    with pytest.raises(Conflict, match="expired or no longer active"):
        use(code, LATER)
    assert used() == 0


def test_a_code_that_was_deleted_meanwhile_is_a_conflict() -> None:
    code = stored()
    with UnitOfWork() as work:
        DISCOUNTS.delete(work, code, NOW)
    with pytest.raises(Conflict, match="expired or no longer active"):
        use(code)
    assert (used(), discount_by_code("SAVE"), all_discounts()) == (0, None, [])
    # Its row keeps no index keys, and its text is free.
    assert not any(name.startswith("GSI") for name in get_item(("DISCOUNT#7", "METADATA")) or {})
    stored(id=8)


def test_a_code_that_never_was_is_a_conflict() -> None:
    code = replace(stored(), id=9)
    with pytest.raises(Conflict, match="expired or no longer active"):
        use(code)
    assert DISCOUNTS.get(9) is None


def test_uses_that_are_counted_meanwhile_survive_a_change() -> None:
    code = stored()
    use(code)
    changed = change(code, description="New")
    assert DISCOUNTS.get(7) == replace(changed, times_used=1)


def test_of_two_changes_of_one_reading_the_second_is_stale() -> None:
    code = stored()
    change(code, code="FIRST")
    with pytest.raises(StaleVersion):
        change(code, code="SECOND")
    stored(id=8, code="SECOND")
    with pytest.raises(Conflict, match="FIRST"):
        stored(id=9, code="FIRST")


def test_an_id_that_is_taken_is_not_written_over() -> None:
    code = stored()
    with pytest.raises(Conflict):
        stored(code="OTHER")
    assert DISCOUNTS.get(7) == code
    assert discount_by_code("OTHER") is None


def test_a_use_is_given_back_but_never_below_none() -> None:
    use(stored())
    give_back()
    assert used() == 0
    with pytest.raises(StaleVersion):
        give_back()
    with pytest.raises(StaleVersion):
        give_back(99)
    assert (used(), DISCOUNTS.get(99)) == (0, None)


def test_a_code_that_was_brought_along_is_found_whatever_its_capitals() -> None:
    code = stored(code="Summer10")
    assert discount_by_code("SUMMER10") == code == discount_by_code("summer10") == DISCOUNTS.get(7)
    with pytest.raises(Conflict, match="already exists"):
        stored(id=8, code="sUMMER10")
    renamed = change(code, code="SUMMER10")
    assert discount_by_code("Summer10") == renamed
    with UnitOfWork() as work:
        DISCOUNTS.delete(work, renamed, LATER)
    assert stored(id=9, code="summer10").id == 9
