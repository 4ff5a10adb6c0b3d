"""Parcels that an administrator tells of: with the step or later, kept, shown, and mailed to the buyer."""

from typing import Any

import pytest

from common.clock import utc_now
from common.dynamodb import Query, fetch_all
from common.optimistic import StaleVersion
from common.repositories.orders import order_by_id
from common.repositories.outbox import OUTBOX
from orders.orders import StatusChange, change_status
from orders.parcels import tracking_page
from orders.refund_completion import By
from tests.catalog.builders import audit_of, ok, refused
from tests.orders.order_builders import an_order, orders_app, store_orders, told
from tests.support.http import Answer, Client
from tests.support.races import just_before
from tests.support.tokens import admin_token

PATH = "/api/admin/orders/1/status"
GLS = {"carrier": "GLS", "tracking_number": "AB 123"}

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MAIL_FROM", "shop@example.com")
    store_orders([an_order(1, payment_status="paid")])
    return Client(orders_app(), token=admin_token())


def _move(admin: Client, status: str = "shipped", **fields: Any) -> Answer:
    return admin.patch(PATH, json={"status": status, **fields})


def _mails() -> list[str]:
    return [OUTBOX.of(row).kind for row in fetch_all(Query("OUTBOX_WAITING", index="GSI1"))]


def test_a_parcel_is_told_with_the_step_and_shown(admin: Client) -> None:
    parcel = ok(_move(admin, **GLS))["parcel"]
    shipped_at = parcel.pop("shipped_at")
    assert parcel == GLS | {"tracking_url": "https://gls-group.com/track/AB%20123"}
    assert ok(admin.get("/api/orders/1"))["parcel"] == parcel | {"shipped_at": shipped_at}
    assert ok(_move(admin, **GLS))["parcel"]["shipped_at"] == shipped_at
    assert _mails() == ["order_shipped"]
    last = audit_of("Order", 1)[-1].changes
    assert last
    assert last["parcel"]["new"]["carrier"] == "GLS"


def test_an_older_form_keeps_what_was_told(admin: Client) -> None:
    told_of = ok(_move(admin, **GLS))["parcel"]
    assert ok(_move(admin, "fulfilled"))["parcel"] == told_of
    assert ok(_move(admin, "delivered"))["parcel"] == told_of


def test_a_number_that_comes_later_is_mailed_and_the_shop_told_once(admin: Client) -> None:
    assert ok(_move(admin))["parcel"] is None
    first = ok(_move(admin, **GLS))["parcel"]
    corrected = ok(_move(admin, carrier="Corriere del Nord", tracking_url="https://nord.example.com/7"))[
        "parcel"
    ]
    assert corrected == {
        "carrier": "Corriere del Nord",
        "tracking_number": None,
        "tracking_url": "https://nord.example.com/7",
        "shipped_at": first["shipped_at"],
    }
    assert _mails() == ["order_shipped"] * 3
    assert len(told("order_shipped")) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"tracking_number": "1"}, "carrier"),
        ({"tracking_url": "https://x.example.com"}, "carrier"),
        (GLS | {"tracking_url": "http://x.example.com"}, "tracking_url"),
        (GLS | {"tracking_url": "javascript:alert(1)"}, "tracking_url"),
        (GLS | {"tracking_number": "1" * 61}, "tracking_number"),
        (GLS | {"status": "pending"}, "carrier"),
    ],
)
def test_what_is_no_parcel_on_its_way_is_refused(admin: Client, fields: dict[str, str], field: str) -> None:
    answer = admin.patch(PATH, json={"status": "shipped"} | fields)
    refused(answer, 400, field)
    order = order_by_id(1)
    assert order
    assert (order.parcel, order.fulfillment_status) == (None, "unfulfilled")


def test_a_correction_counts_on_what_it_saw(admin: Client) -> None:
    ok(_move(admin, **GLS))

    def rival() -> None:
        change_status(1, StatusChange("shipped", carrier="UPS", tracking_number="9"), By("2"), utc_now())

    with just_before("orders.orders.change_order", rival):
        change_status(1, StatusChange("delivered"), By("1"), utc_now())
    order = order_by_id(1)
    assert order
    assert order.parcel
    assert (order.parcel.carrier, order.delivered_at is not None) == ("UPS", True)


def test_attempts_to_correct_are_not_endless(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ok(_move(admin, **GLS))

    def overtaken(*_: Any) -> None:
        raise StaleVersion("Order")

    monkeypatch.setattr("orders.orders.change_order", overtaken)
    assert _move(admin, "delivered").status == 409


@pytest.mark.parametrize(
    ("carrier", "page"),
    [
        ("Poste Italiane", "https://www.poste.it/cerca/index.html#/risultati-spedizioni/1%2F2"),
        (" poste ", "https://www.poste.it/cerca/index.html#/risultati-spedizioni/1%2F2"),
        ("Österreichische Post", "https://www.post.at/sv/sendungsdetails?snr=1%2F2"),
        ("Bartolini", "https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&Nspediz=1%2F2"),
        ("Piccione", None),
    ],
)
def test_the_pages_of_carriers_are_known(carrier: str, page: str | None) -> None:
    assert tracking_page(carrier, "1/2") == page
    assert tracking_page(carrier, None) is None
