"""`python -m tests.fakes`: Etsy, Shopify and Amazon on this machine, to try the sync by hand.

Prints the settings that lead a shop to them, and how to play a buyer.
"""

import argparse
import os
import shlex
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from tests.fakes.amazon_server import AmazonServer
from tests.fakes.etsy_server import EtsyServer
from tests.fakes.serving import serving
from tests.fakes.shopify_server import CLIENT_ID, LOCATION, SECRET, SHOP_DOMAIN, ShopifyServer

NAMES = ("etsy", "shopify", "amazon")
FIRST_PORT = 9101
# Seconds until Amazon shows a quantity that it accepted: a short part of the real time.
AMAZON_DELAY = 20
SHOP = "http://localhost:8000"
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


def write_private(path: Path, text: str) -> None:
    """A file that its owner alone may read, like every file of settings."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description=__doc__)
    parser.add_argument("--env-file", type=Path, metavar="PATH", help="write the settings to a file too")
    parser.add_argument("--shop", default=SHOP, help=f"where the shop answers (default {SHOP})")
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="the first of three ports (0: any)")
    parser.add_argument("--no-webhooks", action="store_true", help="send no webhooks to the shop")
    given = parser.parse_args(arguments)
    shop = given.shop.rstrip("/")
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with running(shop, given.port, with_webhooks=not given.no_webhooks) as fakes:
            settings = exports(fakes.environment(shop))
            if given.env_file:
                write_private(given.env_file, settings)
            show(settings, examples(fakes), given.env_file)
            stop.wait()
    except OSError as error:
        sys.exit(f"The channels cannot be served: {error}")


def show(settings: str, calls: str, env_file: Path | None) -> None:
    """Print what a person needs."""
    start = f"ARTSHOP_ENV_FILE={env_file} make run" if env_file else "make run, with these settings exported"
    text = f"{settings}\nThe shop:   {start}\nTo play the artist and the buyers:\n\n{calls}\nStop: Ctrl-C\n"
    os.write(sys.stdout.fileno(), text.encode())


if __name__ == "__main__":
    main()
