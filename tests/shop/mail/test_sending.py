"""A mail is sent once, tried again when it was not, and given up in the end; the artist hears of that."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork, get_client, table_name
from common.outbox import queue_mail
from common.repositories.notifications import all_notifications
from common.repositories.orders import Parcel
from common.repositories.outbox import OUTBOX, Mail, claim, mail_by_id, mark_sent, remove_mail
from shop.mail.sending import BACK_OFF, Sent, send_each
from shop.mail.suppression import suppress
from shop.mail.transports import Refused
from tests.shop.mail.builders import (
    BUYER,
    NOW,
    Carrier,
    an_order,
    minutes,
    queued,
    send,
    sweep,
    waiting,
)
from tests.support.races import just_after, just_before


def stored(mail: Mail) -> Mail:
    found = OUTBOX.get(mail.id, now=epoch(NOW))
    assert found is not None
    return found


def test_a_mail_is_sent_and_not_again(carrier: Carrier) -> None:
    mail = queued(an_order())
    assert send(mail) == {"sent": 1}
    assert carrier.subjects == ["We have your order ORD-00000001"]
    assert stored(mail).sent_at == "2026-12-01T09:30:00.123Z"
    # The same message comes twice, and so does the job.
    assert send(mail) == {"taken": 1}
    assert sweep(minutes(500)) == {}
    assert len(carrier.sent) == 1


def test_of_two_senders_at_once_one_sends(carrier: Carrier) -> None:
    mail = queued(an_order())
    with just_before("common.repositories.outbox.OUTBOX.change", lambda: send(mail)):
        assert send(mail) == {"taken": 1}
    assert len(carrier.sent) == 1
    assert stored(mail).attempts == 1


def test_a_mail_that_expired_before_it_was_claimed_is_not_sent(carrier: Carrier) -> None:
    mail = queued(an_order())
    assert send(mail, now=NOW + timedelta(days=8)) == {"taken": 1}
    assert carrier.sent == []


def test_a_crash_between_sending_and_marking_repeats_that_one_mail(carrier: Carrier) -> None:
    first, second = queued(an_order()), queued(an_order(2))

    def crash() -> None:
        raise SystemExit

    with pytest.raises(SystemExit), just_before("shop.mail.sending.mark_sent", crash):
        send(first)
    # While the claim lasts nobody else takes it.
    assert sweep(minutes(4)) == {"sent": 1}
    assert sweep(minutes(6)) == {"sent": 1}
    assert [mail_id for mail_id, _ in carrier.sent] == [first.id, second.id, first.id]
    assert sweep(minutes(600)) == {}
    # Both have one Message-ID, by which a reader's program knows them for the same.
    assert len({str(message["Message-ID"]) for _, message in carrier.sent}) == 2


def test_what_is_not_taken_is_tried_again_for_a_day_and_then_given_up(carrier: Carrier) -> None:
    mail = queued(an_order())
    carrier.fails = Refused("InternalFailure")
    now = NOW
    for number, pause in enumerate(BACK_OFF[:-1], start=1):
        assert sweep(now) == {"retried": 1}, number
        assert sweep(now + pause - timedelta(seconds=1)) == {}
        now += pause
    assert timedelta(hours=23) < now - NOW < timedelta(hours=25)
    assert sweep(now) == {"failed": 1}
    ended = mail_by_id(mail.id, now)
    assert ended is not None
    assert (ended.outcome, ended.reason, ended.attempts) == ("failed", "InternalFailure", len(BACK_OFF))
    assert sweep(now + timedelta(days=2)) == {}
    (told,) = all_notifications(epoch(now))
    assert (told.severity, told.title) == (
        "error",
        "A mail could not be sent: order_placed about ORD-00000001",
    )


def test_an_attempt_that_ended_with_its_process_counts(carrier: Carrier) -> None:
    mail: Mail | None = queued(an_order())
    for number in range(len(BACK_OFF)):
        assert mail is not None
        mail = claim(mail, minutes(number + 1), NOW)
    assert sweep(minutes(100)) == {"failed": 1}
    assert carrier.sent == []


def test_what_no_repetition_changes_fails_at_once(carrier: Carrier) -> None:
    mail = queued(an_order())
    carrier.fails = Refused("MessageRejected", is_final=True)
    assert send(mail) == {"failed": 1}
    assert stored(mail).reason == "MessageRejected"


def test_where_nothing_is_taken_at_the_moment_the_others_are_left_for_later(carrier: Carrier) -> None:
    mails = [queued(an_order(number)) for number in (1, 2, 3)]
    carrier.fails = Refused("TooManyRequestsException", is_of_all=True)
    assert send(*mails) == {"retried": 1}
    assert [stored(mail).attempts for mail in mails] == [1, 0, 0]


def test_one_mail_that_cannot_be_written_holds_up_no_other(
    carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    with UnitOfWork() as work:
        OUTBOX.put(
            work,
            Mail("sealed-elsewhere", "password_reset", "2026-12-01T09:00:00.000Z", epoch(NOW) + 99, ("x",)),
        )
    queued(an_order())
    assert sweep() == {"retried": 1, "sent": 1}
    assert "mail not written" in [record.message for record in caplog.records]


def test_a_template_that_cannot_be_used_is_named_and_mended_before_the_next_attempt(
    carrier: Carrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en").mkdir()
    own = tmp_path / "en" / "order_placed.html"
    own.write_text("{% block subject %}S{% endblock %}\n{{ order.nothing }}")
    monkeypatch.setenv("MAIL_TEMPLATES", str(tmp_path))
    mail = queued(an_order())
    sent = send_each([mail], lambda: NOW, lambda: True, Sent())
    assert sent.counts == {"retried": 1}
    assert sent.errors == [f"order_placed {mail.id}: {own}:2"]
    own.unlink()
    assert sweep(minutes(6)) == {"sent": 1}


def test_a_late_failure_does_not_end_what_another_one_sent(carrier: Carrier) -> None:
    mail = queued(an_order())
    carrier.fails = Refused("MessageRejected", is_final=True)
    with just_before("shop.mail.sending.end", lambda: mark_sent(mail.id, NOW)):
        assert send(mail) == {"taken": 1}
    assert stored(mail).outcome is None
    assert all_notifications(epoch(NOW)) == []


def test_a_mail_that_goes_while_it_is_sent_is_not_brought_back(carrier: Carrier) -> None:
    mail = queued(an_order())
    with just_after("shop.mail.sending.claim", lambda: remove_mail(mail.id)):
        send(mail)
    assert OUTBOX.get(mail.id, now=epoch(NOW)) is None


def test_an_order_that_is_gone_needs_no_mail(carrier: Carrier) -> None:
    mail = queued(an_order())
    get_client().delete_item(TableName=table_name(), Key={"PK": {"S": "ORDER#1"}, "SK": {"S": "METADATA"}})
    assert send(mail) == {"needless": 1}


def test_an_address_that_is_suppressed_is_not_written_to(carrier: Carrier) -> None:
    suppress("ADA@Example.com", "bounce", NOW)
    mail = queued(an_order())
    assert send(mail) == {"suppressed": 1}
    assert (stored(mail).outcome, stored(mail).reason) == ("suppressed", "bounce")
    assert carrier.sent == []


@pytest.mark.usefixtures("token_key_at_hand")
def test_a_token_that_has_ended_is_not_sent(carrier: Carrier) -> None:
    data = {"name": "Ada", "token": "t", "expires_at": "2026-12-01T10:00:00.000Z"}
    with UnitOfWork() as work:
        queue_mail(work, kind="password_reset", to=BUYER, data=data, now=NOW)
    assert sweep(minutes(31)) == {"expired": 1}
    assert carrier.sent == []


@pytest.mark.parametrize(
    "address", ["ada@example.com\nBcc: all@example.com", "ada", "é@example.com", "a b@c.org"]
)
def test_an_address_that_cannot_be_written_to_fails_at_once(carrier: Carrier, address: str) -> None:
    mail = queued(an_order(customer_email=address))
    assert send(mail) == {"failed": 1}
    assert stored(mail).reason == "bad_address"
    assert carrier.sent == []


def test_a_shop_that_writes_to_nobody_sends_nothing(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = queued(an_order())
    monkeypatch.delenv("MAIL_FROM")
    assert send(mail) == {}
    assert len(waiting()) == 1


@pytest.mark.usefixtures("token_key_at_hand")
def test_no_log_names_anybody(
    carrier: Carrier, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    suppress("suppressed@example.com", "complaint", utc_now())
    queued(an_order(1, customer_email="bad address@example.com"))
    queued(an_order(2, customer_email="suppressed@example.com"))
    queued(an_order(3))
    with UnitOfWork() as work:
        queue_mail(work, kind="account_created", to=BUYER, data={"surname": "Lovelace"}, now=NOW)
    assert sweep() == {"failed": 1, "suppressed": 1, "sent": 1, "retried": 1}
    said = capsys.readouterr().out + json.dumps([record.__dict__ for record in caplog.records], default=str)
    assert "mail ended" in said
    for word in ("example.com", "Example", "Lovelace", "Via Roma"):
        assert word not in said


def test_an_invoice_and_a_credit_note_are_linked_where_there_is_one(carrier: Carrier) -> None:
    order = an_order(payment_status="paid", paid_at="2026-12-01T09:00:00.000Z", invoice="A-2026-17")
    first = queued(order, "order_paid")
    second = queued(order, "order_refunded", refund=1, amount=Decimal("4.00"), credit_note="N-2026-3")
    assert send(first, second) == {"sent": 2}
    paid, refunded = (str(message.get_body(("plain",))) for _, message in carrier.sent)
    assert "https://api.shop.test/papers/A-2026-17." in paid.replace("=\n", "")
    assert "https://api.shop.test/papers/N-2026-3." in refunded.replace("=\n", "")
    assert "we have refunded 4.00 EUR of 10.00 EUR" in refunded.replace("=\n", "")


def test_the_order_s_page_and_the_parcel_are_linked_where_they_are_known(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDER_PAGE_URL", "https://www.shop.test/orders/{number}")
    parcel = Parcel("Posta", "RR1", "https://track.test/RR1")
    unsafe = Parcel("Posta", "RR2", "javascript:alert(1)")
    mails = [
        queued(an_order(number, parcel=it), "order_shipped") for number, it in ((1, parcel), (2, unsafe))
    ]
    assert send(*mails) == {"sent": 2}
    first, second = (message.as_string() for _, message in carrier.sent)
    assert "https://www.shop.test/orders/ORD-00000001" in first
    assert "https://track.test/RR1" in first
    assert "RR2" in second
    assert "javascript" not in second
