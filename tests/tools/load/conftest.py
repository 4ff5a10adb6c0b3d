"""A small shop in this process, and a client that asks it."""

from collections.abc import Iterator
from random import Random

import pytest

from catalog.products import create_product
from catalog.routes import routes as catalog_routes
from catalog.schemas import NewProduct
from common.clock import utc_now
from common.http import Identity, Role, create_app
from common.http.validation import load
from content.routes import routes as content_routes
from orders.routes import routes as orders_routes
from shop.routes import routes as shop_routes
from tests.support.buckets import fresh_bucket
from tools.load.artist import Artist
from tools.load.books import Books
from tools.load.in_process import InProcessClient
from tools.load.stock_audit import Auditor
from tools.local.credentials import password_hash
from tools.local.gateway import Gateway

SHOP = create_app("load", [catalog_routes, content_routes, orders_routes, shop_routes])
PASSWORD = "of the load's artist"
ACTOR = Identity("1", "artist", Role.ADMIN)
PIECES = 3
# Made once: argon2 takes its time, and it is to.
HASH = password_hash(PASSWORD)


def make_product(number: int) -> None:
    fields = {
        "title": f"Print {number}",
        "slug": f"print-{number}",
        "base_price": 10 + number,
        "status": "published",
        "variants": [{"sku": f"P-{number}", "name": "A4", "stock": PIECES}],
    }
    create_product(load(NewProduct, fields), ACTOR, utc_now())


@pytest.fixture
def client(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcessClient]:
    """Asks a shop with two products of three pieces each."""
    monkeypatch.setenv("CHECKOUTS_PER_HOUR", "0")
    monkeypatch.setenv("ADMIN_USERNAME", "artist")
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", HASH)
    with fresh_bucket():
        for number in range(2):
            make_product(number)
        yield InProcessClient(Gateway(SHOP))


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
def artist(client: InProcessClient, books: Books) -> Artist:
    return Artist(client, Random(3), books, "artist", PASSWORD)  # noqa: S311 - likings


@pytest.fixture
def auditor(client: InProcessClient, artist: Artist) -> Auditor:
    found = Auditor(client, artist)
    found.prepare()
    return found
