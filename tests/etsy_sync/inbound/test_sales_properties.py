"""Reports in any order, repeated at will, end in the same counts."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.repositories.stock_alerts import alerts_of_sku
from common.stock_ledger import apply_delivery
from etsy_sync.inbound.sales import take_sale
from etsy_sync.repositories.channel_links import find_link
from orders.repositories.channel_orders import Cancellation
from orders.states import word
from tests.common.stock_builders import NOW, physical
from tests.etsy_sync.inbound.builders import a_line, adds_up, an_order, call_off, linked, order_of_channel

Report = Callable[[], object]

REFUNDS = st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=3)


def reports_of(
    order_id: str, sku: str, quantity: int, refunds: list[tuple[int, bool]], is_cancelled: bool
) -> list[Report]:
    """What a channel reports of one order, each as often as it likes."""
    order = an_order(a_line(f"{order_id}-1", quantity, sku), order_id=order_id)
    reports: list[Report] = [lambda: take_sale(order, NOW)]
    for number, (pieces, restocks) in enumerate(refunds):
        cancellations = {f"refund:{number}": Cancellation(pieces, restocks)}
        line = a_line(f"{order_id}-1", quantity, sku, cancellations=cancellations)
        reports.append(partial(take_sale, an_order(line, order_id=order_id), NOW))
    if is_cancelled:
        reports.append(lambda: call_off(order, NOW + timedelta(minutes=1)))
    return reports


@pytest.mark.exhaustive
@settings(max_examples=12)
@given(st.data())
def test_the_order_and_number_of_reports_do_not_matter(table: str, data: st.DataObject) -> None:
    there, quantity = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    refunds, is_cancelled = data.draw(REFUNDS), data.draw(st.booleans())
    order_id = sku = str(uuid4())
    linked(sku=sku)
    apply_delivery("shop", sku, sku, there, NOW)
    reports = reports_of(order_id, sku, quantity, refunds, is_cancelled)
    told = data.draw(st.permutations([*reports, *data.draw(st.lists(st.sampled_from(reports), max_size=4))]))
    for report in told:
        report()
    cancelled = sum(pieces for pieces, restocks in refunds if restocks)
    left = 0 if is_cancelled else max(0, quantity - cancelled)
    assert physical(sku) == there - min(there, left)
    link = find_link(sku, "etsy", "101")
    assert link is not None
    assert link.sold_here == quantity
    assert adds_up(sku)
    assert (word(order_of_channel(order_id)) == "cancelled") is is_cancelled
    shortfalls = [alert for alert in alerts_of_sku(sku, 99) if alert.type == "manual_review"]
    assert len(shortfalls) <= 1


@pytest.mark.exhaustive
@settings(max_examples=4)
@given(st.data())
def test_orders_that_are_reported_interleaved_each_keep_what_they_took(
    table: str, data: st.DataObject
) -> None:
    sku = str(uuid4())
    apply_delivery("shop", sku, sku, 50, NOW)
    held, reports = 0, list[Report]()
    for number in range(2):
        quantity, is_cancelled = data.draw(st.integers(1, 4)), data.draw(st.booleans())
        refunds = data.draw(REFUNDS)
        reports += reports_of(f"{sku}-{number}", sku, quantity, refunds, is_cancelled)
        cancelled = sum(pieces for pieces, restocks in refunds if restocks)
        held += 0 if is_cancelled else max(0, quantity - cancelled)
    for report in data.draw(st.permutations(reports * 2)):
        report()
    assert physical(sku) == 50 - held
    assert adds_up(sku)


@settings(max_examples=12)
@given(st.data())
def test_readings_of_an_edited_order_may_come_in_any_order(table: str, data: st.DataObject) -> None:
    sku = str(uuid4())
    linked(sku=sku)
    apply_delivery("shop", sku, sku, 50, NOW)
    quantity, wanted, readings = 1, 1, list[Report]()
    for minutes in range(data.draw(st.integers(1, 5))):
        quantity += data.draw(st.integers(0, 3))
        wanted = data.draw(st.integers(0, quantity))
        line = a_line(sku, quantity, sku, removed=quantity - wanted)
        order = an_order(line, order_id=sku, updated_at=NOW + timedelta(minutes=minutes))
        readings.append(partial(take_sale, order, NOW))
    for read in data.draw(st.permutations(readings * 2)):
        read()
    assert physical(sku) == 50 - wanted
    assert adds_up(sku)
