"""The report of taxes as JSON and as a table."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from common.csv_files import BYTE_ORDER_MARK, csv_text
from common.money import unrounded
from orders.tax_report import Kind, Sums, TaxReport, Total

COLUMNS = (
    "quarter",
    "treatment",
    "country",
    "rate",
    "currency",
    "sold_in",
    "orders",
    "net",
    "tax",
    "refunds",
    "refunded_net",
    "refunded_tax",
    "net_after_refunds",
    "tax_after_refunds",
    "gross_after_refunds",
)
TOTAL = "total of all orders"


def report_json(report: TaxReport) -> dict[str, Any]:
    """The report: its lines, and the totals of each currency, which its lines add up to."""
    return {
        "quarter": report.quarter.name,
        "from": report.quarter.start,
        "until": report.quarter.end,
        "lines": [_line(kind, sums) for kind, sums in report.lines.items()],
        "totals": [_total(currency, total) for currency, total in report.totals.items()],
    }


def report_csv(report: TaxReport) -> str:
    """The report as CSV with a header; the last row of each currency says what its orders come to."""
    lines = [_line(kind, sums) for kind, sums in report.lines.items()]
    totals = [_total_row(currency, total) for currency, total in report.totals.items()]
    rows = ({"quarter": report.quarter.name, **row} for row in (*lines, *totals))
    return BYTE_ORDER_MARK + csv_text(COLUMNS, _cells(rows))


def _cells(rows: Iterable[dict[str, Any]]) -> Iterable[list[Any]]:
    return ([row.get(name) for name in COLUMNS] for row in rows)


def _line(kind: Kind, sums: Sums) -> dict[str, Any]:
    net, tax = sums.net - sums.refunded_net, sums.tax - sums.refunded_tax
    amounts = {
        "net": sums.net,
        "tax": sums.tax,
        "refunded_net": sums.refunded_net,
        "refunded_tax": sums.refunded_tax,
        "net_after_refunds": net,
        "tax_after_refunds": tax,
        "gross_after_refunds": net + tax,
    }
    counts = {"orders": sums.orders, "refunds": sums.refunds}
    return kind._asdict() | counts | _with_decimals(amounts, kind.currency)


def _total(currency: str, total: Total) -> dict[str, Any]:
    amounts = {
        "gross": total.gross,
        "refunded": total.refunded,
        "gross_after_refunds": total.gross - total.refunded,
    }
    counts = {"orders": total.orders, "refunds": total.refunds}
    return {"currency": currency, **counts, **_with_decimals(amounts, currency)}


def _total_row(currency: str, total: Total) -> dict[str, Any]:
    gross = unrounded(total.gross - total.refunded, currency)
    return {
        "treatment": TOTAL,
        "currency": currency,
        "orders": total.orders,
        "refunds": total.refunds,
        "gross_after_refunds": gross,
    }


def _with_decimals(amounts: dict[str, Decimal], currency: str) -> dict[str, Decimal]:
    return {name: unrounded(amount, currency) for name, amount in amounts.items()}
