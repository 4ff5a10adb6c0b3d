"""Listings: what they show, and that a quantity is written without touching anything else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.listings import AmazonListing, Issue, listing, write_quantity
from etsy_sync.adapters.interface import Rejected, Transient
from tools.fakes.amazon_server import SELLER, AmazonServer
from tools.fakes.serving import Answered, Asked

AWKWARD = ("A/B", "50% off", "a+b c", "ÀÉ#1?x=2", "plus&more", "a%2Fb", "'quoted'", "~._-")


def _answering(monkeypatch: pytest.MonkeyPatch, amazon: AmazonServer, body: Any) -> None:
    handle = amazon.handle

    def answer(asked: Asked) -> Answered:
        return handle(asked) if asked.method == "POST" else Answered(200, body)

    monkeypatch.setattr(amazon, "handle", answer)


def test_a_listing_of_the_sellers_own_stock(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A", 3, product_type="POSTER")
    assert listing(client, "A") == AmazonListing("A", "POSTER", 3, is_fba=False, is_active=True)


def test_a_sold_out_listing(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A")
    assert listing(client, "A") == AmazonListing("A", "WALL_ART", 0, is_fba=False, is_active=False)


def test_a_listing_of_amazons_stock_has_no_quantity(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A", 3, is_fba=True)
    assert listing(client, "A") == AmazonListing("A", "WALL_ART", None, is_fba=True, is_active=True)


def test_the_issues_of_a_listing(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A", 3)
    amazon.account.listings["A"].issues = [{"code": "1", "message": "No picture", "severity": "WARNING"}]
    shown = listing(client, "A")
    assert shown is not None
    assert shown.issues == (Issue("1", "No picture", "WARNING"),)


def test_no_listing(client: AmazonClient, amazon: AmazonServer) -> None:
    assert listing(client, "A") is None


@pytest.mark.parametrize(
    ("body", "is_fba", "quantity"),
    [
        ({"fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT"}]}, False, 0),
        ({"fulfillmentAvailability": [{"fulfillmentChannelCode": "AMAZON_NA", "quantity": 3}]}, True, None),
        (
            {
                "fulfillmentAvailability": [
                    {"fulfillmentChannelCode": "DEFAULT", "quantity": 3},
                    {"fulfillmentChannelCode": "AMAZON_EU"},
                ]
            },
            True,
            None,
        ),
        ({"summaries": [{"marketplaceId": "A11IL2PNWYJU7H", "fnSku": "X1"}]}, True, None),
        (
            {
                "summaries": [{"marketplaceId": "A11IL2PNWYJU7H", "fnSku": "X1"}],
                "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": 2}],
            },
            False,
            2,
        ),
        ({"summaries": [{"marketplaceId": "elsewhere", "fnSku": "X1"}]}, False, None),
        ({}, False, None),
    ],
)
def test_whose_stock_it_is(
    body: Any,
    is_fba: bool,
    quantity: int | None,
    client: AmazonClient,
    amazon: AmazonServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _answering(monkeypatch, amazon, {"sku": "A", **body})
    shown = listing(client, "A")
    assert shown is not None
    assert (shown.is_fba, shown.quantity, shown.product_type) == (is_fba, quantity, "PRODUCT")


@pytest.mark.parametrize("body", [b"<html>", [], "text", None])
def test_an_answer_that_is_no_listing(
    body: Any, client: AmazonClient, amazon: AmazonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answering(monkeypatch, amazon, body)
    with pytest.raises(Transient, match="no JSON object"):
        listing(client, "A")


def test_a_quantity_shows_when_it_settled_and_the_lead_time_stays(
    client: AmazonClient, amazon: AmazonServer
) -> None:
    amazon.create_listing("A", 3)
    shown = listing(client, "A")
    assert shown is not None
    write_quantity(client, shown, 7)
    assert listing(client, "A") == shown
    assert amazon.settle() == 1
    now = listing(client, "A")
    assert now is not None
    assert (now.quantity, amazon.account.listings["A"].lead_time) == (7, 3)


def test_what_a_write_sends(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A", 3)
    write_quantity(client, AmazonListing("A", "WALL_ART", 3, is_fba=False, is_active=True), 0)
    sent = amazon.asked[-1]
    assert (sent.method, sent.path) == ("PATCH", f"/listings/2021-08-01/items/{SELLER}/A")
    assert sent.query == {"marketplaceIds": ["A11IL2PNWYJU7H"]}
    offer = {"fulfillment_channel_code": "DEFAULT", "quantity": 0}
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": [offer]}
    assert sent.json == {"productType": "WALL_ART", "patches": [patch]}
    assert sent.headers["x-amz-date"] == "20260301T100000Z"
    assert "authorization" not in sent.headers


@pytest.mark.parametrize("sku", AWKWARD)
def test_any_sku_reaches_its_listing(sku: str, client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing(sku, 3)
    shown = listing(client, sku)
    assert shown is not None
    write_quantity(client, shown, 5)
    amazon.settle()
    assert amazon.account.listings[sku].quantity == 5


@given(sku=st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Cc"]), min_size=3, max_size=12))
def test_every_sku_finds_its_own_listing_only(sku: str, client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.limits.clear()
    amazon.account.listings.clear()
    amazon.create_listing(sku, 3)
    amazon.create_listing("another", 9)
    shown = listing(client, sku)
    assert shown is not None
    assert (shown.sku, shown.quantity) == (sku, 3)


def test_accepted_with_200_and_invalid_is_refused(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A", 3)
    amazon.make_invalid("A", "90220", "'quantity' is required")
    shown = listing(client, "A")
    assert shown is not None
    with pytest.raises(Rejected, match="90220 'quantity' is required") as refused:
        write_quantity(client, shown, 5)
    assert refused.value.code == "INVALID"
    assert amazon.settle() == 0


def test_amazons_stock_is_never_written(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A", 3, is_fba=True)
    shown = listing(client, "A")
    assert shown is not None
    with pytest.raises(Rejected) as refused:
        write_quantity(client, shown, 5)
    assert refused.value.code == "fba"
    assert amazon.accidents == []
    assert all(asked.method != "PATCH" for asked in amazon.asked)


def test_stock_of_which_amazon_says_nothing_is_not_written(
    client: AmazonClient, amazon: AmazonServer
) -> None:
    with pytest.raises(Rejected) as refused:
        write_quantity(client, AmazonListing("A", "PRODUCT", None, is_fba=False, is_active=False), 5)
    assert refused.value.code == "no_availability"
    assert amazon.asked == []


def test_a_write_of_a_listing_that_went_away(client: AmazonClient, amazon: AmazonServer) -> None:
    with pytest.raises(Rejected, match="not found in marketplace") as refused:
        write_quantity(client, AmazonListing("A", "PRODUCT", 1, is_fba=False, is_active=True), 5)
    assert refused.value.code == "NOT_FOUND"


@pytest.mark.parametrize("body", [{}, {"errors": []}, {"errors": ["x"]}, b"<html>"])
def test_a_refusal_without_a_reason(
    body: Any, client: AmazonClient, amazon: AmazonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = amazon.handle
    monkeypatch.setattr(
        amazon, "handle", lambda asked: handle(asked) if asked.method == "POST" else Answered(400, body)
    )
    with pytest.raises(Rejected, match="400: Amazon getListingsItem: refused"):
        listing(client, "A")
