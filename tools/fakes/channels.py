"""Etsy, Shopify and Amazon on this machine: the settings that lead a shop to them, and how to play."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tools.fakes.amazon_server import AmazonServer
from tools.fakes.etsy_server import EtsyServer
from tools.fakes.serving import serving
from tools.fakes.shopify_server import CLIENT_ID, LOCATION, SECRET, SHOP_DOMAIN, ShopifyServer

NAMES = ("etsy", "shopify", "amazon")
# Seconds until Amazon shows a quantity that it accepted: a short part of the real time.
AMAZON_DELAY = 20
# The number that the fake gives its first listing with one SKU.
FIRST_LISTING = 1004


@dataclass(frozen=True)
class Fakes:
    """The three channels, running."""

    etsy: EtsyServer
    shopify: ShopifyServer
    amazon: AmazonServer

    def environment(self, shop: str) -> dict[str, str]:
        """The settings with which the shop at that URL calls them."""
        return {
            **self.etsy.environment(),
            "ETSY_REDIRECT_URI": redirect_uri(shop),
            "SHOPIFY_SHOP_DOMAIN": SHOP_DOMAIN,
            "SHOPIFY_CLIENT_ID": CLIENT_ID,
            "SHOPIFY_CLIENT_SECRET": SECRET,
            "SHOPIFY_LOCATION_ID": str(LOCATION),
            "SHOPIFY_API_BASE": self.shopify.url,
            **self.amazon.environment(),
        }


def redirect_uri(shop: str) -> str:
    """Where Etsy sends the artist's browser after the consent."""
    return f"{shop}/api/integrations/etsy/callback"


@contextmanager
def running(shop: str, port: int = 0, *, with_webhooks: bool = True) -> Iterator[Fakes]:
    """Runs the channels on ports from `port` on (0: any) until the end of the block.

    Their webhooks go to the shop at that URL.
    """
    fakes = Fakes(EtsyServer(), ShopifyServer(), AmazonServer(delay=AMAZON_DELAY))
    fakes.etsy.oauth.redirect_uris.add(redirect_uri(shop))
    if with_webhooks:
        fakes.etsy.send_webhooks_to(f"{shop}/api/webhooks/etsy")
        fakes.shopify.send_webhooks_to(f"{shop}/api/webhooks/shopify", at_once=True)
    with ExitStack() as stack:
        for place, name in enumerate(NAMES):
            stack.enter_context(serving(getattr(fakes, name), port + place if port else 0))
        yield fakes


def exports(environment: Mapping[str, str]) -> str:
    """The settings as a shell takes them."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())


def examples(fakes: Fakes) -> str:
    """How a person plays the artist and the buyers."""
    calls = [
        (fakes.etsy.url, "create_listing", '{"title": "Print", "skus": {"A-SKU": 5}}'),
        (fakes.etsy.url, "buy", f'{{"listing_id": {FIRST_LISTING}, "sku": "A-SKU"}}'),
        (fakes.shopify.url, "create_product", '{"title": "Print", "sku": "A-SKU", "available": 5}'),
        (fakes.shopify.url, "buy", '{"sku": "A-SKU", "quantity": 1}'),
        (fakes.shopify.url, "redeliver", "{}"),
        (fakes.amazon.url, "create_listing", '{"sku": "A-SKU", "quantity": 5}'),
        (fakes.amazon.url, "buy", '{"sku": "A-SKU"}'),
        (fakes.etsy.url, "fail_next", '{"count": 3, "status": 503}'),
        (fakes.etsy.url, "show", "{}"),
    ]
    return "".join(f"curl -s {url}/_control/{name} -d {shlex.quote(body)}\n" for url, name, body in calls)
