"""Receipts: all that changed since a time, with exact amounts, and nothing of the buyer in print."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from etsy_sync.adapters.etsy.client import PAGE, EtsyClient
from etsy_sync.adapters.etsy.receipts import receipt, receipt_of, receipts_since
from etsy_sync.adapters.interface import Rejected, Transient
from tests.etsy_sync.adapters.etsy.calls import calls
from tests.etsy_sync.adapters.etsy.conftest import Clock
from tests.etsy_sync.readable import readable
from tools.fakes.etsy_server import EtsyServer


@pytest.fixture
def listing_id(etsy: EtsyServer) -> int:
    return etsy.create_listing("Dawn", {"A": 900, " B ": 900}, price="12.50")


def buy_many(etsy: EtsyServer, listing_id: int, number: int, seconds: float) -> list[int]:
    ids = []
    for _ in range(number):
        ids.append(etsy.buy(listing_id, "A"))
        etsy.advance(seconds)
    return ids


def test_a_receipt_is_told_with_its_lines(
    etsy: EtsyServer, client: EtsyClient, clock: Clock, listing_id: int
) -> None:
    number = etsy.buy(listing_id, " B ", quantity=3)
    (found,) = readable(receipts_since(client, clock.now))
    assert (found.receipt_id, found.status, found.is_paid, found.is_canceled) == (number, "paid", True, False)
    assert (found.grand_total, found.total_tax_cost, found.currency) == (Decimal("37.50"), Decimal(0), "EUR")
    assert (found.created_at, found.updated_at) == (clock.now, clock.now)
    (line,) = found.lines
    assert (line.listing_id, line.sku, line.title) == (listing_id, "B", "Dawn")
    assert (line.quantity, line.price, line.transaction_id > 0) == (3, Decimal("12.50"), True)
    assert (found.buyer_name, found.buyer_email, found.second_line) == ("A. Buyer", None, "Second floor")
    assert not any(text in repr(found) for text in ("Buyer", "Example", "00100"))


def test_only_what_changed_since_is_read(
    etsy: EtsyServer, client: EtsyClient, clock: Clock, listing_id: int
) -> None:
    first, second, third = buy_many(etsy, listing_id, 3, 60)
    since = clock.now + timedelta(seconds=60)
    assert [each.receipt_id for each in readable(receipts_since(client, since))] == [second, third]
    etsy.cancel_receipt(first)
    found = list(readable(receipts_since(client, since)))
    assert [each.receipt_id for each in found] == [second, third, first]
    assert [each.is_canceled for each in found] == [False, False, True]
    assert found[2].created_at == clock.now


@pytest.mark.parametrize("seconds", [0, 0.02, 1])
@pytest.mark.parametrize("number", [99, 100, 101, 250])
def test_every_page_is_read_once(
    number: int, seconds: float, etsy: EtsyServer, client: EtsyClient, clock: Clock, listing_id: int
) -> None:
    ids = buy_many(etsy, listing_id, number, seconds)
    assert [each.receipt_id for each in readable(receipts_since(client, clock.now))] == ids
    assert len(calls(etsy)) <= number // 50 + 1


def test_a_full_page_is_no_last_one_though_an_entry_of_it_makes_no_sense(
    etsy: EtsyServer,
    client: EtsyClient,
    clock: Clock,
    listing_id: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = buy_many(etsy, listing_id, PAGE + 1, 1)
    page = EtsyClient.page

    def with_nonsense(*asked: Any) -> list[Any]:
        first, *others = page(*asked)
        return ["nonsense", *others] if first["receipt_id"] == ids[0] else [first, *others]

    monkeypatch.setattr(EtsyClient, "page", with_nonsense)
    found = readable(receipts_since(client, clock.now - timedelta(hours=1)))
    assert [each.receipt_id for each in found] == ids[1:]


def test_no_receipt_is_missed_when_one_changes_meanwhile(
    etsy: EtsyServer, client: EtsyClient, clock: Clock, listing_id: int
) -> None:
    ids = buy_many(etsy, listing_id, 150, 1)
    receipts = readable(receipts_since(client, clock.now))
    found = [next(receipts) for _ in range(100)]
    etsy.cancel_receipt(ids[3])
    found += receipts
    assert sorted({each.receipt_id for each in found}) == ids
    (canceled,) = (each for each in found if each.is_canceled)
    assert canceled.receipt_id == ids[3]


def test_a_receipt_that_changes_within_its_second_comes_again(
    etsy: EtsyServer, client: EtsyClient, clock: Clock, listing_id: int
) -> None:
    buy_many(etsy, listing_id, 99, 1)
    last = etsy.buy(listing_id, "A")
    receipts = readable(receipts_since(client, clock.now))
    found = [next(receipts) for _ in range(100)]
    etsy.cancel_receipt(last)
    found += receipts
    assert [each.is_canceled for each in found if each.receipt_id == last] == [False, True]


def test_the_next_page_begins_a_second_before_the_end_of_the_last(
    etsy: EtsyServer, client: EtsyClient, clock: Clock, listing_id: int
) -> None:
    buy_many(etsy, listing_id, 101, 1)
    list(readable(receipts_since(client, clock.now)))
    first, second = (int(asked.arg("min_last_modified")) for asked in etsy.asked)
    assert second - first == 98


def test_one_receipt_is_read_by_its_number(etsy: EtsyServer, client: EtsyClient, listing_id: int) -> None:
    number = etsy.buy(listing_id, "A")
    assert receipt(client, number).receipt_id == number
    with pytest.raises(Rejected, match="not_found"):
        receipt(client, 1)


def test_what_was_withheld_is_missing_and_what_cannot_be_read_is_said_so(
    etsy: EtsyServer, listing_id: int
) -> None:
    content = etsy.shop.receipts[etsy.buy(listing_id, "A")]
    withheld = {name: value for name, value in content.items() if name not in ("first_line", "discount_amt")}
    assert (receipt_of(withheld).first_line, receipt_of(withheld).discount) == (None, Decimal(0))
    with pytest.raises(Transient):
        receipt_of(content | {"transactions": [{"transaction_id": None}]})
    with pytest.raises(Transient):
        receipt_of(content | {"updated_timestamp": None, "update_timestamp": None})
