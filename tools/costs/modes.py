"""Which way of deploying costs least, and how many visits it takes until that turns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from tools.costs.bill import Api, Setup, TableMode, bill, capacity, lines_of, table_quantities, total
from tools.costs.prices import Prices
from tools.costs.traffic import HOURS, Shop, month_of, units_of_visit

APIS: tuple[Api, ...] = ("rest", "http", "url")
TABLES: tuple[TableMode, ...] = ("on-demand", "provisioned")
FREE_UNITS = 25
# DynamoDB keeps what was not used of five minutes.
BURST_SECONDS = 300
MOST_VISITS = 10_000_000


@dataclass(frozen=True)
class Turns:
    """Numbers of visits a day (orders in proportion) at which the choice between the table's modes turns.

    - `free_until`: up to here the free units of provisioned mode bear the peak.
    - `dearer_from`: from here on provisioned units cost more than on-demand, because most of the day they
      lie idle; None when they never do.
    - `worth_of_free_units`: USD a month, what the free units are sold for.
    - `worth_reached_at`: here on-demand costs as much as that.
    - `even_use`: the share of provisioned units that has to be used in the mean, for them to be cheaper than
      on-demand beyond the free ones.
    - `burst_visits`: how many visits at once the provisioned units bear, by what they have saved up.
    """

    free_until: int
    dearer_from: int | None
    worth_of_free_units: Decimal
    worth_reached_at: int
    even_use: Decimal
    burst_visits: int


def totals(shop: Shop, setup: Setup, prices: Prices) -> dict[tuple[Api, TableMode], Decimal]:
    """What the month costs in each combination of API and table mode, all else as in `setup`."""
    month = month_of(shop)
    return {
        (api, table): total(bill(month, replace(setup, api=api, table=table), prices))
        for api, table in product(APIS, TABLES)
    }


def turns(shop: Shop, setup: Setup, prices: Prices) -> Turns:
    """Where the choice between the table's modes turns for a shop that grows as it is."""
    worth = FREE_UNITS * HOURS * (prices["read_capacity"].usd + prices["write_capacity"].usd)
    per_hour = 3600 * prices["read_requests"].usd / prices["read_requests"].per
    return Turns(
        free_until=_first(lambda visits: not _is_free(_grown(shop, visits), setup)) - 1,
        dearer_from=_found(lambda visits: _is_dearer(_grown(shop, visits), setup, prices)),
        worth_of_free_units=worth,
        worth_reached_at=_first(lambda visits: _on_demand(_grown(shop, visits), setup, prices) >= worth),
        even_use=prices["read_capacity"].usd / per_hour,
        burst_visits=_burst(shop, setup),
    )


def _grown(shop: Shop, visits: int) -> Shop:
    return replace(shop, visits=visits, orders=round(shop.orders * visits / max(1, shop.visits)))


def _is_free(shop: Shop, setup: Setup) -> bool:
    reads, writes = capacity(month_of(shop), setup.peak)
    return sum(reads.values()) <= FREE_UNITS and sum(writes.values()) <= FREE_UNITS


def _is_dearer(shop: Shop, setup: Setup, prices: Prices) -> bool:
    return _provisioned(shop, setup, prices) > _on_demand(shop, setup, prices)


def _on_demand(shop: Shop, setup: Setup, prices: Prices) -> Decimal:
    return _table(shop, replace(setup, table="on-demand"), prices)


def _provisioned(shop: Shop, setup: Setup, prices: Prices) -> Decimal:
    return _table(shop, replace(setup, table="provisioned"), prices)


def _table(shop: Shop, setup: Setup, prices: Prices) -> Decimal:
    return total(lines_of(table_quantities(month_of(shop), setup), prices))


def _burst(shop: Shop, setup: Setup) -> int:
    reads, _ = capacity(month_of(shop), setup.peak)
    visit = units_of_visit(shop.products).reads
    return int(min(BURST_SECONDS * reads[place] / units for place, units in visit.items() if units))


def _found(holds: Callable[[int], bool]) -> int | None:
    visits = _first(holds)
    return visits if visits < MOST_VISITS else None


def _first(holds: Callable[[int], bool]) -> int:
    """The smallest number of visits for which something holds that holds for all larger ones."""
    low, high = 1, MOST_VISITS
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
