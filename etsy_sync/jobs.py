"""The jobs that keep the channels in step, by name: run by schedules, by command, and by an administrator."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from common.clock import utc_now
from common.jobs import JobReport
from common.logging import describe_exception, logger
from etsy_sync import wiring
from etsy_sync.adapters.definition import ChannelDefinition
from etsy_sync.adapters.interface import ChannelError
from etsy_sync.adapters.runs import Progress, RunResult
from etsy_sync.repositories.sync_states import (
    COMPLETED,
    ERROR,
    PARTIAL,
    STALE_AFTER,
    Kind,
    RunOutcome,
    begin_sync,
    finish_sync,
)
from etsy_sync.sync.comparing import reconcile, tell_what_changed

Step = Callable[[], RunResult]


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


def _run_part(part: Part, began: datetime, report: JobReport) -> RunOutcome:
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


def _attempt(part: Part) -> tuple[RunOutcome, Mapping[str, int], list[str]]:
    try:
        done = part.step()
    except ChannelError as error:
        return ERROR, {}, [f"{part.channel}: {error}"]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one channel, the others are not to wait
        logger().error("channel job failed", extra={"channel": part.channel, **describe_exception(error)})
        return ERROR, {}, [f"{part.channel}: {type(error).__name__}; the log says more"]
    is_whole = not done.is_cut_short and not done.errors
    return COMPLETED if is_whole else PARTIAL, done.counts, done.errors


def _places(can: Callable[[ChannelDefinition], object]) -> Iterable[tuple[ChannelDefinition, str]]:
    """Each shop of the configured channels that can do something."""
    for channel in wiring.enabled_channels():
        if can(channel):
            yield from ((channel, shop) for shop in channel.shops())


def _tokens(occasion: Occasion) -> Iterable[Part]:
    for channel in wiring.enabled_channels():
        # One run serves all shops of a channel.
        if (refresh := channel.refresh_tokens) and channel.shops():
            yield Part(channel.name, "all", partial(refresh, occasion.now))


def _orders(kind: Kind) -> Callable[[Occasion], Iterable[Part]]:
    """What makes the parts that apply the orders of the channels whose orders are called so."""

    def parts(occasion: Occasion) -> Iterable[Part]:
        for channel, shop in _places(lambda each: each.order_kind == kind):
            step = partial(wiring.fetch_sales_of, channel, shop, occasion.now, occasion.progress)
            yield Part(channel.name, shop, step)

    return parts


def _returns(occasion: Occasion) -> Iterable[Part]:
    from etsy_sync.inbound.returns import fetch

    for channel, shop in _places(lambda each: each.returned_since):
        yield Part(channel.name, shop, partial(fetch, channel, occasion.now))


def _products(occasion: Occasion) -> Iterable[Part]:
    for channel, shop in _places(lambda each: each.read_catalogue):
        step = partial(channel.read_catalogue, shop, occasion.now, occasion.progress)
        yield Part(channel.name, shop, step, "product")


def _undelivered(occasion: Occasion) -> Iterable[Part]:
    from etsy_sync.sync import undelivered

    if queue := undelivered.dead_letters():
        yield Part("queue", "", partial(undelivered.report_all, queue, occasion.now))


def _inventory(occasion: Occasion) -> Iterable[Part]:
    for channel in wiring.enabled_channels():
        # One run serves all shops of a channel; the first one is marked.
        for shop in channel.shops()[:1]:
            pusher = wiring.pusher(purpose="routine")
            step = partial(tell_what_changed, pusher, channel.name, occasion.progress)
            yield Part(channel.name, shop, step, "inventory")


def _reconcile(occasion: Occasion) -> Iterable[Part]:
    for channel in wiring.enabled_channels():
        if shops := channel.shops():
            yield Part(channel.name, shops[0], partial(_reconcile_channel, channel, shops, occasion))


def _reconcile_channel(channel: ChannelDefinition, shops: Sequence[str], occasion: Occasion) -> RunResult:
    for shop in shops:
        wiring.fetch_sales_of(channel, shop, occasion.now)
    return reconcile(wiring.pusher(purpose="routine"), channel.name, occasion.progress)


JOBS: Mapping[str, Job] = {
    "tokens": Job("refreshes Etsy's tokens before they end", _tokens),
    "receipts": Job("applies what Etsy sold", _orders("receipt")),
    "orders": Job("applies what Shopify and Amazon sold", _orders("order")),
    "returns": Job("books what came back to Amazon", _returns),
    "inventory": Job("tells the channels what they have not been told", _inventory),
    "products": Job("reads the channels' listings and links them by SKU", _products),
    "undelivered": Job("tells of the SKUs that could not be brought to a channel", _undelivered),
    "reconcile": Job("compares what the channels show with what they should, and repairs it", _reconcile),
}
