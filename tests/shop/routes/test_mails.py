"""What administrators see of mails and do with them over HTTP."""

from datetime import timedelta

import pytest

from common.clock import epoch, iso, utc_now
from common.repositories.audit import entries_of_user
from common.repositories.outbox import waiting_mails
from shop.mail.suppression import suppress, suppression_of
from shop.mail.transports import Refused
from tests.shop.mail.builders import BUYER, Carrier, an_order, queued, send
from tests.support.http import Client

PATH = "/api/admin/mails"
NOW = utc_now()


@pytest.fixture
def carrier(table: str, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
    monkeypatch.setenv("MAIL_ARTIST", "artist@shop.test")
    monkeypatch.setenv("SHOP_URL", "https://api.shop.test")
    made = Carrier()
    monkeypatch.setattr("shop.mail.sending.transport", lambda: made)
    return made


def test_mails_that_wait_and_that_ended_are_listed_without_anybody_s_name(
    carrier: Carrier, admin: Client
) -> None:
    ended, waits = queued(an_order(1), now=NOW), queued(an_order(2), now=NOW)
    carrier.fails = Refused("MessageRejected", is_final=True)
    send(ended, now=NOW)
    (shown,) = admin.get(PATH).json["mails"]
    assert (shown["id"], shown["order_number"], shown["due_at"]) == (waits.id, "ORD-00000002", iso(NOW))
    answer = admin.get(f"{PATH}?state=ended")
    (shown,) = answer.json["mails"]
    assert (shown["outcome"], shown["reason"], shown["attempts"]) == ("failed", "MessageRejected", 1)
    assert "example.com" not in answer.text
    assert admin.get(f"{PATH}?state=lost").status == 400


def test_a_mail_that_ended_is_tried_again_and_one_that_was_sent_is_not(
    carrier: Carrier, admin: Client
) -> None:
    mail = queued(an_order(), now=NOW)
    carrier.fails = Refused("MessageRejected", is_final=True)
    send(mail, now=NOW)
    for _ in range(2):
        answer = admin.post(f"{PATH}/{mail.id}/retry", json={})
        assert (answer.status, answer.json["outcome"], answer.json["attempts"]) == (200, None, 0)
    carrier.fails = None
    (waiting,) = waiting_mails(9, epoch(NOW))
    assert send(waiting, now=utc_now() + timedelta(seconds=1)) == {"sent": 1}
    assert admin.post(f"{PATH}/{mail.id}/retry", json={}).status == 409
    assert admin.post(f"{PATH}/nothing/retry", json={}).status == 404


def test_a_test_goes_to_the_artist_and_not_without_end(
    carrier: Carrier, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [admin.post(f"{PATH}/test", json={}).status for _ in range(6)]
    assert answers == [200] * 5 + [429]
    (first, *_) = waiting_mails(9, epoch(NOW))
    assert send(first, now=utc_now()) == {"sent": 1}
    assert carrier.sent[0][1]["To"] == "artist@shop.test"
    monkeypatch.delenv("MAIL_ARTIST")
    assert admin.post(f"{PATH}/test", json={}).status == 409
    monkeypatch.delenv("MAIL_FROM")
    assert admin.post(f"{PATH}/test", json={}).status == 409


def test_a_suppression_is_listed_by_its_hash_and_lifted_by_its_address(
    carrier: Carrier, admin: Client
) -> None:
    suppress(BUYER, "bounce", NOW)
    answer = admin.get(f"{PATH}/suppressed")
    (shown,) = answer.json["suppressed"]
    assert (shown["reason"], shown["since"]) == ("bounce", iso(NOW))
    assert BUYER not in answer.text
    assert admin.post(f"{PATH}/suppressed/lift", json={"email": "nobody"}).status == 400
    assert admin.post(f"{PATH}/suppressed/lift", json={"email": "ADA@example.com"}).status == 200
    assert suppression_of(BUYER) is None
    assert admin.post(f"{PATH}/suppressed/lift", json={"email": BUYER}).status == 404


def test_what_is_done_with_mails_is_audited(carrier: Carrier, admin: Client) -> None:
    suppress(BUYER, "complaint", NOW)
    admin.post(f"{PATH}/test", json={})
    admin.post(f"{PATH}/suppressed/lift", json={"email": BUYER})
    entries = entries_of_user("1", 9, None).entries
    assert {(entry.action, entry.entity_type) for entry in entries} == {
        ("TEST", "Mail"),
        ("LIFT", "SuppressedAddress"),
    }
    assert BUYER not in repr(entries)


@pytest.mark.parametrize("path", ["", "/suppressed"])
def test_nobody_else_sees_them(visitor: Client, path: str) -> None:
    assert visitor.get(f"{PATH}{path}").status == 401
