"""Brings one changed SKU to every channel that sells it; one that fails does not hold up the others."""

from dataclasses import dataclass, field

from common.leases import LeaseTaken
from etsy_sync.adapters.interface import (
    AuthExpired,
    ChannelError,
    NotConfigured,
    RateLimited,
    Rejected,
    Transient,
)
from etsy_sync.repositories.channel_links import ChannelLink, links_of_sku
from etsy_sync.sync.pushing import Pushed, Pusher
from etsy_sync.sync.reporting import report, report_failure

# Seconds until a target that another worker holds, or a channel that fails, is tried again.
SOON, LATER = 5, 30


@dataclass(slots=True)
class Delivery:
    """What became of a SKU, or of many.

    `retry_after` (seconds) is set when something has to be tried again, `is_day_used_up` when a channel
    allows no more calls today, `is_failing` when one failed in a way that may pass rather than being busy;
    `errors` says what went wrong.
    """

    results: list[Pushed] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    retry_after: int | None = None
    is_day_used_up: bool = False
    is_failing: bool = False

    def again(self, seconds: int) -> None:
        """Asks for another attempt after so many seconds, or sooner where that was asked for before."""
        self.retry_after = seconds if self.retry_after is None else min(seconds, self.retry_after)


def deliver(pusher: Pusher, sku: str) -> Delivery:
    """Tells every channel that sells a SKU what there is of it; never raises for what a channel does."""
    delivery = Delivery()
    targets = {(link.channel, link.target): link for link in links_of_sku(sku)}
    for link in targets.values():
        deliver_target(pusher, link, delivery)
    return delivery


def deliver_target(pusher: Pusher, link: ChannelLink, delivery: Delivery) -> None:
    """Tells the channel of one link what there is of all SKUs of its target."""
    try:
        results = pusher.push(link.channel, link.target)
    except LeaseTaken:
        # The one who has it may have read the stock before it changed.
        delivery.again(SOON)
    except NotConfigured as error:
        delivery.errors.append(f"{link.channel}: {error}")
    except RateLimited as limited:
        delivery.errors.append(f"{link.channel}: {limited}")
        delivery.is_day_used_up = delivery.is_day_used_up or limited.is_daily
        delivery.again(limited.retry_after)
    except ChannelError as error:
        _failed(pusher, link, error, delivery)
    else:
        report(results, pusher.clock())
        delivery.results += results


def _failed(pusher: Pusher, link: ChannelLink, error: ChannelError, delivery: Delivery) -> None:
    is_permanent = isinstance(error, Rejected | AuthExpired)
    report_failure([link], str(error), pusher.clock(), is_permanent=is_permanent)
    delivery.errors.append(f"{link.channel} {link.target}: {error}")
    delivery.results.append(Pushed(link, "failed", reason=str(error)))
    if isinstance(error, Transient):
        delivery.is_failing = True
        delivery.again(LATER)
