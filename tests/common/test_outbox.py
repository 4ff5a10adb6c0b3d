"""A mail is queued with what it tells of, and nobody who reads the table reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.clock import epoch
from common.dynamodb import UnitOfWork, get_client, get_item, meter, table_name
from common.encryption import Unsealable, new_local_key
from common.errors import Conflict
from common.outbox import MOST_BYTES, Body, has_late_mail, opened, queue_mail, queue_order_mail
from common.repositories.notifications import all_notifications
from common.repositories.orders import Order
from common.repositories.outbox import OUTBOX, Mail, mark_sent, remove_mail, waiting_mails
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime(2026, 1, 31, 10, 0, 0, 123_000, tzinfo=UTC)
ADDRESS = "ada@example.com"
DATA = {"token": "a-secret-word", "price": Decimal("12.20"), "name": "più ☂"}


VALUES = st.none() | st.integers() | st.booleans() | st.text(max_size=3000)


def queue(data: dict[str, Any] | None = None, *, to: str = ADDRESS, now: datetime = NOW) -> bool:
    """One mail in a transaction of its own."""
    with UnitOfWork() as work:
        return queue_mail(work, kind="password_reset", to=to, data=DATA if data is None else data, now=now)


def waiting(now: datetime = NOW) -> list[Mail]:
    """All mails that wait."""
    return waiting_mails(10, epoch(now))


def stored() -> str:
    """All that the table holds."""
    return repr(get_client().scan(TableName=table_name())["Items"])


@pytest.mark.usefixtures("token_key_at_hand")
class TestWithAKey:
    """A key to seal with is configured."""

    def test_a_mail_is_read_back_as_it_was_given(self) -> None:
        assert queue()
        (mail,) = waiting()
        assert (mail.kind, mail.created_at) == ("password_reset", "2026-01-31T10:00:00.123Z")
        assert mail.expires_at == epoch(NOW + timedelta(days=7))
        assert opened(mail) == Body(ADDRESS, DATA)

    def test_the_table_holds_neither_address_nor_data(self) -> None:
        queue()
        assert "OUTBOX#" in stored()
        for secret in (ADDRESS, "a-secret-word", "12.20", "più"):
            assert secret not in stored()

    def test_a_mail_is_lost_with_what_it_tells_of(self) -> None:
        with pytest.raises(Conflict), UnitOfWork() as work:
            queue_mail(work, kind="password_reset", to=ADDRESS, data=DATA, now=NOW)
            raise Conflict("it did not happen")
        assert waiting() == []

    def test_the_oldest_is_read_first_and_no_more_than_are_wanted(self) -> None:
        for minutes in (3, 1, 2):
            queue({"n": minutes}, now=NOW + timedelta(minutes=minutes))
        with meter() as usage:
            mails = waiting_mails(2, epoch(NOW))
        assert usage.calls == 1
        assert [body.data for body in map(opened, mails) if body] == [{"n": 1}, {"n": 2}]

    def test_a_mail_that_was_sent_waits_no_more_and_keeps_no_body(self) -> None:
        queue()
        (mail,) = waiting()
        assert mark_sent(mail.id, NOW)
        assert waiting() == []
        sent = OUTBOX.get(mail.id, now=epoch(NOW))
        assert sent == replace(mail, sealed=(), sent_at="2026-01-31T10:00:00.123Z")
        assert sent is not None
        assert opened(sent) is None

    def test_two_senders_of_one_mail_do_not_both_mark_it(self) -> None:
        queue()
        (mail,) = waiting()
        marks: list[bool] = []

        def rival() -> None:
            marks.append(mark_sent(mail.id, NOW))

        with just_before("common.repositories.outbox.update_item", rival):
            assert not mark_sent(mail.id, NOW)
        assert marks == [True]

    def test_a_late_sender_brings_nothing_back(self) -> None:
        queue()
        (mail,) = waiting()
        with just_before("common.repositories.outbox.update_item", lambda: remove_mail(mail.id)):
            assert not mark_sent(mail.id, NOW)
        assert get_item(OUTBOX.key(mail.id)) is None
        remove_mail(mail.id)

    def test_a_mail_expires(self) -> None:
        queue()
        assert waiting(NOW + timedelta(days=7)) == []

    def test_a_body_of_another_mail_does_not_open(self) -> None:
        queue({"n": 1})
        queue({"n": 2})
        one, two = waiting()
        with pytest.raises(Unsealable):
            opened(replace(one, sealed=two.sealed))

    def test_parts_of_a_long_body_stay_in_their_places(self) -> None:
        queue({"text": "x" * 10_000})
        (mail,) = waiting()
        assert len(mail.sealed) == 3
        for moved in (mail.sealed[::-1], mail.sealed[:2]):
            with pytest.raises(Unsealable):
                opened(replace(mail, sealed=moved))

    def test_a_body_without_bounds_is_refused(self) -> None:
        queue({"text": "x" * (MOST_BYTES - 100)})
        with pytest.raises(ValueError, match="at most"):
            queue({"text": "x" * MOST_BYTES})

    @settings(max_examples=25)
    @given(
        data=st.dictionaries(
            st.text(max_size=9),
            st.none() | st.integers() | st.booleans() | st.text(max_size=3000),
            max_size=4,
        ),
        to=st.text(max_size=254),
    )
    def test_whatever_is_queued_comes_back(self, data: dict[str, Any], to: str) -> None:
        queue(data, to=to)
        (mail,) = waiting()
        assert opened(mail) == Body(to, data)
        remove_mail(mail.id)


def test_without_a_key_nothing_is_stored_but_the_administrator_is_told() -> None:
    assert not queue()
    assert waiting() == []
    (told,) = all_notifications(epoch(NOW))
    assert (told.title, told.severity) == ("A mail was not queued: password_reset", "error")
    assert "TOKEN_ENCRYPTION_KEY_PARAMETER" in str(told.message)
    for secret in (ADDRESS, "a-secret-word"):
        assert secret not in stored()


def test_a_key_that_this_environment_does_not_accept_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
    assert not queue()
    assert "OUTBOX#" not in stored()


class TestAboutAnOrder:
    """A mail about an order names it, and nobody."""

    ORDER = Order(
        id=12,
        order_number="ORD-00000012",
        customer_email=ADDRESS,
        customer_name="Ada",
        subtotal=Decimal(10),
        tax=Decimal(0),
        discount=Decimal(0),
        total=Decimal(10),
        currency="EUR",
        payment_method="mock",
        created_at="2026-01-31T10:00:00.000Z",
        updated_at="2026-01-31T10:00:00.000Z",
    )

    def queue(self, order: Order = ORDER) -> None:
        """One in a transaction of its own."""
        with UnitOfWork() as work:
            queue_order_mail(work, order, "order_refunded", NOW, {"refund": 1})

    def test_it_waits_where_the_shop_writes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
        self.queue()
        (mail,) = waiting()
        assert (mail.kind, mail.order_id, mail.facts, mail.sealed) == (
            "order_refunded",
            12,
            {"refund": 1},
            (),
        )
        assert mail.expires_at == epoch(NOW + timedelta(days=7))
        assert ADDRESS not in stored()
        assert "Ada" not in stored()

    def test_a_shop_that_writes_to_nobody_queues_none(self) -> None:
        self.queue()
        assert waiting() == []

    def test_a_buyer_whose_address_is_not_known_gets_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
        self.queue(replace(self.ORDER, customer_email=""))
        assert waiting() == []

    def test_a_channel_writes_to_its_buyers_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
        self.queue(replace(self.ORDER, channel="etsy"))
        assert waiting() == []

    def test_it_is_announced_after_its_commit_and_never_without(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
        announced: list[tuple[list[str], int]] = []
        monkeypatch.setattr(
            "common.outbox.announce_mails", lambda ids: announced.append((list(ids), len(waiting())))
        )
        with pytest.raises(Conflict), UnitOfWork() as work:
            queue_order_mail(work, self.ORDER, "order_paid", NOW)
            raise Conflict("it did not happen")
        assert announced == []
        self.queue()
        # The mail was there when it was announced.
        assert announced == [([waiting()[0].id], 1)]

    def test_that_nobody_sends_is_seen_after_an_hour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
        self.queue()
        assert not has_late_mail(NOW + timedelta(minutes=59))
        assert has_late_mail(NOW + timedelta(minutes=61))
        monkeypatch.delenv("MAIL_FROM")
        assert not has_late_mail(NOW + timedelta(minutes=61))
