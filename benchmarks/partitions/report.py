"""What the simulation found, as the part of docs/load.md between its marks, and as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from benchmarks.capacity import TABLE
from benchmarks.partitions.concurrency import Need, need
from benchmarks.partitions.simulation import (
    BURST_S,
    HOUR_S,
    READ,
    READ_LIMIT,
    WRITE,
    WRITE_LIMIT,
    Place,
    Visits,
    first_limit,
    loads,
    mean_units,
    places,
    split,
    throttled,
)
from benchmarks.partitions.traces import SHARES, Trace, weighted
from benchmarks.tables import table
from common.dynamodb import INDEXES
from tools.load.svg import Chart, Line, draw

BEGIN, END = "<!-- measured: python -m benchmarks.partitions -->", "<!-- end of what is measured -->"
HOTTEST = 5
VISITS, FREE_UNITS = 1000, 25
MEMORIES = (256, 512, 1024, 1769)
POINTS = 24
_PER_CENT = 100

Sizes = Mapping[int, Sequence[Trace]]
"""The traces by the number of published products."""


@dataclass(frozen=True, slots=True)
class Hot:
    """A partition, and what visits ask of it."""

    place: Place
    visits: Sequence[Visits]

    @property
    def limit(self) -> int:
        """Units a second that it gives."""
        return READ_LIMIT if self.place[2] == READ else WRITE_LIMIT

    @property
    def units(self) -> float:
        """Units of a visit."""
        return mean_units(self.visits)

    @property
    def mean_limit(self) -> float:
        """Visits an hour whose average is the limit."""
        return HOUR_S * self.limit / self.units

    @property
    def name(self) -> str:
        """For a table and a picture."""
        where, partition, kind = self.place
        return f"{where} {partition}, {kind}"


def hottest(traces: Sequence[Trace], kinds: Sequence[str] = (READ, WRITE)) -> list[Hot]:
    """The partitions that reach their limits first."""
    found = [Hot(place, visits) for place, visits in places(traces).items() if place[2] in kinds]
    return sorted(found, key=lambda hot: hot.mean_limit)[:HOTTEST]


def render(sizes: Sizes, memory: int) -> str:
    """The whole part, with its marks; `memory` is the functions' setting in MB."""
    parts = [
        BEGIN,
        _per_visit(sizes),
        _per_request(sizes),
        _lambda(sizes, memory),
        _mode(sizes),
        _partitions(sizes),
        END,
    ]
    return "\n\n".join(parts) + "\n"


