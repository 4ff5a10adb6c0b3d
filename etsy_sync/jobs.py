"""The jobs that keep the channels in step, by name: run by schedules, by command, and by an administrator."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.clock import utc_now
from common.jobs import JobReport
from common.logging import describe_exception, logger
from etsy_sync import wiring
from etsy_sync.adapters.interface import ChannelError
from etsy_sync.links.catalogues import link_amazon, link_shopify
from etsy_sync.repositories.etsy_sync import COMPLETED, ERROR, PARTIAL, Kind, Outcome, begin_sync, finish_sync
from etsy_sync.sync.comparing import Comparison, Progress, reconcile, tell_what_changed

# Longer than a Lambda can run.
STALE_AFTER = timedelta(minutes=20)

Step = Callable[[], Comparison]


@dataclass(frozen=True, slots=True)
class Part:
    """A job's work for one channel or shop; `kind` is what is marked as under way there meanwhile."""

    channel: str
    shop: str
    step: Step
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a job runs, and who wants to see how far it is."""

    now: datetime
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """`does` says for people what it does; `parts` what is to be done on an occasion."""

    does: str
    parts: Callable[[Occasion], Iterable[Part]]


def run(name: str, now: datetime | None = None, progress: Progress | None = None) -> JobReport:
    """Runs a job (KeyError for an unknown name): one failing channel or shop never stops the others."""
    moment = now or utc_now()
    report = JobReport(name)
    parts = list(JOBS[name].parts(Occasion(moment, progress)))
    report.is_configured = bool(parts)
    outcomes = [_run_part(part, moment, report) for part in parts]
    if outcomes and all(outcome == ERROR for outcome in outcomes):
        report.outcome = ERROR
    elif any(outcome != COMPLETED for outcome in outcomes):
        report.outcome = PARTIAL
    return report


def _run_part(part: Part, began: datetime, report: JobReport) -> Outcome:
    if part.kind and not begin_sync(part.shop, part.kind, began, STALE_AFTER, channel=part.channel):
        report.counts["already_running"] += 1
        return COMPLETED
    outcome, counts, errors = _attempt(part)
    if part.kind:
        finish_sync(
            part.shop,
            part.kind,
            began,
            utc_now(),
            outcome,
            counts,
            errors[0] if errors else None,
            channel=part.channel,
        )
    report.counts.update(counts)
    report.errors += tuple(errors)
    return outcome


def _attempt(part: Part) -> tuple[Outcome, Mapping[str, int], list[str]]:
    try:
        done = part.step()
    except ChannelError as error:
        return ERROR, {}, [f"{part.channel}: {error}"]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one channel, the others are not to wait
        logger().error("channel job failed", extra={"channel": part.channel, **describe_exception(error)})
        return ERROR, {}, [f"{part.channel}: {type(error).__name__}; the log says more"]
    is_whole = not done.is_cut_short and not done.errors
    return COMPLETED if is_whole else PARTIAL, done.counts, done.errors


def _shops(channel: str) -> list[str]:
    if not wiring.is_configured(channel):
        return []
    return wiring.etsy_shops() if channel == "etsy" else ["main"]


def _tokens(occasion: Occasion) -> Iterable[Part]:
    from etsy_sync.adapters.etsy.tokens import refresh_due

    def step() -> Comparison:
        results = refresh_due(occasion.now)
        errors = [f"shop {each.shop_id}: {each.error}" for each in results if each.error]
        return Comparison(Counter(each.outcome for each in results), errors)

    return [Part("etsy", "all", step)] if _shops("etsy") else []


def _receipts(occasion: Occasion) -> Iterable[Part]:
    return [Part("etsy", shop, _fetching("etsy", shop, occasion)) for shop in _shops("etsy")]


def _orders(occasion: Occasion) -> Iterable[Part]:
    channels = ("shopify", "amazon")
    return [Part(name, shop, _fetching(name, shop, occasion)) for name in channels for shop in _shops(name)]


def _fetching(channel: str, shop: str, occasion: Occasion) -> Step:
    return lambda: wiring.fetch_sales_of(channel, shop, occasion.now, occasion.progress)


def _returns(occasion: Occasion) -> Iterable[Part]:
    return [Part("amazon", shop, lambda: wiring.fetch_returns(occasion.now)) for shop in _shops("amazon")]


def _products(occasion: Occasion) -> Iterable[Part]:
    for shop in _shops("etsy"):
        yield Part("etsy", shop, _reading_listings(shop, occasion), "product")
    for channel, link in (("shopify", _link_shopify), ("amazon", _link_amazon)):
        for shop in _shops(channel):
            yield Part(channel, shop, link(occasion), "product")


def _reading_listings(shop: str, occasion: Occasion) -> Step:
    from etsy_sync.links.etsy_catalogue import fetch_listings

    return lambda: fetch_listings(
        wiring.etsy_client(shop, purpose="routine"), occasion.now, occasion.progress
    )


def _link_shopify(occasion: Occasion) -> Step:
    return lambda: link_shopify(wiring.shopify_client(), occasion.now, occasion.progress)


def _link_amazon(occasion: Occasion) -> Step:
    return lambda: link_amazon(wiring.amazon_client(), occasion.now, occasion.progress)


def _inventory(occasion: Occasion) -> Iterable[Part]:
    for channel in wiring.enabled_channels():
        # One run serves all shops of a channel; the first one is marked.
        for shop in _shops(channel)[:1]:
            yield Part(channel, shop, _telling(channel, occasion), "inventory")


def _telling(channel: str, occasion: Occasion) -> Step:
    return lambda: tell_what_changed(wiring.pusher(purpose="routine"), channel, occasion.progress)


def _reconcile(occasion: Occasion) -> Iterable[Part]:
    for channel in wiring.enabled_channels():
        if shops := _shops(channel):
            yield Part(channel, shops[0], _reconciling(channel, shops, occasion))


def _reconciling(channel: str, shops: Sequence[str], occasion: Occasion) -> Step:
    def step() -> Comparison:
        for shop in shops:
            wiring.fetch_sales_of(channel, shop, occasion.now)
        return reconcile(wiring.pusher(purpose="routine"), channel, occasion.progress)

    return step


JOBS: Mapping[str, Job] = {
    "tokens": Job("refreshes Etsy's tokens before they end", _tokens),
    "receipts": Job("applies what Etsy sold", _receipts),
    "orders": Job("applies what Shopify and Amazon sold", _orders),
    "returns": Job("books what came back to Amazon", _returns),
    "inventory": Job("tells the channels what they have not been told", _inventory),
    "products": Job("reads the channels' listings and links them by SKU", _products),
    "reconcile": Job("compares what the channels show with what they should, and repairs it", _reconcile),
}
