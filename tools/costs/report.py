"""The bill as people read it (a table with its arithmetic, in plain text or Markdown) and as programs do."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from tools.costs.bill import Line, Setup, total
from tools.costs.modes import Turns
from tools.costs.order import OrderLine
from tools.costs.prices import Prices

HEAD = ("what", "quantity", "free", "USD for", "USD")
NAMES = {"rest": "REST API", "http": "HTTP API", "url": "function URL"}
_FREE_UNITS = """(*) costs least. The 25 read and 25 write units that are free are those of provisioned mode
alone; on-demand has none, whatever is often said."""
_SIZES = {Decimal(1): "1", Decimal(1000): "1,000", Decimal(10_000): "10,000", Decimal(1_000_000): "1,000,000"}


def bill_rows(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """Head, a row for each line, and the total: quantity less what is free, times the price, is the cost."""
    rows: list[tuple[str, ...]] = [HEAD]
    for line in lines:
        price = f"{line.usd.normalize():f} / {_SIZES[line.per]}"
        rows.append((line.what, _number(line.quantity), _number(line.free), price, usd(line.cost)))
    rows.append(("total", "", "", "", usd(total(list(lines)))))
    return rows


def mode_rows(totals: Mapping[tuple[str, str], Decimal]) -> list[tuple[str, ...]]:
    """What the month costs by API and table mode; the cheapest is marked."""
    tables = list(dict.fromkeys(table for _, table in totals))
    least = min(totals.values())
    rows: list[tuple[str, ...]] = [("API", *(f"table {table}" for table in tables))]
    for api in dict.fromkeys(api for api, _ in totals):
        costs = (totals[api, table] for table in tables)
        rows.append((NAMES[api], *(usd(cost) + (" (*)" if cost == least else "") for cost in costs)))
    return rows


def order_rows(lines: Sequence[OrderLine]) -> list[tuple[str, ...]]:
    """What an order consumes with mail, papers and the rest and without, and what a thousand then cost."""
    rows: list[tuple[str, ...]] = [
        ("an order of 3 lines", "orders alone", "in full", "USD for 1,000 in full")
    ]
    rows += [
        (line.what, _number(line.plain), _number(line.full), f"{1000 * line.full * line.usd:.3f}")
        for line in lines
    ]
    alone = 1000 * sum((line.plain * line.usd for line in lines), Decimal(0))
    full = 1000 * sum((line.full * line.usd for line in lines), Decimal(0))
    return [*rows, ("total", f"{alone:.3f} USD for 1,000", "", f"{full:.3f}")]


def order_json(lines: Sequence[OrderLine]) -> list[dict[str, Any]]:
    """The same as numbers, for one order."""
    return [
        {
            "name": line.name,
            "what": line.what,
            "plain": float(line.plain),
            "full": float(line.full),
            "plain_usd": float(line.plain * line.usd),
            "full_usd": float(line.full * line.usd),
        }
        for line in lines
    ]


def remarks(turning: Turns, setup: Setup, prices: Prices) -> list[str]:
    """What the tables do not say: where the modes turn, and which prices nobody has confirmed."""
    dearer = (
        f"from {turning.dearer_from:,} on they cost more than on-demand"
        if turning.dearer_from
        else "they never cost more than on-demand"
    )
    said = [
        _FREE_UNITS,
        f"""Provisioned for {setup.peak} times the mean, the free units bear {turning.free_until:,} visits a
        day; {dearer}. At most {turning.burst_visits:,} visits may come at once; the others get a 503.""",
        f"""The free units are worth {usd(turning.worth_of_free_units)} USD a month, which on-demand reaches
        at {turning.worth_reached_at:,} visits a day. Beyond them provisioned units pay where
        {turning.even_use * 100:.1f} % of them are used in the mean.""",
        f"""Prices of {prices.region}, looked up on {prices.date}, without tax and without the offers that end
        after a year.""",
    ]
    if prices.unverified:
        said.append(f"Not confirmed by a price list: {', '.join(prices.unverified)}.")
    return [" ".join(each.split()) for each in said]


def as_text(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_aligned(row, widths)).rstrip() for row in rows]


def as_markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as a table of Markdown; a total is set off."""
    head, *body = rows
    lines = [_piped(head), _piped(["---", *(["---:"] * (len(head) - 1))])]
    for row in body:
        is_total = row[0] == "total"
        lines.append(_piped([f"**{cell}**" if is_total and cell else cell for cell in row]))
    return lines


def as_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines as numbers; `usd_for` is how much of the quantity the price is for."""
    return [
        {
            "name": line.name,
            "what": line.what,
            "quantity": float(line.quantity),
            "free": float(line.free),
            "price_usd": float(line.usd),
            "usd_for": int(line.per),
            "cost_usd": float(line.cost),
        }
        for line in lines
    ]


def usd(amount: Decimal) -> str:
    """Dollars and cents; what is no whole cent but something is shown as a tenth of one at least."""
    if 0 < amount < Decimal("0.005"):
        return f"{amount.quantize(Decimal('0.001'), ROUND_CEILING)}"
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def _number(number: Decimal) -> str:
    if number and number < 10 and number != number.to_integral_value():
        return f"{number:.3f}"
    return f"{number.quantize(Decimal(1), ROUND_HALF_UP):,}"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
