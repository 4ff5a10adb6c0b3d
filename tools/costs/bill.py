"""The bill of a month, line by line: quantity, what of it is free, price, cost."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.costs.prices import Price, Prices
from tools.costs.traffic import (
    DAYS,
    HOURS,
    LOG_KEPT,
    LOOKS_AT_PAPER,
    PICTURES_NOT_CACHED,
    SECONDS_OF_POLL,
    Month,
)

Api = Literal["rest", "http", "url"]
TableMode = Literal["on-demand", "provisioned"]
Sealing = Literal["parameter", "kms"]

INDEXES = ("GSI1", "GSI2", "GSI3")
# So many units are free at every moment.
BY_THE_HOUR = frozenset({"read_capacity", "write_capacity"})
SECONDS = DAYS * 86_400


@dataclass(frozen=True)
class Setup:
    """How the shop is deployed.

    `pollers` are the connections by which Lambda asks the queues; `peak` is how many times the mean the
    busiest minutes have, which provisioned units are to bear.
    """

    api: Api = "url"
    table: TableMode = "on-demand"
    sealing: Sealing = "parameter"
    memory_mb: int = 512
    alarms: int = 10
    metrics: int = 10
    dashboards: int = 1
    pollers: int = 4
    peak: int = 8


@dataclass(frozen=True)
class Line:
    """One thing that is billed; `free` of the quantity cost nothing."""

    name: str
    what: str
    quantity: Decimal
    free: Decimal
    per: Decimal
    usd: Decimal

    @property
    def cost(self) -> Decimal:
        """In US dollars, not rounded."""
        return max(Decimal(0), self.quantity - self.free) / self.per * self.usd


def bill(month: Month, setup: Setup, prices: Prices) -> list[Line]:
    """The lines of a month's bill, those too that cost nothing.

    Of logs, the free gigabytes are those written and those kept together.
    """
    polls = setup.pollers * SECONDS / SECONDS_OF_POLL
    quantities: dict[str, Decimal] = {
        **table_quantities(month, setup),
        "table_storage": month.stored_gb,
        "recovery_storage": month.stored_gb,
        **({f"{setup.api}_requests": month.calls} if setup.api != "url" else {}),
        "lambda_requests": month.calls + month.jobs,
        "lambda_gb_seconds": month.compute(setup.memory_mb),
        "log_gb": month.log_gb,
        "log_storage": month.log_gb * LOG_KEPT,
        "metrics": Decimal(setup.metrics),
        "alarms": Decimal(setup.alarms),
        "dashboards": Decimal(setup.dashboards),
        "queue_requests": polls,
        **({"kms_keys": Decimal(1)} if setup.sealing == "kms" else {}),
        "out_gb": month.answer_gb,
        "picture_storage": month.picture_stored_gb,
        "picture_reads": month.picture_requests * PICTURES_NOT_CACHED,
        "cdn_requests": month.picture_requests,
        "cdn_gb": month.picture_gb,
        "mails": month.mails,
        "paper_writes": month.papers,
        "paper_reads": month.papers * LOOKS_AT_PAPER,
    }
    return lines_of(quantities, prices)


def lines_of(quantities: Mapping[str, Decimal], prices: Prices, hours: Decimal = HOURS) -> list[Line]:
    """A line for each quantity, by the name of its price; `hours` is how much of the month they are of."""
    log_free = max(Decimal(0), prices["log_gb"].free - quantities.get("log_gb", Decimal(0)))
    free = {name: prices[name].free for name in quantities} | {"log_storage": log_free}
    return [
        _line(name, quantity, prices[name], free[name] * (hours if name in BY_THE_HOUR else 1))
        for name, quantity in quantities.items()
    ]


def total(lines: list[Line]) -> Decimal:
    """What they cost together."""
    return sum((line.cost for line in lines), Decimal(0))


def table_quantities(month: Month, setup: Setup) -> dict[str, Decimal]:
    """What the table is billed for: units asked for, or hours of units that are kept ready."""
    if setup.table == "on-demand":
        return {"read_requests": month.units.read, "write_requests": month.units.writes}
    reads, writes = capacity(month, setup.peak)
    return {
        "read_capacity": sum(reads.values()) * HOURS,
        "write_capacity": sum(writes.values()) * HOURS,
    }


def capacity(month: Month, peak: int) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """The read and write units that table and indexes need each, to bear `peak` times the mean; one at least.

    Writes are told for all places together; each index may have to take what the table takes of them at most,
    half of it, since a transaction counts twice for the table and once for an index.
    """
    places = ("table", *INDEXES)
    mean = {place: month.units.reads.get(place, Decimal(0)) / SECONDS for place in places}
    reads = {place: _ceiling(mean[place] * peak) for place in places}
    share = month.units.writes / SECONDS * peak
    writes = {place: _ceiling(share if place == "table" else share / 2) for place in places}
    return reads, writes


def _ceiling(units: Decimal) -> Decimal:
    return Decimal(max(1, math.ceil(units)))


def _line(name: str, quantity: Decimal, price: Price, free: Decimal) -> Line:
    return Line(name, price.what, quantity, free, price.per, price.usd)
