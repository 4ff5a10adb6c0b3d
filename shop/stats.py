"""The figures of the admin's dashboard: what there is, what was sold, and what is new."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any

from common.parallel import side_by_side
from common.repositories.listings import ListingRow, newest_rows
from common.repositories.order_counter import sales_tally
from common.repositories.personaggi import PERSONAGGI, Personaggio
from common.repositories.products import LISTS
from common.repositories.sales_tally import SalesTally

MONTHS_SHOWN = 6
NEWEST_OF_A_KIND = 3
ACTIVITIES_SHOWN = 5

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def dashboard(now: datetime) -> dict[str, Any]:
    """Totals, the sales of the last six months with the oldest first, and the five newest things.

    Revenue and sales are the totals of the orders, paid or not, in `currency`; what was sold in others stands
    beside it in `revenueByCurrency`, because nothing adds yen and euros up. It takes six
    small reads side by side: one of the orders' tally, one of the personaggi, one of each list of products.
    """
    with side_by_side(threads=2 + len(LISTS)) as start:
        tally, characters = start(sales_tally), start(PERSONAGGI.live)
        listings = [start(partial(newest_rows, listed_as, NEWEST_OF_A_KIND)) for listed_as in LISTS]
    sales, personaggi = tally.result(), characters.result()
    totals = [listing.result()[1] for listing in listings]
    newest = [row for listing in listings for row in listing.result()[0]]
    return {
        "totalProducts": sum(totals),
        "totalOrders": sales.orders,
        "totalPersonaggi": len(personaggi),
        "totalRevenue": sales.by_currency.get(sales.currency, Decimal(0)),
        "currency": sales.currency,
        "revenueByCurrency": sales.by_currency,
        "salesData": _sales_by_month(sales, now),
        "recentActivity": _recent(personaggi, newest),
    }


def _sales_by_month(sales: SalesTally, now: datetime) -> list[dict[str, Any]]:
    last = now.year * 12 + now.month - 1
    months = (divmod(number, 12) for number in range(last - MONTHS_SHOWN + 1, last + 1))
    return [
        {"month": _MONTHS[month], "sales": sales.of_month(f"{year}-{month + 1:02d}")}
        for year, month in months
    ]


def _recent(personaggi: Iterable[Personaggio], products: Iterable[ListingRow]) -> list[dict[str, str]]:
    drawn = (_activity("personaggio", each.name, each.created_at) for each in personaggi)
    listed = (_activity("product", each.title, each.created_at) for each in products)
    return _newest([*_newest(drawn, NEWEST_OF_A_KIND), *_newest(listed, NEWEST_OF_A_KIND)], ACTIVITIES_SHOWN)


def _activity(kind: str, name: str, time: str) -> dict[str, str]:
    return {"type": kind, "description": f"New {kind}: {name}", "time": time}


def _newest(activities: Iterable[dict[str, str]], count: int) -> list[dict[str, str]]:
    return sorted(activities, key=itemgetter("time"), reverse=True)[:count]
