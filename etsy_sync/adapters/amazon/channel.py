"""Amazon as a channel of the shop: one target is one SKU of the seller."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from common.clock import utc_now
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.listings import AmazonListing, listing, listings, write_quantity
from etsy_sync.adapters.amazon.settings import AmazonSettings
from etsy_sync.adapters.http import process_caller
from etsy_sync.adapters.interface import Observation, Rejected


class AmazonChannel:
    """What the synchronisation asks of Amazon (etsy_sync.adapters.interface.Channel)."""

    # Amazon accepts a quantity at once and shows it minutes later.
    settles_after = 900
    # It has no idempotency keys: a repeated write is a second write.
    repeats_exactly = False
    name = "amazon"

    def __init__(self, client: AmazonClient) -> None:
        self.client = client

    def observe(self, target: str, skus: Sequence[str]) -> Observation:
        """What Amazon shows of a seller's SKU; None where it is not the shop's stock that is sold."""
        shown = listing(self.client, target)
        return _seen(shown, skus) if shown else Observation(dict.fromkeys(skus), is_on_sale=False)

    def observe_many(self, targets: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Observation]]:
        """The same of many SKUs, twenty in a call."""
        return ((shown.sku, _seen(shown, targets[shown.sku])) for shown in listings(self.client, targets))

    def write(self, target: str, quantities: Mapping[str, int], seen: Observation, key: str) -> None:  # noqa: ARG002 - Amazon takes no key
        """Makes Amazon offer a quantity of a seller's SKU. Raises a ChannelError."""
        if len(quantities) != 1:
            raise Rejected("one_sku", f"{target} is one SKU on Amazon, not {len(quantities)}")
        shown = seen.raw if isinstance(seen.raw, AmazonListing) else listing(self.client, target)
        if shown is None:
            raise Rejected("no_listing", f"Amazon has no listing {target}")
        write_quantity(self.client, shown, *quantities.values())


def _seen(shown: AmazonListing, skus: Sequence[str]) -> Observation:
    # Sold out is still on sale; pieces that nobody can buy were taken off it.
    is_on_sale = shown.is_active or not shown.quantity
    quantity = shown.quantity if is_on_sale else 0
    return Observation(dict.fromkeys(skus, quantity if len(skus) == 1 else None), is_on_sale, shown)


def amazon_channel() -> AmazonChannel:
    """The channel of the account that the environment names; NotConfigured where it names none."""
    return AmazonChannel(amazon_client(AmazonSettings.from_environment().require()))


@cache
def amazon_client(settings: AmazonSettings) -> AmazonClient:
    """The client of an account, one in a process: its token and what it may still call."""
    return AmazonClient(settings, process_caller(), utc_now)
