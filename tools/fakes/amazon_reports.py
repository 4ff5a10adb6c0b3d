"""Amazon's reports of returns: requested, made over some time, and packed as tab-separated documents."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from common.clock import iso, parse_iso

FBA_REPORT = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"
MERCHANT_REPORT = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"
COLUMNS = {
    FBA_REPORT: (
        "return-date",
        "order-id",
        "sku",
        "asin",
        "product-name",
        "quantity",
        "detailed-disposition",
        "reason",
        "status",
        "license-plate-number",
        "customer-comments",
    ),
    MERCHANT_REPORT: (
        "Order ID",
        "Return request date",
        "Return request status",
        "Amazon RMA ID",
        "ASIN",
        "Merchant SKU",
        "Item Name",
        "Return quantity",
        "Return Reason",
    ),
}
# https://developer-docs.amazon.com/sp-api/docs/verify-that-report-processing-is-complete
STATES = ("IN_QUEUE", "IN_PROGRESS", "DONE")


@dataclass
class Returned:
    """One row of a report: when, and the values of its columns."""

    at: datetime
    kind: str
    values: dict[str, str]


@dataclass
class Made:
    """A report that was requested; `asked` counts how often somebody asked after it."""

    id: str
    kind: str
    start: datetime
    end: datetime
    asked: int = 0


class Reports:
    """The returns of a seller and the reports about them.

    A report is in the next of `states` each time that somebody asks after it; `ends` replaces DONE, and
    a report without data ends CANCELLED. `encoding` and `is_packed` say how documents are written.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.rows: list[Returned] = []
        self.made: dict[str, Made] = {}
        self.states = STATES
        self.ends = "DONE"
        self.encoding, self.is_packed = "utf-8", True
        self._numbers = count(50001)

    def add(self, kind: str, values: dict[str, str]) -> None:
        """Something came back just now."""
        self.rows.append(Returned(self.clock(), kind, values))

    def request(self, body: Any) -> str | None:
        """Starts a report; None when the request is not one."""
        try:
            kind, start = body["reportType"], parse_iso(body["dataStartTime"])
            end = parse_iso(body.get("dataEndTime", iso(self.clock())))
            if kind not in COLUMNS or not body["marketplaceIds"] or start > end:
                return None
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        made = Made(str(next(self._numbers)), kind, start, end)
        self.made[made.id] = made
        return made.id

    def state(self, made: Made) -> dict[str, Any]:
        """A report as getReport gives it; it makes progress by being asked after."""
        status = self.states[min(made.asked, len(self.states) - 1)]
        made.asked += 1
        if status == "DONE":
            status = self.ends if self._rows(made) or self.ends != "DONE" else "CANCELLED"
        return {
            "reportId": made.id,
            "reportType": made.kind,
            "dataStartTime": iso(made.start),
            "dataEndTime": iso(made.end),
            "createdTime": iso(made.start),
            "processingStatus": status,
            **({"reportDocumentId": f"document/{made.id}"} if status == "DONE" else {}),
        }

    def content(self, made: Made) -> bytes:
        """The document of a report."""
        columns = COLUMNS[made.kind]
        lines = [columns, *([row.values.get(name, "") for name in columns] for row in self._rows(made))]
        text = "".join("\t".join(line) + "\r\n" for line in lines)
        written = text.encode(self.encoding)
        return gzip.compress(written) if self.is_packed else written

    def _rows(self, made: Made) -> list[Returned]:
        return [row for row in self.rows if row.kind == made.kind and made.start <= row.at <= made.end]
