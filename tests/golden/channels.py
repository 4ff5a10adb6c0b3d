"""What the channels sell, cancel and are told in a day, each SKU on each; links are made and dissolved."""

from app import app
from etsy_sync.sync.consuming import Message
from etsy_sync.sync.undelivered import report_undelivered
from tests.etsy_sync.machine_world import CHANNELS, SKUS, World
from tests.etsy_sync.test_end_to_end import connect, import_listings
from tests.support.http import Client
from tests.support.tokens import admin_token

BASE = "/api/admin/integrations"


def trade(world: World) -> None:
    """The whole day."""
    world.stock_shop()
    admin = Client(app, token=admin_token())
    assert admin.get("/api/integrations/etsy/auth").status == 302
    connect(admin)
    import_listings(world, admin)
    for job in ("products", "returns", "inventory"):
        world.run(job)
    world.deliver_all()
    _sell(world)
    _say_by_hand(world, admin)
    report_undelivered([Message("lost-1", "receipt", '{"sku": "V-1-0"}')], world.clock.now)


def _sell(world: World) -> None:
    bought = {channel: world.buy(channel, SKUS[2], 1)[0] for channel in CHANNELS}
    world.sell(SKUS[0], 1)
    for event in world.events():
        assert world.post(*event) == 200
    for job in ("receipts", "orders"):
        world.run(job)
    world.deliver_all()
    world.fakes.etsy.cancel_receipt(int(bought["etsy"]))
    world.fakes.shopify.cancel_order(int(bought["shopify"]))
    world.clock.move(3600)
    for job in ("receipts", "orders", "tokens", "inventory"):
        world.run(job)
    world.deliver_all()
    world.clock.move(1000)


def _say_by_hand(world: World, admin: Client) -> None:
    """Links are dissolved and made by an administrator, and a listing is looked at."""
    listing = world.listings[SKUS[1]]
    assert admin.delete(f"{BASE}/etsy/products/{listing}/link").status == 200
    assert admin.delete(f"{BASE}/amazon/links/{SKUS[0]}").status == 200
    world.clock.move(1)
    assert admin.post(f"{BASE}/amazon/links", json={"sku": SKUS[0], "sellerSku": SKUS[0]}).status in {
        200,
        201,
    }
    world.fakes.etsy.set_state(world.listings[SKUS[0]], "inactive")
    world.run("reconcile")
