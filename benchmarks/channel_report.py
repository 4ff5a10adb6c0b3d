"""The report's section on the channels."""

from decimal import Decimal

from benchmarks.channels import CHANGED, SHARE, ChannelSample, Cost, runs_a_day
from benchmarks.tables import table, verdict

DAILY, SMALL_TIER = 10_000, 5_000
ALLOWED = Decimal("0.10")

_PUSH_NOTE = """\
One changed SKU brought to the channels that sell it, the mean of {changed} with {python}
on {engine}.
The fakes of the channels answer at once on loopback. *Per second* is what one worker does here;
*allowed* what it may do where it has the channel's limit to itself, by the waiting that the fakes demand (a
dash: it never had to wait).
"""

_RUN_NOTE = """\
A shop with {listings:,} listings on Etsy, one SKU each, all linked and told; the import is that of
{imported:,} listings.
"""

_DAY_NOTE = """\
A day of {listings:,} listings on Etsy of which one in {share} changes, at the rates of
`etsy_sync/schedules.py`. The limits are {daily:,} calls a day and the {small:,} of the smallest tier. Jobs
that can wait stop where a fifth of the day is left, so that reading listings never stands in the way of
sales.
"""


def render_channels(sample: ChannelSample | None, python: str, engine: str) -> str:
    """What follows the section's heading, in Markdown; empty without a sample."""
    if sample is None:
        return ""
    push = _PUSH_NOTE.format(changed=CHANGED, python=python, engine=engine)
    runs = _RUN_NOTE.format(listings=sample.listings, imported=sample.imported)
    day = _DAY_NOTE.format(listings=sample.listings, share=SHARE, daily=DAILY, small=SMALL_TIER)
    return "\n".join([push, _pushes(sample), runs, _runs(sample), day, _day(sample)])


def day_of(sample: ChannelSample) -> dict[str, int]:
    """The calls of a day by what they are for."""
    return {
        "changed SKUs": sample.runs["changed"].calls,
        "looking for changed SKUs": sample.runs["nothing"].calls * runs_a_day("inventory"),
        "new receipts": sample.runs["receipts"].calls * runs_a_day("receipts"),
        "reading all listings": sample.runs["listings"].calls * runs_a_day("products"),
        "nightly comparison": sample.runs["reconcile"].calls * runs_a_day("reconcile"),
    }


DELTA = ("changed SKUs", "looking for changed SKUs", "new receipts")
"""What the delta sync of a day is made of."""


def _pushes(sample: ChannelSample) -> str:
    rows = [
        (
            name,
            _each(cost.calls),
            _each(cost.trips),
            _each(cost.read),
            _each(cost.write),
            f"{CHANGED * 10**9 / cost.spent:.0f}",
            f"{CHANGED / cost.waited:.1f}" if cost.waited else "–",
        )
        for name, cost in sample.pushes.items()
    ]
    heads = ("channels", "calls", "trips", "read units", "write units", "per second", "allowed")
    return table(heads, rows)


def _runs(sample: ChannelSample) -> str:
    changed = f"telling {sample.listings // SHARE} changed SKUs"
    names = {
        "listings": "reading all listings",
        "nothing": "looking for changed SKUs, none",
        "changed": changed,
        "receipts": "new receipts, none",
        "reconcile": "nightly comparison",
    }
    rows = [_row(text, sample.runs[name]) for name, text in names.items()]
    rows += [
        _row(f"first import of {sample.imported:,}, linked by SKU", sample.imports["first"]),
        _row(f"import of {sample.imported:,} again", sample.imports["again"]),
    ]
    return table(("run", "calls", "trips", "read units", "write units", "seconds"), rows)


def _day(sample: ChannelSample) -> str:
    calls = day_of(sample)
    delta = sum(calls[name] for name in DELTA)
    rows = [(name, number, *_shares(number), "–") for name, number in calls.items()]
    holds = verdict(Decimal(delta) / SMALL_TIER <= ALLOWED)
    rows.append(("**delta sync**: changed SKUs and receipts", delta, *_shares(delta), holds))
    total = sum(calls.values())
    rows.append(("everything", total, *_shares(total), "–"))
    heads = ("for", "calls a day", f"of {DAILY:,}", f"of {SMALL_TIER:,}", f"≤ {ALLOWED * 100:.0f} % of both")
    return table(heads, rows)


def _shares(calls: int) -> tuple[str, str]:
    return tuple(f"{Decimal(100 * calls) / limit:.1f} %" for limit in (DAILY, SMALL_TIER))  # type: ignore[return-value]


def _row(name: str, cost: Cost) -> tuple[object, ...]:
    return name, cost.calls, cost.trips, cost.read, cost.write, f"{Decimal(cost.spent) / 10**9:.1f}"


def _each(number: int | Decimal) -> str:
    mean = Decimal(number) / CHANGED
    return f"{mean:.1f}" if mean % 1 else f"{mean:.0f}"
