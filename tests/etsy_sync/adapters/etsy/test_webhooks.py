"""Webhooks: only what Etsy signed a moment ago is believed."""

import json
from datetime import timedelta

import pytest

from common.config import ConfigurationError
from common.errors import InvalidInput, Unauthenticated
from etsy_sync.adapters.etsy.webhooks import read_notice
from etsy_sync.adapters.interface import NotConfigured
from etsy_sync.adapters.orders import Notice
from tests.etsy_sync.adapters.etsy.conftest import Clock
from tools.fakes.etsy_server import SHOP_ID, EtsyServer
from tools.fakes.etsy_webhooks import WEBHOOK_SECRET, signature
from tools.fakes.serving import Answered, Asked, Server, serving

BODY = json.dumps(
    {"event_type": "order.paid", "resource_url": "https://e/receipts/1", "shop_id": SHOP_ID}
).encode()


def signed(clock: Clock, body: bytes = BODY, secret: str = WEBHOOK_SECRET) -> dict[str, str]:
    timestamp = str(int(clock.now.timestamp()))
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": timestamp,
        "Webhook-Signature": f"v1,{signature('msg_1', timestamp, body, secret)}",
    }


def test_a_signed_event_is_read(clock: Clock) -> None:
    expected = Notice("msg_1", "order.paid", str(SHOP_ID), order_id="1")
    assert read_notice(signed(clock), BODY, WEBHOOK_SECRET, clock.now) == expected


def test_the_signature_is_the_one_of_the_specification() -> None:
    assert (
        signature(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            b'{"test": 2432232314}',
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        )
        == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize("form", ["{0}", "v1,{0}", "v1,bm8= v1,{0}", "v1a,bm8= v1,{0}", "{0} v1,bm8="])
def test_a_bare_signature_and_a_list_are_read(form: str, clock: Clock) -> None:
    headers = signed(clock)
    headers["Webhook-Signature"] = form.format(headers["Webhook-Signature"].removeprefix("v1,"))
    assert read_notice(headers, BODY, WEBHOOK_SECRET, clock.now).id == "msg_1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Webhook-Id", "msg_2"),
        ("Webhook-Id", ""),
        ("Webhook-Timestamp", "1763629201"),
        ("Webhook-Signature", ""),
        ("Webhook-Signature", "v1,"),
        ("Webhook-Signature", "v1,bm8="),
        ("Webhook-Signature", "v1,é"),
    ],
)
def test_what_was_changed_is_refused(name: str, value: str, clock: Clock) -> None:
    with pytest.raises(Unauthenticated):
        read_notice({**signed(clock), name: value}, BODY, WEBHOOK_SECRET, clock.now)


def test_an_event_without_an_id_is_refused_even_when_it_is_signed(clock: Clock) -> None:
    headers = signed(clock)
    unnamed = signature("", headers["Webhook-Timestamp"], BODY)
    with pytest.raises(Unauthenticated):
        read_notice(
            {**headers, "Webhook-Id": "", "Webhook-Signature": unnamed}, BODY, WEBHOOK_SECRET, clock.now
        )


def test_another_body_or_another_secret_is_refused(clock: Clock) -> None:
    with pytest.raises(Unauthenticated):
        read_notice(signed(clock), BODY + b" ", WEBHOOK_SECRET, clock.now)
    with pytest.raises(Unauthenticated):
        read_notice(signed(clock, secret="whsec_b3RoZXI="), BODY, WEBHOOK_SECRET, clock.now)


@pytest.mark.parametrize("later", [301, -301])
def test_an_event_from_another_time_is_refused(later: int, clock: Clock) -> None:
    with pytest.raises(Unauthenticated, match="too old"):
        read_notice(signed(clock), BODY, WEBHOOK_SECRET, clock.now + timedelta(seconds=later))


@pytest.mark.parametrize("later", [300, -300])
def test_five_minutes_are_allowed(later: int, clock: Clock) -> None:
    moment = clock.now + timedelta(seconds=later)
    assert read_notice(signed(clock), BODY, WEBHOOK_SECRET, moment).kind == "order.paid"


def test_a_signed_time_that_is_no_number_is_refused(clock: Clock) -> None:
    headers = {
        "webhook-id": "a",
        "webhook-timestamp": "²",
        "webhook-signature": signature("a", "²", BODY),
    }
    with pytest.raises(Unauthenticated):
        read_notice(headers, BODY, WEBHOOK_SECRET, clock.now)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"event_type": 1, "resource_url": "u", "shop_id": 1}']
)
def test_a_signed_body_that_tells_no_event_is_invalid(body: bytes, clock: Clock) -> None:
    with pytest.raises(InvalidInput):
        read_notice(signed(clock, body), body, WEBHOOK_SECRET, clock.now)


def test_without_a_secret_nothing_is_believed(clock: Clock) -> None:
    with pytest.raises(NotConfigured, match="ETSY_WEBHOOK_SECRET"):
        read_notice(signed(clock), BODY, "", clock.now)
    with pytest.raises(ConfigurationError):
        read_notice(signed(clock), BODY, "whsec_no base64", clock.now)


class Receiver(Server):
    """Reads events as they arrive."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.received: list[Notice] = []

    def handle(self, asked: Asked) -> Answered:
        self.received.append(read_notice(asked.headers, asked.body, WEBHOOK_SECRET, self.clock.now))
        return Answered(200, {"received": True})


def test_the_fake_sends_events_signed_repeated_and_in_any_order(etsy: EtsyServer, clock: Clock) -> None:
    receipt_id = etsy.buy(etsy.create_listing())
    created, paid = etsy.webhooks.events
    receiver = Receiver(clock)
    with serving(receiver) as url:
        chosen = etsy.webhooks.chosen([paid.id, created.id, paid.id])
        assert etsy.webhooks.send(chosen, url, clock.now) == [200, 200, 200]
    assert [event.kind for event in receiver.received] == ["order.paid", "listing.created", "order.paid"]
    assert (receiver.received[0].shop, receiver.received[0].order_id) == (str(SHOP_ID), str(receipt_id))
    assert receiver.received[0] == receiver.received[2]
