"""What came back to Amazon or to the shop, from Amazon's two reports of returns.

Amazon pushes no return. What becomes of a piece says etsy_sync.stock.returns, which also books a return once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from common.clock import parse_iso
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.reports import Row, report_of, request_report, rows_of
from etsy_sync.adapters.returns import ReturnsReport
from etsy_sync.stock import returns as rules

CHANNEL = "amazon"
# Amazon's word for what it keeps and sends itself.
FBA = "fba"
FBA_REPORT = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"
MERCHANT_REPORT = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"
# Amazon allows 60 days of merchants' returns in one report.
LONGEST = timedelta(days=30)
DAY_MONTH_YEAR = "%d-%b-%Y"


@dataclass(frozen=True, slots=True)
class Return:
    """Pieces of a SKU that came back, or that a buyer asks to send back where the shop sends (not FBA).

    In which state a merchant's piece comes back Amazon does not know: its disposition is UNKNOWN. What
    comes back to Amazon goes into Amazon's stock, not the shop's.
    """

    order_id: str
    sku: str
    quantity: int
    disposition: str
    reason: str | None
    returned_at: datetime
    is_fba: bool
    license_plate: str | None = None

    @property
    def returned(self) -> rules.Returned:
        """The return as the shop's rules take it."""
        return rules.Returned(
            channel=CHANNEL,
            sku=self.sku,
            quantity=self.quantity,
            disposition=self.disposition,
            returned_at=self.returned_at,
            order_id=self.order_id or None,
            license_plate=self.license_plate,
            reason=self.reason,
            is_ours=not self.is_fba,
        )

    @property
    def key(self) -> str:
        """What makes a return of a SKU the same one whenever it is reported."""
        return rules.event_of(self.returned)


def returned_since(
    client: AmazonClient, moment: datetime, *, is_fba: bool, pending: str | None = None
) -> ReturnsReport[Return]:
    """The returns since the day of `moment`, for 30 days at most, of the pieces that Amazon or the shop sent.

    Never waits: the first call requests a report, a later one with its id (`pending`) reads it. Raises
    Rejected when that report cannot be had any more (then ask without it), and other ChannelErrors.
    """
    if pending is None:
        # Whole days: without a licence plate the returns of an order's SKU on one day are one event.
        start = datetime.combine(moment.astimezone(UTC), time(), UTC)
        end = min(client.clock(), start + LONGEST)
        kind = FBA_REPORT if is_fba else MERCHANT_REPORT
        return ReturnsReport(pending=request_report(client, kind, start, end))
    report = report_of(client, pending)
    if not report.is_over:
        return ReturnsReport(pending=pending)
    rows = rows_of(client, report.document) if report.document else []
    read = [_return(row, is_fba=is_fba) for row in rows]
    found = tuple(_events(one for one in read if one is not None))
    return ReturnsReport(found, until=report.until, unreadable=read.count(None))


def read_returns(
    client: AmazonClient, kind: str, moment: datetime, pending: str | None
) -> ReturnsReport[rules.Returned]:
    """The same in the terms of all channels; `kind` is FBA, or else the merchant's. Raises as it does."""
    found = returned_since(client, moment, is_fba=kind == FBA, pending=pending)
    returns = tuple(each.returned for each in found)
    return ReturnsReport(returns, found.pending, found.until, found.unreadable)


def _return(row: Row, *, is_fba: bool) -> Return | None:
    """One row; None when it names no SKU, number or day, or nothing that tells it from other returns."""
    try:
        one = _fba(row) if is_fba else _merchant(row)
    except (KeyError, ValueError):
        return None
    is_known = bool(one.order_id or one.license_plate)
    return one if is_known and one.sku and one.quantity > 0 else None


def _fba(row: Row) -> Return:
    return Return(
        order_id=row["order-id"],
        sku=row["sku"],
        quantity=int(row["quantity"]),
        disposition=row.get("detailed-disposition", "").upper() or rules.UNKNOWN,
        reason=row.get("reason") or None,
        returned_at=_moment(row["return-date"]),
        is_fba=True,
        license_plate=row.get("license-plate-number") or None,
    )


def _merchant(row: Row) -> Return:
    return Return(
        order_id=row["order-id"],
        sku=row["merchant-sku"],
        quantity=int(row["return-quantity"]),
        disposition=rules.UNKNOWN,
        reason=row.get("return-reason") or None,
        returned_at=_moment(row["return-request-date"]),
        is_fba=False,
    )


def _moment(text: str) -> datetime:
    try:
        return parse_iso(text)
    except ValueError:
        return datetime.strptime(text, DAY_MONTH_YEAR).replace(tzinfo=UTC)


def _events(returns: Iterable[Return]) -> Iterable[Return]:
    """Each event once: a plate is one piece; rows of an order's day add up, as UNKNOWN when they differ."""
    events: dict[tuple[str, str], Return] = {}
    for one in returns:
        place = (one.sku, one.key)
        before = events.get(place)
        if before is None:
            events[place] = one
        elif not one.license_plate:
            same = before.disposition == one.disposition
            disposition = one.disposition if same else rules.UNKNOWN
            quantity = before.quantity + one.quantity
            events[place] = replace(before, quantity=quantity, disposition=disposition)
    return events.values()
