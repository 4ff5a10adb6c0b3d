"""Orders that are not paid in time: what they took comes back, once, whoever else acts at that moment."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import iso, utc_now
from common.config import ConfigurationError
from common.repositories.orders import Order, order_by_id, orders_due
from orders.allocation import OutOfStock
from orders.checkout import place_order
from orders.orders import StatusChange, change_status
from orders.payment_records import record_paid
from orders.payments import begin, pay
from orders.providers import ProviderUnavailable
from orders.refunds import cancel_order
from orders.states import ImpossibleStep
from orders.unpaid import cancel_all_overdue, cancel_if_overdue, free_overdue, payment_due_at
from tests.catalog.builders import audit_of, refused, store
from tests.orders.cart_builders import a_code, on_sale, put, shopper, uses
from tests.orders.order_builders import an_order, purchase, stock_of, store_orders, told
from tests.orders.payments.builders import ADMIN, COMMIT, Crash, crash
from tests.support.races import just_after, just_before
from tools.fakes.stripe_server import CAREFUL_CARD, DECLINED_CARD, GOOD_CARD, Fake

NOW = utc_now()
LATER = NOW + timedelta(minutes=61)


@pytest.fixture(autouse=True)
def _shop(table: str) -> None:
    store([on_sale(1, stock=3), on_sale(2, stock=1)])
    a_code()


def order(**fields: Any) -> Order:
    """An order of two pieces with a discount code, and the intent that its buyer needs."""
    placed = place_order(purchase((1, 2), discount_code="SAVE10", **fields), NOW).order
    begin(placed)
    return stored(placed.id)


def stored(order_id: int = 1) -> Order:
    found = order_by_id(order_id)
    assert found is not None
    return found


def is_given_back(order_id: int = 1) -> bool:
    return (stored(order_id).cancelled_at is not None, stock_of(1), uses()) == (True, 3, 0)


def is_kept(order_id: int = 1) -> bool:
    return (stored(order_id).cancelled_at, stock_of(1), uses()) == (None, 1, 1)


def waiting() -> list[int]:
    return list(orders_due("9999"))


def test_an_order_that_is_not_paid_in_time_gives_back_what_it_took() -> None:
    assert order().payment_due_at == iso(NOW + timedelta(minutes=60))
    assert cancel_all_overdue(NOW + timedelta(minutes=59)).counts == {}
    assert is_kept()
    report = cancel_all_overdue(LATER)
    assert (report.outcome, report.counts) == ("completed", {"cancelled": 1})
    assert is_given_back()
    assert [it["title"] for it in told("system")] == ["Order cancelled: ORD-00000001"]
    (entry,) = audit_of("Order", 1)
    assert (entry.action, entry.metadata) == ("CANCEL", {"reason": "Not paid in time"})
    # The next run finds nothing more.
    assert (waiting(), cancel_all_overdue(LATER).counts) == ([], {})
    assert is_given_back()


def test_a_payment_that_failed_keeps_the_pieces_until_the_time_has_gone() -> None:
    order()
    with pytest.raises(Exception, match="declined"):
        pay(1, {"simulateFailure": True}, NOW)
    assert waiting() == [1]
    cancel_all_overdue(LATER)
    assert is_given_back()


def test_only_orders_that_wait_for_their_payment_stand_in_the_index() -> None:
    for product in (1, 1, 2):
        place_order(purchase((product, 1)), NOW)
    assert waiting() == [1, 2, 3]
    pay(1, {}, NOW)
    assert waiting() == [2, 3]
    change_status(2, StatusChange("shipped"), ADMIN, NOW)
    assert waiting() == [3]
    cancel_order(3, None, None, ADMIN, NOW)
    assert waiting() == []
    # One that was sent is not cancelled for want of a payment; back from the parcel it waits again.
    assert cancel_if_overdue(2, LATER) == "kept"
    change_status(2, StatusChange("unfulfilled"), ADMIN, NOW)
    assert waiting() == [2]


def test_orders_that_are_paid_elsewhere_and_orders_for_nothing_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ETSY_SHOP_URL", "https://www.etsy.com/shop/own")
    assert order(payment_method="etsy").payment_due_at is None
    a_code("GIFT", id=2, discount_value=Decimal(100))
    assert place_order(purchase((2, 1), discount_code="GIFT"), NOW).order.payment_due_at is None
    assert (waiting(), cancel_all_overdue(LATER).counts) == ([], {})


def test_the_times_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNPAID_ORDER_MINUTES", "15")
    monkeypatch.setenv("UNPAID_ORDER_MINUTES_MANUAL", "4320")
    assert payment_due_at("mock", NOW) == iso(NOW + timedelta(minutes=15))
    assert payment_due_at("etsy", NOW) == iso(NOW + timedelta(days=3))
    monkeypatch.setenv("UNPAID_ORDER_MINUTES", "0")
    assert payment_due_at("mock", NOW) is None
    monkeypatch.setenv("UNPAID_ORDER_MINUTES", "an hour")
    with pytest.raises(ConfigurationError, match="UNPAID_ORDER_MINUTES must be a whole number"):
        payment_due_at("mock", NOW)


def test_whoever_wants_the_last_piece_gets_it_back_from_an_overdue_order() -> None:
    place_order(purchase((2, 1)), NOW)
    with pytest.raises(OutOfStock):
        place_order(purchase((2, 1)), NOW + timedelta(minutes=59))
    bought = place_order(purchase((2, 1)), LATER)
    assert (bought.order.id, stock_of(2), stored(1).cancelled_at is not None) == (2, 0, True)


def test_a_shortage_cancels_no_order_of_other_works_and_none_in_vain() -> None:
    order()
    assert not free_overdue({2}, LATER)
    assert is_kept()
    assert free_overdue({1}, LATER)
    assert is_given_back()


def test_a_piece_that_is_put_into_a_cart_comes_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    place_order(purchase((2, 1)), NOW)
    assert refused(put(shopper(), 2), 400, "Insufficient stock")
    monkeypatch.setattr("common.clock.utc_now", lambda: LATER)
    assert put(shopper(), 2).status == 200
    assert stock_of(2) == 1


def test_two_runs_at_once_give_back_once() -> None:
    order()
    with just_before(COMMIT, lambda: cancel_all_overdue(LATER)):
        assert cancel_if_overdue(1, LATER) == "kept"
    assert is_given_back()
    assert len(told("system")) == 1


def test_a_payment_at_the_same_instant_wins_or_goes_back() -> None:
    order()
    with just_before(COMMIT, lambda: pay(1, {}, LATER)):
        assert cancel_if_overdue(1, LATER) == "kept"
    assert (stored().payment_status, stock_of(1), uses()) == ("paid", 1, 1)


def test_a_run_that_is_killed_is_taken_up_by_the_next() -> None:
    order()
    with just_before(COMMIT, crash), pytest.raises(Crash):
        cancel_if_overdue(1, LATER)
    assert is_kept()
    cancel_all_overdue(LATER)
    assert is_given_back()


def test_an_order_that_cannot_be_cancelled_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    place_order(purchase((2, 1)), NOW)
    order()

    def bad(order_id: int, now: Any) -> str:
        if order_id == 1:
            raise ProviderUnavailable
        return cancel_if_overdue(order_id, now)

    monkeypatch.setattr("orders.unpaid.cancel_if_overdue", bad)
    report = cancel_all_overdue(LATER)
    assert (report.outcome, report.counts) == ("partial", {"failed": 1, "cancelled": 1})
    assert report.errors == ("ORD-00000001 could not be cancelled; the log says more",)
    assert is_given_back(2)


def test_what_is_not_done_in_time_is_left_to_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    order()
    monkeypatch.setattr("orders.unpaid.SECONDS", -1)
    assert cancel_all_overdue(LATER).counts == {"left_for_later": 1}
    assert is_kept()


def test_orders_that_were_brought_along_unpaid_stay() -> None:
    store_orders([an_order(1), an_order(2, payment_status="failed", order_number="OLD-2")])
    assert (waiting(), cancel_all_overdue(LATER).counts) == ([], {})
    assert cancel_if_overdue(1, LATER) == "kept"


class TestAtStripe:
    """The intent is cancelled there first, and what was paid there is paid."""

    def test_the_intent_is_cancelled_and_takes_no_money_any_more(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        assert cancel_if_overdue(1, LATER) == "cancelled"
        assert stripe.intents["pi_1"]["status"] == "canceled"
        assert is_given_back()

    @pytest.mark.parametrize("status", ["pending", "failed"])
    def test_an_administrator_cancels_it_too(self, stripe: Fake, status: str) -> None:
        order(payment_method="stripe")
        if status == "failed":
            with pytest.raises(Exception, match="declined"):
                pay(1, {"payment_method_id": DECLINED_CARD}, NOW)
        cancel_order(1, None, None, ADMIN, NOW)
        assert stripe.intents["pi_1"]["status"] == "canceled"
        assert is_given_back()

    def test_a_card_that_comes_after_it_pays_nothing(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        with (
            just_before(COMMIT, lambda: pay(1, {"payment_method_id": GOOD_CARD}, LATER)),
            pytest.raises(Exception, match=r"not completed|refused"),
        ):
            cancel_if_overdue(1, LATER)
        assert stripe.charges == []
        cancel_all_overdue(LATER)
        assert is_given_back()

    def test_a_card_that_was_faster_pays_the_order(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        stripe.pay("pi_1")
        assert cancel_if_overdue(1, LATER) == "kept"
        assert (stored().payment_status, stock_of(1)) == ("paid", 1)
        assert len(told("order_paid")) == 1

    def test_a_card_that_is_faster_by_a_moment_pays_the_order(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        stripe.before = lambda: stripe.pay("pi_1")
        assert cancel_if_overdue(1, LATER) == "kept"
        assert stored().payment_status == "paid"

    def test_what_cannot_be_cancelled_can_still_be_paid(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        for status in ("shipped", "delivered"):
            change_status(1, StatusChange(status), ADMIN, NOW)
        with pytest.raises(ImpossibleStep, match="is delivered"):
            cancel_order(1, None, None, ADMIN, NOW)
        assert stripe.intents["pi_1"]["status"] == "requires_payment_method"
        assert pay(1, {"payment_method_id": GOOD_CARD}, NOW)[0].payment_status == "paid"

    def test_an_administrator_who_cancels_what_was_just_paid_gives_it_back(
        self,
        stripe: Fake,
    ) -> None:
        order(payment_method="stripe")
        stripe.pay("pi_1")
        cancelled = cancel_order(1, None, None, ADMIN, NOW).order
        assert (cancelled.payment_status, stripe.refunded("pi_1")) == ("refunded", 4500)
        assert is_given_back()

    def test_money_that_is_under_way_is_waited_for(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        stripe.intents["pi_1"]["status"] = "processing"
        assert cancel_all_overdue(LATER).counts == {"under_way": 1}
        with pytest.raises(Exception, match="under way"):
            cancel_order(1, None, None, ADMIN, NOW)
        assert is_kept()
        stripe.pay("pi_1")
        assert cancel_all_overdue(LATER).counts == {"kept": 1}
        assert stored().payment_status == "paid"

    def test_a_payment_that_its_customer_never_confirmed_is_called_off(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        pay(1, {"payment_method_id": CAREFUL_CARD}, NOW)
        assert cancel_if_overdue(1, LATER) == "cancelled"
        assert is_given_back()

    def test_an_intent_that_the_shop_never_heard_of_is_called_off(self, stripe: Fake) -> None:
        placed = place_order(purchase((1, 2), payment_method="stripe"), NOW).order
        with just_before("orders.payments._remember", crash), pytest.raises(Crash):
            begin(placed)
        assert (stored().payment_intent_id, stripe.intents["pi_1"]["status"]) == (
            None,
            "requires_payment_method",
        )
        assert cancel_if_overdue(1, LATER) == "cancelled"
        assert {name: it["status"] for name, it in stripe.intents.items()} == {"pi_1": "canceled"}

    @pytest.mark.parametrize("lost", [1, 2])
    def test_a_lost_answer_changes_nothing(self, stripe: Fake, lost: int) -> None:
        order(payment_method="stripe")
        stripe.lose = lost
        cancel_all_overdue(LATER)
        cancel_all_overdue(LATER)
        assert stripe.intents["pi_1"]["status"] == "canceled"
        assert is_given_back()

    def test_a_run_that_is_killed_after_stripe_is_taken_up(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        with (
            just_after("orders.providers.stripe_provider.StripeProvider.cancel_payment", crash),
            pytest.raises(Crash),
        ):
            cancel_if_overdue(1, LATER)
        assert is_kept()
        cancel_all_overdue(LATER)
        assert is_given_back()

    def test_while_stripe_is_away_the_order_stays_for_the_next_run(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        stripe.fail = 9
        report = cancel_all_overdue(LATER)
        assert (report.outcome, report.counts, len(report.errors)) == ("error", {"failed": 1}, 1)
        with pytest.raises(OutOfStock):
            place_order(purchase((1, 2)), LATER)
        assert is_kept()
        stripe.fail = 0
        assert cancel_all_overdue(LATER).counts == {"cancelled": 1}

    def test_an_intent_of_another_account_keeps_nothing(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        stripe.intents.clear()
        assert cancel_if_overdue(1, LATER) == "cancelled"

    def test_a_shop_that_has_left_stripe_gets_its_pieces_back(
        self, stripe: Fake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        order(payment_method="stripe")
        monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
        monkeypatch.setenv("STRIPE_API_KEY", "")
        assert cancel_if_overdue(1, LATER) == "cancelled"
        assert is_given_back()
        assert "payment not cancelled" in caplog.text
        assert stripe.intents["pi_1"]["status"] == "requires_payment_method"

    def test_a_payment_that_arrives_after_all_goes_back(self, stripe: Fake) -> None:
        order(payment_method="stripe")
        cancel_all_overdue(LATER)
        stripe.pay("pi_1")
        late = record_paid(1, "pi_1", LATER)
        assert (late.payment_status, stripe.refunded("pi_1")) == ("refunded", 4500)
        assert is_given_back()
