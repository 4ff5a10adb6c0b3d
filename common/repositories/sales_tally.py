"""What all orders add up to: how it stands in the row of their counter, and what one more order adds to it.

`revenue` and `sales_2026-01` count every order, whatever it was paid in; `revenue_JPY` and
`sales_2026-01_JPY` say how much of that was yen. What no currency is named for is the shop's own, as in all
that was counted before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import Item, Update

REVENUE, MONTH = "revenue", "sales_"


@dataclass(frozen=True, slots=True)
class SalesTally:
    """How many orders were placed, what their totals add up to, and the same for months such as `2026-01`.

    `revenue` and `by_month` add amounts of all currencies up; `foreign` says what of them is not in the
    shop's own, by month and currency (`("2026-01", "JPY")`; the month is empty for all together). Refunds and
    cancellations take nothing off.
    """

    orders: int
    revenue: Decimal
    by_month: Mapping[str, Decimal]
    foreign: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)

    @property
    def by_currency(self) -> dict[str, Decimal]:
        """The revenue in each currency that anything was sold in, the shop's own first."""
        foreign = {currency: amount for (month, currency), amount in self.foreign.items() if not month}
        own = self.revenue - sum(foreign.values())
        found = {DEFAULT_CURRENCY: own, **foreign}
        return {currency: amount for currency, amount in found.items() if amount}

    @property
    def currency(self) -> str:
        """The currency that the shop's figures are in: the only one it sells in, or else its own."""
        sold_in = list(self.by_currency)
        return sold_in[0] if len(sold_in) == 1 else DEFAULT_CURRENCY

    def of_month(self, month: str) -> Decimal:
        """What was sold in a month in `currency`."""
        if self.currency != DEFAULT_CURRENCY:
            return self.foreign.get((month, self.currency), Decimal(0))
        foreign = sum(amount for (of, _), amount in self.foreign.items() if of == month)
        return self.by_month.get(month, Decimal(0)) - foreign


def tally_of(row: Item) -> SalesTally:
    """The tally that the row of the orders' counter holds."""
    by_month: dict[str, Decimal] = {}
    foreign: dict[tuple[str, str], Decimal] = {}
    for name in sorted(row):
        kind, _, currency = name.partition("_") if name.startswith(f"{REVENUE}_") else (name, "", "")
        if name.startswith(MONTH):
            kind, _, currency = name.removeprefix(MONTH).partition("_")
        if currency:
            foreign["" if kind == REVENUE else kind, currency] = Decimal(row[name])
        elif name.startswith(MONTH):
            by_month[kind] = Decimal(row[name])
    return SalesTally(int(row.get("orders", 0)), Decimal(row.get(REVENUE, 0)), by_month, foreign)


def tally_values(tally: SalesTally) -> Item:
    """The attributes of the counter's row that hold a tally."""
    months = {f"{MONTH}{month}": amount for month, amount in tally.by_month.items()}
    foreign = {
        f"{MONTH}{month}_{currency}" if month else f"{REVENUE}_{currency}": amount
        for (month, currency), amount in tally.foreign.items()
    }
    return {"orders": tally.orders, REVENUE: tally.revenue, **months, **foreign}


def one_more(total: Decimal, currency: str, month: str) -> Update:
    """The change of the counter's row by an order of `month`."""
    names = [REVENUE, f"{MONTH}{month}"]
    if currency != DEFAULT_CURRENCY:
        names += [f"{REVENUE}_{currency}", f"{MONTH}{month}_{currency}"]
    update = Update().add("orders", 1)
    for name in names:
        update = update.add(name, total)
    return update
