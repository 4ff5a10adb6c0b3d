"""Who bought: shown wherever Shopify lets the app see it, and never a reason for an order to fail."""

import json
import logging
from datetime import timedelta

import pytest

from common.logging import logger
from etsy_sync.adapters.interface import Rejected
from etsy_sync.adapters.orders import ChannelOrder
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.orders import find_order, orders_updated_since
from tests.etsy_sync.adapters.shopify.conftest import Time
from tests.etsy_sync.readable import readable
from tools.fakes.serving import Answered
from tools.fakes.shopify_server import ShopifyServer

NAME, EMAIL = "Maria Rossi", "maria@example.com"


@pytest.fixture
def number(shop: ShopifyServer, client: ShopifyClient) -> int:
    """The number of an order, in a shop of which the client has a token already."""
    shop.create_product(sku="A", available=9)
    find_order(client, "1")
    shop.asked.clear()
    return shop.buy("A", 2, email=EMAIL, buyer=NAME)


def read(client: ShopifyClient, number: int) -> ChannelOrder:
    found = find_order(client, str(number))
    assert found is not None
    return found


def poll(client: ShopifyClient, time: Time) -> list[ChannelOrder]:
    return list(readable(orders_updated_since(client, time.now - timedelta(hours=1))))


def test_an_order_says_who_bought(
    client: ShopifyClient, shop: ShopifyServer, time: Time, number: int
) -> None:
    for order in (read(client, number), *poll(client, time)):
        assert (order.customer_name, order.customer_email) == (NAME, EMAIL)
    assert len(shop.asked) == 2


def test_nobody_is_named_who_did_not_say_who_he_is(
    client: ShopifyClient, shop: ShopifyServer, number: int
) -> None:
    order = read(client, shop.buy("A"))
    assert (order.customer_name, order.customer_email) == (None, None)


def test_a_single_name_is_the_whole_name(client: ShopifyClient, shop: ShopifyServer, number: int) -> None:
    assert read(client, shop.buy("A", buyer="Maria")).customer_name == "Maria"


def test_an_app_that_may_not_see_buyers_reads_everything_else_for_one_call_more(
    client: ShopifyClient, shop: ShopifyServer, time: Time, number: int
) -> None:
    seen = read(client, number)
    shop.approve([])
    shop.access.scopes.discard("read_customers")
    shop.asked.clear()
    unseen = [read(client, number), *poll(client, time), read(client, number), *poll(client, time)]
    assert [(order.customer_name, order.customer_email) for order in unseen] == [(None, None)] * 4
    assert [order.lines for order in unseen] == [seen.lines] * 4
    assert [(order.total, order.is_paid, order.number) for order in unseen] == [
        (seen.total, seen.is_paid, seen.number)
    ] * 4
    assert len(shop.asked) == 4 + 1


def test_a_page_of_orders_whose_buyers_are_withheld_is_read_for_one_call_more(
    client: ShopifyClient, shop: ShopifyServer, time: Time, number: int
) -> None:
    shop.approve([])
    numbers = [number, *(shop.buy("A", email=EMAIL, buyer=NAME) for _ in range(6))]
    assert [order.id for order in poll(client, time)] == [str(each) for each in numbers]
    assert len(shop.asked) == 2 + 1


@pytest.mark.parametrize(
    ("approved", "scope", "shown"),
    [
        (["name", "email"], False, (NAME, EMAIL)),
        (["name"], True, (NAME, None)),
        (["name"], False, (NAME, None)),
        (["email"], True, (None, EMAIL)),
        (["email"], False, (None, EMAIL)),
    ],
)
def test_what_the_app_may_see_of_a_buyer_is_shown_without_the_rest(
    client: ShopifyClient,
    shop: ShopifyServer,
    number: int,
    approved: list[str],
    scope: bool,
    shown: tuple[str | None, str | None],
) -> None:
    shop.approve(approved)
    if not scope:
        shop.access.scopes.discard("read_customers")
    for _ in range(2):
        order = read(client, number)
        assert (order.customer_name, order.customer_email) == shown
    assert len(shop.asked) == 2 + 1


def test_what_is_found_withheld_one_after_the_other_is_asked_for_once_each(
    client: ShopifyClient, shop: ShopifyServer, number: int
) -> None:
    """A guest has no customer and no bill whose name could be refused."""
    shop.approve([])
    guest = shop.buy("A")
    numbers = (guest, number, guest, number)
    assert [read(client, each).customer_email for each in numbers] == [None] * 4
    assert len(shop.asked) == 4 + 2


def test_buyers_are_asked_for_again_by_the_next_process(
    client: ShopifyClient, shop: ShopifyServer, number: int
) -> None:
    shop.approve([])
    read(client, number)
    shop.approve(["name", "email"])
    assert read(client, number).customer_name is None
    again = ShopifyClient(client.settings, client._caller, shop.clock)
    assert read(again, number).customer_name == NAME


def test_the_log_says_what_is_withheld_once_and_names_nobody(
    client: ShopifyClient, shop: ShopifyServer, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    logger().setLevel(logging.INFO)
    shop.approve(["email"])
    for _ in range(3):
        read(client, number)
    told = capsys.readouterr().out
    [line] = [json.loads(line) for line in told.splitlines()]
    assert (line["level"], line["withheld"]) == ("WARNING", ["billingAddress", "customer"])
    assert not any(word in told for word in ("Maria", "Rossi", EMAIL))


@pytest.mark.parametrize("approved", [[], ["name", "email"]])
def test_another_error_beside_a_refusal_is_still_an_error(
    client: ShopifyClient,
    shop: ShopifyServer,
    time: Time,
    number: int,
    approved: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop.approve(approved)
    monkeypatch.setattr("tools.fakes.shopify_shop.Order.financial_status", "NO_SUCH_STATUS")
    with pytest.raises(Rejected, match="NO_SUCH_STATUS"):
        read(client, number)
    with pytest.raises(Rejected, match="NO_SUCH_STATUS"):
        poll(client, time)


def test_an_app_that_may_not_read_orders_is_refused_at_once(
    client: ShopifyClient, shop: ShopifyServer, time: Time, number: int
) -> None:
    shop.access.scopes.discard("read_orders")
    with pytest.raises(Rejected, match="read_orders"):
        read(client, number)
    with pytest.raises(Rejected, match="read_orders"):
        poll(client, time)
    assert len(shop.asked) == 2


@pytest.mark.parametrize(
    ("error", "path"),
    [
        ({"message": "This app is not approved to access the Order object.", "code": "ACCESS_DENIED"}, []),
        ({"message": "Something else went wrong", "code": "UNAVAILABLE"}, ["email"]),
    ],
)
def test_what_is_no_refusal_of_a_buyers_field_is_an_error(
    error: dict[str, str],
    path: list[str],
    client: ShopifyClient,
    shop: ShopifyServer,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusal = {
        "message": error["message"],
        "path": ["order", *path],
        "extensions": {"code": error["code"]},
    }
    answer = Answered(200, {"data": {"order": None}, "errors": [refusal]})
    monkeypatch.setattr(shop, "_graphql", lambda _asked: answer)
    with pytest.raises(Rejected, match=error["message"]):
        read(client, number)
    assert len(shop.asked) == 1


def test_a_refusal_that_has_no_code_is_known_by_its_text(
    client: ShopifyClient, shop: ShopifyServer, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.fakes.shopify_access.DENIED", {})
    shop.approve(["name"])
    order = read(client, number)
    assert (order.customer_name, order.customer_email) == (NAME, None)
    assert len(shop.asked) == 2
