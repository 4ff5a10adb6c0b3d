"""Messages worked off: each SKU once, each failure alone, and no waiting counted as a failure."""

import pytest

from common.leases import held
from etsy_sync.adapters.interface import ChannelError, RateLimited, Rejected, Transient
from etsy_sync.sync.consuming import NEEDED_SECONDS, Consumed, Message, consume
from etsy_sync.sync.receiving import receive
from tests.common.stock_builders import NOW, SKU, on_shelf
from tests.etsy_sync.sync.platform import TARGET, Platform, linked, pusher
from tools import queues

OTHER = "V-2-0"


@pytest.fixture
def etsy(queue: str) -> Platform:
    """A channel that shows nothing yet of two SKUs with five pieces each."""
    platform = Platform("etsy")
    for number, (sku, target) in enumerate(((SKU, TARGET), (OTHER, "102")), start=1):
        on_shelf(5, number)
        linked(platform, 0, sku, target)
    return platform


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For how many seconds messages were hidden."""
    seconds: list[int] = []
    monkeypatch.setattr("etsy_sync.sync.consuming.hide", lambda _receipt, wait: seconds.append(wait))
    return seconds


@pytest.fixture
def delays(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """With which delays SKUs were announced again."""
    seconds: list[int] = []

    def announced(_sku: str, wait: int) -> bool:
        seconds.append(wait)
        return True

    monkeypatch.setattr("etsy_sync.sync.consuming.announce_later", announced)
    return seconds


def message(sku: str = SKU, number: int = 1, receives: int = 1) -> Message:
    return Message(f"m-{number}", f"r-{number}", f'{{"sku": "{sku}"}}', receives)


def worked_off(platform: Platform, *messages: Message, seconds_left: float = 120) -> Consumed:
    return consume(messages, pusher(platform), lambda: seconds_left)


def test_a_sku_of_several_messages_is_told_once(etsy: Platform) -> None:
    consumed = worked_off(etsy, message(number=1), message(OTHER, 2), message(number=3))
    assert etsy.writes == [{SKU: 5}, {OTHER: 5}]
    assert consumed.failed == []
    assert dict(consumed.counts) == {"messages": 3, "skus": 2, "written": 2, "failed": 0}


def test_the_number_is_that_of_the_moment_and_a_late_message_changes_nothing(etsy: Platform) -> None:
    worked_off(etsy, message())
    consumed = worked_off(etsy, message(receives=4))
    assert etsy.writes == [{SKU: 5}]
    assert consumed.counts["unchanged"] == 1


def test_a_failing_sku_comes_back_alone_and_later_each_time(etsy: Platform, hidden: list[int]) -> None:
    for receives in (1, 2, 3):
        etsy.refuse = Transient("away")
        consumed = worked_off(etsy, message(receives=receives), message(OTHER, 2))
        assert [each.id for each in consumed.failed] == ["m-1"]
        assert consumed.errors == [f"{SKU}: etsy {TARGET}: away"]
    assert hidden == [30, 60, 120]
    assert etsy.shown["102"] == {OTHER: 5}


def test_a_defect_fails_its_own_sku_only(
    etsy: Platform, hidden: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("4111 1111 1111 1111")

    etsy.before_write = broken
    consumed = worked_off(etsy, message(), message(OTHER, 2))
    assert [each.id for each in consumed.failed] == ["m-1"]
    assert consumed.errors == [f"{SKU}: ZeroDivisionError"]
    assert etsy.writes == [{OTHER: 5}]
    assert "4111" not in caplog.text


@pytest.mark.parametrize(("asked", "waited"), [(7, 7), (900, 900), (7200, 900)])
def test_a_limit_of_the_channel_is_waited_for_in_a_new_message(
    etsy: Platform, delays: list[int], hidden: list[int], asked: int, waited: int
) -> None:
    etsy.refuse = RateLimited("slow", asked)
    consumed = worked_off(etsy, message(receives=5))
    assert (consumed.failed, hidden, delays) == ([], [], [waited])
    assert consumed.counts["postponed"] == 1


def test_a_busy_target_is_waited_for_in_a_new_message(etsy: Platform, delays: list[int]) -> None:
    with held(f"etsy#{TARGET}", NOW, 60):
        consumed = worked_off(etsy, message(receives=5))
    assert (consumed.failed, delays) == ([], [5])


def test_however_many_workers_there_are_one_alone_tells_a_listing(etsy: Platform, delays: list[int]) -> None:
    """The queue starts as many as it likes: nothing but the lease keeps them from one listing."""
    rivals: list[Consumed] = []
    etsy.before_write = lambda: rivals.extend(worked_off(etsy, message()) for _ in range(20))
    first = worked_off(etsy, message())
    assert (first.counts["written"], etsy.writes) == (1, [{SKU: 5}])
    assert [(each.counts["postponed"], each.failed) for each in rivals] == [(1, [])] * 20
    assert delays == [5] * 20


def test_a_day_that_is_used_up_is_left_to_the_inventory_job(etsy: Platform, delays: list[int]) -> None:
    etsy.refuse = RateLimited("no more today", 40_000, is_daily=True)
    consumed = worked_off(etsy, message())
    assert (consumed.failed, delays) == ([], [])
    assert consumed.counts["left_to_inventory_job"] == 1


@pytest.mark.parametrize("error", [Rejected("no", "never")])
def test_what_cannot_succeed_is_not_tried_again(
    etsy: Platform, delays: list[int], error: ChannelError
) -> None:
    etsy.refuse = error
    consumed = worked_off(etsy, message())
    assert (consumed.failed, delays) == ([], [])
    assert len(consumed.errors) == 1


def test_what_there_is_no_time_for_waits_without_counting_as_failed(etsy: Platform, queue: str) -> None:
    consumed = worked_off(etsy, message(), seconds_left=NEEDED_SECONDS - 1)
    assert (consumed.failed, etsy.writes, consumed.counts["postponed"]) == ([], [], 1)
    assert [each.sku for each in receive(queues.get_client(), queue)] == [SKU]


def test_a_message_that_cannot_be_sent_again_comes_back_itself(
    etsy: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCK_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/of-nobody")
    etsy.refuse = RateLimited("slow", 7)
    assert [each.id for each in worked_off(etsy, message()).failed] == ["m-1"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"sku": 7}', '{"sku": ""}', "no JSON"])
def test_a_message_that_names_no_sku_is_done_with(etsy: Platform, body: str) -> None:
    consumed = worked_off(etsy, Message("m-1", "r-1", body), message(OTHER, 2))
    assert consumed.failed == []
    assert etsy.writes == [{OTHER: 5}]


def test_a_record_of_lambda_says_how_often_it_was_received() -> None:
    record = {
        "messageId": "m",
        "receiptHandle": "r",
        "body": '{"sku": "A"}',
        "attributes": {"ApproximateReceiveCount": "3"},
    }
    assert Message.from_record(record) == Message("m", "r", '{"sku": "A"}', 3)
    assert Message.from_record(record).sku == "A"
