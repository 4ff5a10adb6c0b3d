"""Nobody makes the shop write to an address more than a few times a day, or silences what was paid for."""

import pytest

from common.config import ConfigurationError
from common.dynamodb import OutcomeUnknown, UnitOfWork
from common.outbox import queue_mail
from common.repositories.outbox import mail_by_id
from shop.mail.limits import MAILS_PER_ADDRESS, mailbox_of, mails_per_address
from shop.mail.transports import Refused
from tests.shop.mail.builders import BUYER, NOW, Carrier, an_order, minutes, queued, send, sweep, withdrawn


def placed(count: int, first: int = 1, email: str = BUYER) -> None:
    for number in range(first, first + count):
        queued(an_order(number, customer_email=email))


def test_an_address_gets_a_few_mails_about_unpaid_orders_a_day(carrier: Carrier) -> None:
    placed(MAILS_PER_ADDRESS + 2)
    last = queued(an_order(50), now=minutes(1))
    assert sweep(minutes(1)) == {"sent": MAILS_PER_ADDRESS, "held_back": 3}
    ended = mail_by_id(last.id, NOW)
    assert ended is not None
    assert (ended.outcome, ended.reason) == ("held_back", "enough_today")
    # Never tried again, and a new day is a new day.
    assert sweep(minutes(300)) == {}
    placed(1, first=100)
    assert sweep(minutes(24 * 60)) == {"sent": 1}


def test_what_strangers_can_cause_takes_nothing_from_what_was_paid_for(carrier: Carrier) -> None:
    placed(MAILS_PER_ADDRESS + 1)
    sweep()
    paid = queued(an_order(20, payment_status="paid", paid_at="2026-12-01T09:20:00.000Z"), "order_paid")
    withdrawn(order_id=21)
    receipt = queued(an_order(21), "withdrawal_received", withdrawal=1)
    assert send(paid, receipt) == {"sent": 2}


@pytest.mark.usefixtures("token_key_at_hand")
def test_orders_take_nothing_from_the_reset_of_a_password(carrier: Carrier) -> None:
    placed(MAILS_PER_ADDRESS + 1)
    sweep()
    data = {"name": "Ada", "token": "t", "expires_at": "2026-12-01T10:30:00.000Z"}
    for _ in range(MAILS_PER_ADDRESS + 1):
        with UnitOfWork() as work:
            queue_mail(work, kind="password_reset", to=BUYER, data=data, now=NOW)
    assert sweep() == {"sent": MAILS_PER_ADDRESS, "held_back": 1}


def test_other_forms_of_a_mailbox_are_the_same_mailbox(carrier: Carrier) -> None:
    for number in range(1, MAILS_PER_ADDRESS + 3):
        placed(1, first=number, email=f"Ada+{number}@example.com")
    assert sweep() == {"sent": MAILS_PER_ADDRESS, "held_back": 2}


def test_which_mailbox_an_address_is_of() -> None:
    assert mailbox_of("A.d.a+shop@Googlemail.com") == "ada@gmail.com"
    assert mailbox_of("a.d.a@example.com") == "a.d.a@example.com"
    assert mailbox_of("+only@example.com") == "+only@example.com"


def test_a_mail_that_was_not_sent_does_not_count(carrier: Carrier) -> None:
    placed(MAILS_PER_ADDRESS)
    carrier.fails = Refused("InternalFailure")
    assert sweep() == {"retried": MAILS_PER_ADDRESS}
    carrier.fails = None
    assert sweep(minutes(6)) == {"sent": MAILS_PER_ADDRESS}


def test_a_count_of_which_nobody_knows_holds_no_mail_back(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object, **__: object) -> None:
        raise OutcomeUnknown

    placed(1)
    with monkeypatch.context() as patch:
        patch.setattr("common.repositories.rate_limits.update_item", lose)
        assert sweep() == {"retried": 1}
    assert sweep(minutes(6)) == {"sent": 1}


def test_the_number_is_a_setting(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILS_PER_ADDRESS", "1")
    placed(2)
    assert sweep() == {"sent": 1, "held_back": 1}
    monkeypatch.setenv("MAILS_PER_ADDRESS", "0")
    placed(9, first=30)
    assert sweep() == {"sent": 9}
    monkeypatch.setenv("MAILS_PER_ADDRESS", "few")
    with pytest.raises(ConfigurationError, match="MAILS_PER_ADDRESS"):
        mails_per_address()