def replace_part(text: str, part: str) -> str:
    """A document with the part between the marks replaced; ValueError when it has no marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the document has no marks to write between")
    return before + part.rstrip("\n") + after


def _per_visit(sizes: Sizes) -> str:
    rows = []
    for size, traces in sizes.items():
        requests = weighted(traces, lambda trace: len(trace.requests))
        processor = weighted(traces, _processor)
        rows.append(
            [
                f"{size:,}",
                f"{requests:.1f}",
                f"{weighted(traces, _trips):.1f}",
                f"{_units(traces, 'read'):.1f}",
                f"{_units(traces, 'write'):.2f}",
                f"{processor:.0f}",
                f"{1000 * requests / processor:.0f}",
            ]
        )
    heads = (
        "products",
        "requests",
        "round trips",
        "read units",
        "write units",
        "processor, ms",
        "requests/s per core",
    )
    shares = ", ".join(f"{share:.0%} {kind}" for kind, share in SHARES.items())
    return f"### A visit\n\nOn average over a thousand ({shares}):\n\n{table(heads, rows)}"


def _per_request(sizes: Sizes) -> str:
    names: dict[str, None] = {}
    for traces in sizes.values():
        names |= dict.fromkeys(request.name for trace in traces for request in trace.requests)
    rows = [[f"`{name}`", *(_request(traces, name) for traces in sizes.values())] for name in sorted(names)]
    heads = ("request", *(f"{size:,} products" for size in sizes))
    return f"### A request\n\nMilliseconds of processor, and round trips:\n\n{table(heads, rows)}"


def _request(traces: Sequence[Trace], name: str) -> str:
    found = [request for trace in traces for request in trace.requests if request.name == name]
    if not found:
        return "–"
    return f"{mean(each.processor for each in found):.1f} ms, {mean(each.trips for each in found):.1f}"


def _lambda(sizes: Sizes, memory: int) -> str:
    rows = []
    for size, traces in sizes.items():
        needs = [_need(traces, each) for each in MEMORIES]
        rows.append([f"{size:,}", f"{needs[0].requests_a_second:.1f}", *(_said(each) for each in needs)])
    heads = ("products", "requests/s", *(f"{each} MB" for each in MEMORIES))
    return (
        f"### Lambda at {VISITS:,} visits an hour\n\n"
        "Milliseconds a request, functions at once on average (arrivals a second times seconds of each), "
        "and how many are exceeded in one of 10,000 moments. "
        f"The stages have {memory} MB.\n\n{table(heads, rows)}"
    )


def _said(found: Need) -> str:
    return f"{found.milliseconds:.0f} ms, {found.at_once:.2f}, {found.busiest}"


def _need(traces: Sequence[Trace], memory: int) -> Need:
    requests = weighted(traces, lambda trace: len(trace.requests))
    processor, trips = weighted(traces, _processor) / requests, weighted(traces, _trips) / requests
    return need(VISITS, requests, processor, trips, memory)


def _mode(sizes: Sizes) -> str:
    rows = [[f"{size:,}", *_provisioned(traces)] for size, traces in sizes.items()]
    heads = (
        "products",
        "read units/s",
        "write units/s",
        "25 read units split",
        "refused",
        "25 write units split",
        "refused",
    )
    return (
        f"### The table at {VISITS:,} visits an hour\n\nThe free {FREE_UNITS} and {FREE_UNITS} provisioned "
        f"units, split over {TABLE}, {', '.join(INDEXES)} by what each is asked, over an hour of chance "
        f"with the unused units of {BURST_S} seconds kept. `refused` is the worst share of units that one of "
        f"the four turns away.\n\n{table(heads, rows)}"
    )


def _provisioned(traces: Sequence[Trace]) -> list[str]:
    by_place = places(traces, with_own=True)
    found = []
    totals = []
    for kind in (READ, WRITE):
        visits = {where: by_place.get((where, "", kind), []) for where in (TABLE, *INDEXES)}
        units = split(FREE_UNITS, {where: mean_units(each) for where, each in visits.items()})
        refused = max(throttled(loads(each, VISITS, HOUR_S), units[where]) for where, each in visits.items())
        totals.append(f"{sum(map(mean_units, visits.values())) * VISITS / HOUR_S:.1f}")
        found += [", ".join(map(str, units.values())), f"{refused:.1%}"]
    return totals + found


def _partitions(sizes: Sizes) -> str:
    parts = []
    for size, traces in sizes.items():
        rows = []
        for hot in (*hottest(traces, (READ,)), *hottest(traces, (WRITE,))):
            where, partition, kind = hot.place
            limits = (hot.mean_limit, first_limit(hot.visits, hot.limit))
            shown = (f"{_round(limit):,}" for limit in limits)
            rows.append([where, f"`{partition}`", kind, f"{hot.units:.3g}", *shown])
        heads = (
            "in",
            "partition key",
            "units",
            "a visit",
            "limit reached on average at",
            "in its busiest second at",
        )
        parts.append(f"{size:,} products:\n\n{table(heads, rows)}")
    return (
        "### Which partition gets hot first\n\nVisits an hour at which the hottest partitions reach "
        f"{READ_LIMIT:,} read or {WRITE_LIMIT:,} write units a second:\n\n" + "\n".join(parts)
    )


def _round(value: float) -> int:
    """To three figures: more would promise what chance does not keep."""
    power: int = 10 ** max(0, len(str(int(value))) - 3)
    return round(value / power) * power


def _processor(trace: Trace) -> float:
    return sum(request.processor for request in trace.requests)


def _trips(trace: Trace) -> float:
    return sum(request.trips for request in trace.requests)


def _units(traces: Sequence[Trace], kind: str) -> float:
    return weighted(traces, lambda trace: sum(getattr(each, kind) for page in trace.pages for each in page))


def picture(sizes: Sizes) -> str:
    """The SVG: the hottest partitions for each number of products, as a share of what a partition gives."""
    charts = [_chart(size, traces, (READ, WRITE)) for size, traces in sizes.items()]
    size, traces = max(sizes.items())
    charts.append(_chart(size, traces, (WRITE,)))
    return draw(
        charts, "Visits an hour against the share of a partition's limit, for the five hottest partitions"
    )


def _chart(size: int, traces: Sequence[Trace], kinds: Sequence[str]) -> Chart:
    hot = hottest(traces, kinds)
    most = 1.25 * hot[0].mean_limit
    rates = [most * number / POINTS for number in range(POINTS + 1)]
    limit = Line("the limit of a partition", [(0, _PER_CENT), (most, _PER_CENT)], is_limit=True)
    what = "" if READ in kinds else ", writes alone"
    title = f"{size:,} products{what}: % of a partition's limit, busiest second of five minutes"
    return Chart(title, "visits an hour", [*(_line(each, rates) for each in hot), limit], 300)


def _line(hot: Hot, rates: Sequence[float]) -> Line:
    return Line(hot.name, [(rate, _PER_CENT * max(loads(hot.visits, rate)) / hot.limit) for rate in rates])
