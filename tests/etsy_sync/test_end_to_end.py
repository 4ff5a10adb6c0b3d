"""The whole way over HTTP: connect Etsy, import, link, sell here and there, and replay every webhook."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from catalog.products import update_product
from common.http import ShopApp, create_app
from etsy_sync.routes import routes as sync_routes
from orders.routes import routes as order_routes
from tests.catalog.builders import created, ok
from tests.etsy_sync.machine_books import Books, read_books
from tests.etsy_sync.machine_world import ADMIN as ADMINISTRATOR
from tests.etsy_sync.machine_world import CHANNELS, OPENING, SKUS, World, open_world
from tests.orders.order_builders import body_of, check_out, wanted
from tests.support.http import Client
from tests.support.tokens import admin_token

SKU, OTHER, THIRD = SKUS
ADMIN = "/api/admin/integrations/etsy"


@pytest.fixture(scope="module")
def app() -> ShopApp:
    """The routes of orders and of the sync."""
    return create_app("shop", [order_routes, sync_routes])


@pytest.fixture
def world(table: str) -> Iterator[World]:
    """Channels that sell the shop's works, and a shop that is not connected to Etsy."""
    with open_world() as opened:
        opened.stock_shop()
        yield opened


@pytest.fixture
def admin(world: World, app: ShopApp) -> Client:
    """The administrator."""
    return Client(app, token=admin_token())


@pytest.fixture
def connected(world: World, admin: Client) -> World:
    """The same when Etsy is connected, and all listings are linked and told."""
    connect(admin)
    import_listings(world, admin)
    world.deliver_all()
    world.clock.move(1000)
    return world


def connect(admin: Client) -> dict[str, Any]:
    """The administrator goes to Etsy, whose owner consents there and comes back."""
    begun = admin.get("/api/integrations/etsy/auth")
    assert begun.status == 302, begun.text
    consent = requests.get(begun.headers["Location"], allow_redirects=False, timeout=10)
    assert consent.status_code == 302, consent.text
    back = urlsplit(consent.headers["location"])
    assert back.path == "/api/integrations/etsy/callback"
    return ok(Client(admin.app).get(f"{back.path}?{back.query}"))


def import_listings(world: World, admin: Client) -> None:
    """The administrator has the listings read; the queue brings the job to a worker."""
    assert admin.post(f"{ADMIN}/sync/products").status == 202
    messages, world.queue.waiting = world.queue.waiting, []
    assert world.deliver(*messages).counts["jobs"] == 1


def shown(world: World, sku: str) -> dict[str, int]:
    """What the channels show of a SKU when everything has settled."""
    world.clock.move(1000)
    return {channel: world.shown(channel, sku) for channel in CHANNELS}


def everywhere(pieces: int) -> dict[str, int]:
    """So many pieces on every channel."""
    return dict.fromkeys(CHANNELS, pieces)


def in_stock(admin: Client, sku: str) -> int:
    """What the shop says that is there."""
    return int(ok(admin.get(f"/api/inventory/{sku}"))["physical"])


def test_etsy_is_connected_by_its_owner(world: World, admin: Client) -> None:
    assert connect(admin)["shopId"] == "12345"
    assert ok(admin.get(f"{ADMIN}/config"))["connected"] is True
    assert ok(admin.post(f"{ADMIN}/validate"))["valid"] is True


def test_listings_are_imported_linked_by_sku_and_told(world: World, admin: Client) -> None:
    connect(admin)
    import_listings(world, admin)
    found = ok(admin.get(f"{ADMIN}/products", params={"linked": "true"}))["products"]
    assert {each["product_id"] for each in found} == {1, 2}
    world.deliver_all()
    assert {sku: shown(world, sku) for sku in SKUS} == {sku: everywhere(OPENING[sku]) for sku in SKUS}


def test_a_sale_in_the_shop_changes_every_channel(connected: World, admin: Client, app: ShopApp) -> None:
    buyer = Client(app, headers={"X-Cart-Session": "session-of-a-buyer"})
    created(check_out(buyer, body_of(wanted(1, 2))))
    assert connected.queue.skus() == [SKU]
    connected.deliver_all()
    assert shown(connected, SKU) == everywhere(4)
    assert in_stock(admin, SKU) == 4


def test_a_work_that_is_not_published_is_on_sale_nowhere(connected: World) -> None:
    for status, pieces in (("draft", 0), ("published", OPENING[SKU])):
        update_product(1, {"status": status}, ADMINISTRATOR, connected.clock.now)
        assert connected.queue.skus() == [SKU]
        connected.deliver_all()
        assert shown(connected, SKU) == everywhere(pieces)


@pytest.mark.parametrize(
    ("channel", "job"), [("etsy", "receipts"), ("shopify", "orders"), ("amazon", "orders")]
)
def test_a_sale_on_a_channel_changes_stock_orders_and_the_other_channels(
    connected: World, admin: Client, channel: str, job: str
) -> None:
    order, _ = connected.buy(channel, OTHER, 3)
    connected.run(job)
    connected.deliver_all()
    assert in_stock(admin, OTHER) == 1
    assert shown(connected, OTHER) == everywhere(1)
    [placed] = ok(admin.get("/api/admin/orders", params={"per_page": 5}))["orders"]
    number = connected.fakes.shopify.shop.orders[int(order)].number if channel == "shopify" else order
    assert placed["order_number"] == f"{channel.upper()}-{number}"
    assert (placed["payment_status"], placed["payment_method"]) == ("paid", channel)


def test_a_webhook_tells_of_a_sale_before_any_job_does(connected: World, admin: Client) -> None:
    for channel in ("etsy", "shopify"):
        connected.buy(channel, THIRD, 2)
    assert {connected.post(*event) for event in connected.events()} == {200}
    connected.deliver_all()
    assert in_stock(admin, THIRD) == OPENING[THIRD] - 4
    assert shown(connected, THIRD) == everywhere(OPENING[THIRD] - 4)


def test_no_webhook_moves_anything_when_it_is_sent_again(connected: World, admin: Client) -> None:
    connected.buy("etsy", SKU, 1)
    receipt, _ = connected.buy("etsy", THIRD, 2)
    order, _ = connected.buy("shopify", OTHER, 2)
    for job in ("receipts", "orders"):
        connected.run(job)
    connected.fakes.etsy.cancel_receipt(int(receipt))
    connected.fakes.shopify.refund(int(order), "return", 1)
    assert {connected.post(*event) for event in connected.events()} == {200}
    connected.deliver_all()
    books = read_books()
    before = {sku: shown(connected, sku) for sku in SKUS}
    assert before == {SKU: everywhere(5), OTHER: everywhere(3), THIRD: everywhere(9)}
    for _ in range(2):
        assert {connected.post(*event) for event in reversed(connected.events())} == {200}
    connected.deliver_all()
    assert told(read_books()) == told(books)
    assert {sku: shown(connected, sku) for sku in SKUS} == before


def told(books: Books) -> tuple[Any, ...]:
    """All that moves when something is sold."""
    orders = {key: row for key, row in books.rows.items() if key[0].startswith("ORDER#")}
    return books.physical, books.movements, orders
