"""What a checkout can be paid by: amounts that cards take, works that are on Etsy, and orders for nothing."""

from decimal import Decimal

import pytest

from orders.providers import Sale
from orders.providers.stripe_provider import StripeProvider
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import a_code, on_sale, put, uses
from tests.orders.order_builders import body_of, buyer, check_out, counter, order_rows, stock_of, told, wanted
from tests.support.http import Client
from tools.fakes.stripe_server import API_KEY, Fake

LINK = "https://www.etsy.com/listing/42/work"


@pytest.fixture
def client(table: str) -> Client:
    """A guest before a shop with a cheap work, a dear one, and one that is on Etsy too."""
    store([on_sale(1, "0.49"), on_sale(2, "0.50"), on_sale(3, "25.00", etsy_link=LINK)])
    return buyer()


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards are taken by Stripe, which is not asked."""
    monkeypatch.setenv("PAYMENT_PROVIDER", "stripe")
    monkeypatch.setenv("STRIPE_API_KEY", API_KEY)
    monkeypatch.setenv("STRIPE_API_BASE", "http://127.0.0.1:9")


def nothing_happened() -> bool:
    return (stock_of(1), counter(), order_rows(), told("order_created")) == (10, (0, 0), [], [])


def test_a_total_below_stripes_minimum_is_refused_before_anything_is_taken(
    client: Client, cards: None
) -> None:
    a_code(max_uses=1)
    put(client, 1)
    body = body_of(wanted(1), discount_code="SAVE10")
    answer = check_out(client, body, "key-1")
    assert refused(answer, 400, "cannot be used for 0.44 EUR: cards take 0.50 EUR or more")
    assert nothing_happened()
    assert uses() == 0
    # The key was not used up either.
    assert check_out(client, body_of(wanted(1, 2)), "key-1").status == 201


def test_a_total_at_the_minimum_is_taken(client: Client, stripe: Fake) -> None:
    assert check_out(client, body_of(wanted(2))).json["client_secret"] == "pi_1_secret"
    assert stripe.intents["pi_1"]["amount"] == 50


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("0.01", "EUR", "take 0.50 EUR or more"),
        ("0.29", "gbp", "take 0.30 GBP or more"),
        ("49", "JPY", "take 50 JPY or more"),
        ("174.99", "HUF", "take 175.00 HUF or more"),
        ("1000000.00", "EUR", "take 999999.99 EUR or less"),
        ("100000000", "JPY", "take 99999999 JPY or less"),
    ],
)
def test_what_stripe_does_not_charge(amount: str, currency: str, text: str) -> None:
    reason = StripeProvider().refusal(Sale(Decimal(amount), currency))
    assert reason is not None
    assert text in reason


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0.50", "EUR"),
        ("0.30", "GBP"),
        ("50", "JPY"),
        ("999999.99", "EUR"),
        ("99999999", "JPY"),
        ("1", "XXX"),
    ],
)
def test_what_stripe_charges(amount: str, currency: str) -> None:
    assert StripeProvider().refusal(Sale(Decimal(amount), currency)) is None


def test_an_order_for_nothing_is_paid_at_once_and_never_sent_to_stripe(
    client: Client,
    stripe: Fake,
) -> None:
    a_code("GIFT", discount_value=Decimal(100))
    body = check_out(client, body_of(wanted(1), discount_code="GIFT")).json
    assert (body["total"], body["order"]["payment_status"]) == (0, "paid")
    assert body["payment_intent_id"] == "free_ORD-00000001"
    # Clients pay every order; of this one nothing is left to pay, however often they ask.
    for _ in range(2):
        paid = ok(client.post("/api/orders/ORD-00000001/payment", json={}))
        assert (paid["order"]["payment_status"], paid["transaction_id"]) == ("paid", "free_ORD-00000001")
    assert (stripe.requests, stock_of(1), uses()) == ([], 9, 1)


def test_etsy_is_refused_where_the_works_are_not_sold_there(client: Client) -> None:
    answer = check_out(client, body_of(wanted(1), wanted(3), payment_method="etsy"))
    assert refused(answer, 400, "payment_method cannot be etsy for works that are not sold there")
    assert answer.error.endswith("must be one of mock")
    assert nothing_happened()


def test_etsy_is_accepted_for_works_that_are_there(client: Client) -> None:
    body = check_out(client, body_of(wanted(3), payment_method="etsy")).json
    assert body["payment_metadata"]["checkoutUrl"] == LINK


def test_etsy_is_accepted_by_a_shop_that_is_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETSY_SHOP_URL", "https://www.etsy.com/shop/own")
    body = check_out(client, body_of(wanted(1), payment_method="etsy")).json
    assert body["payment_metadata"]["checkoutUrl"] == "https://www.etsy.com/shop/own"
