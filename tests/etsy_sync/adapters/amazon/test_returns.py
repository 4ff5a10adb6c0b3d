"""Returns: requested, waited for without waiting, read in any encoding, and each of them once."""

from datetime import timedelta

import pytest

from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.returns import Return, returned_since
from etsy_sync.adapters.interface import Rejected, Transient
from etsy_sync.adapters.returns import ReturnsReport
from etsy_sync.stock.returns import RULES, take_return
from tests.etsy_sync.adapters.amazon.conftest import Connect, Time
from tools.fakes.amazon_reports import FBA_REPORT, MERCHANT_REPORT
from tools.fakes.amazon_server import AmazonServer


@pytest.fixture
def fba_order(amazon: AmazonServer) -> str:
    """An order that Amazon sent."""
    amazon.create_listing("A", 9, is_fba=True)
    return amazon.buy("A", 5)


def _report(client: AmazonClient, time: Time, *, is_fba: bool = True) -> ReturnsReport[Return]:
    since = time.now - timedelta(days=1)
    found = returned_since(client, since, is_fba=is_fba)
    while found.pending:
        found = returned_since(client, since, is_fba=is_fba, pending=found.pending)
    return found


def test_a_report_is_picked_up_by_a_later_process(
    connect: Connect, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    amazon.return_item(fba_order, "A")
    since = time.now - timedelta(days=1)
    pendings = [returned_since(connect(), since, is_fba=True).pending]
    for _ in range(2):
        found = returned_since(connect(), since, is_fba=True, pending=pendings[-1])
        assert found == ReturnsReport(pending=pendings[0])
        pendings.append(found.pending)
    found = returned_since(connect(), since, is_fba=True, pending=pendings[-1])
    assert found.pending is None
    assert [one.sku for one in found] == ["A"]
    assert found.until == time.now
    assert time.slept == []
    assert len(amazon.reports.made) == 1


def test_what_came_back_to_amazon(
    client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    amazon.return_item(fba_order, "A", 1, "CUSTOMER_DAMAGED", "DEFECTIVE", "LPN1", 'said "broken"')
    (one,) = _report(client, time)
    assert one == Return(
        fba_order, "A", 1, "CUSTOMER_DAMAGED", "DEFECTIVE", time.now, is_fba=True, license_plate="LPN1"
    )
    assert one.key == "plate:LPN1"


@pytest.mark.parametrize("disposition", [*RULES, "SOMETHING_NEW"])
def test_the_shops_rules_say_what_becomes_of_it(
    disposition: str, client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    amazon.return_item(fba_order, "A", disposition=disposition)
    (one,) = _report(client, time)
    assert one.returned.rule is RULES.get(disposition, RULES["UNKNOWN"])


def test_what_is_sent_back_to_the_shop_has_to_be_looked_at(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    amazon.create_listing("B", 3)
    order = amazon.buy("B", 2)
    amazon.return_item(order, "B", 2, reason="CR-UNWANTED_ITEM")
    (one,) = _report(client, time, is_fba=False)
    day = time.now.replace(hour=0)
    assert one == Return(order, "B", 2, "UNKNOWN", "CR-UNWANTED_ITEM", day, is_fba=False)
    assert one.key == f"order:{order}:2026-03-01"
    assert not one.returned.rule.restocks


def test_the_two_reports_are_kept_apart(
    client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    amazon.return_item(fba_order, "A")
    assert len(_report(client, time).returns) == 1
    assert _report(client, time, is_fba=False) == ReturnsReport(until=time.now)
    assert {one.kind for one in amazon.reports.made.values()} == {FBA_REPORT, MERCHANT_REPORT}


def test_a_return_that_two_reports_tell_of_is_booked_once(
    table: str, client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    amazon.return_item(fba_order, "A")
    amazon.return_item(fba_order, "A", license_plate="")
    kinds = [take_return(one.returned, time.now).outcome.kind for one in _report(client, time)]
    again = [take_return(one.returned, time.now).outcome.kind for one in _report(client, time)]
    assert kinds == ["applied", "applied"]
    assert again == ["duplicate", "duplicate"]


def test_rows_of_one_event_are_one_return(
    client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    for plate in ("LPN1", "LPN1", "", ""):
        amazon.return_item(fba_order, "A", license_plate=plate)
    found = {one.key: (one.quantity, one.disposition) for one in _report(client, time)}
    unplated = f"order:{fba_order}:2026-03-01"
    assert found == {"plate:LPN1": (1, "SELLABLE"), unplated: (2, "SELLABLE")}
    amazon.return_item(fba_order, "A", disposition="DEFECTIVE", license_plate="")
    found = {one.key: (one.quantity, one.disposition) for one in _report(client, time)}
    assert found[unplated] == (3, "UNKNOWN")


@pytest.mark.parametrize("is_packed", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_documents_in_any_form(
    encoding: str, is_packed: bool, client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    amazon.reports.encoding, amazon.reports.is_packed = encoding, is_packed
    amazon.return_item(fba_order, "A", reason="Größe è sbagliata")
    (one,) = _report(client, time)
    assert one.reason == "Größe è sbagliata"


def test_rows_that_make_no_sense_are_counted(
    client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    good = {"return-date": "2026-03-01T08:00:00+00:00", "order-id": "1", "sku": "A", "quantity": "1"}
    bad = [{"sku": ""}, {"quantity": "0"}, {"quantity": "x"}, {"return-date": "soon"}, {"order-id": ""}]
    for change in [{}, *bad]:
        amazon.reports.add(FBA_REPORT, good | change)
    found = _report(client, time)
    assert [one.disposition for one in found] == ["UNKNOWN"]
    assert found.unreadable == len(bad)


def test_nothing_came_back(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    assert _report(client, time) == ReturnsReport(until=time.now)
    assert not any(asked.path.startswith("/reports/2021-06-30/documents") for asked in amazon.asked)


def test_a_report_that_amazon_gave_up(
    client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    amazon.return_item(fba_order, "A")
    amazon.end_reports("FATAL")
    with pytest.raises(Rejected) as refused:
        _report(client, time)
    assert refused.value.code == "FATAL"
    amazon.end_reports()
    assert len(_report(client, time).returns) == 1


def test_a_report_that_amazon_forgot(client: AmazonClient, time: Time) -> None:
    with pytest.raises(Rejected, match="No such report"):
        returned_since(client, time.now, is_fba=True, pending="1")


def test_a_report_is_about_whole_days_and_thirty_at_most(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    returned_since(client, time.now - timedelta(days=100), is_fba=False)
    (made,) = amazon.reports.made.values()
    assert made.start == (time.now - timedelta(days=100)).replace(hour=0)
    assert made.end == made.start + timedelta(days=30)


def test_the_token_is_not_sent_to_where_the_document_lies(
    client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str
) -> None:
    amazon.return_item(fba_order, "A")
    _report(client, time)
    assert amazon.asked[-1].path.startswith("/documents/")
    assert "x-amz-access-token" not in amazon.asked[-1].headers


def test_a_lost_answer_does_not_request_a_second_report(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    client._token.value()
    amazon.lose_next()
    with pytest.raises(Transient):
        returned_since(client, time.now, is_fba=True)
    assert len(amazon.reports.made) == 1


def test_a_damaged_document_can_be_fetched_again(
    client: AmazonClient, amazon: AmazonServer, time: Time, fba_order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    amazon.return_item(fba_order, "A")
    whole = amazon.reports.content
    monkeypatch.setattr(amazon.reports, "content", lambda made: whole(made)[:-12])
    with pytest.raises(Transient, match="damaged"):
        _report(client, time)
