"""Amazon's reports: requested, asked after, and read, each in a call of its own, for they take minutes.

https://developer-docs.amazon.com/sp-api/docs/reports-api-v2021-06-30-reference
"""

import csv
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from gzip import BadGzipFile, GzipFile
from typing import Any
from urllib.parse import quote

from common.clock import iso, parse_iso
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.limits import Operation
from etsy_sync.adapters.interface import Rejected, Transient

REPORTS = "/reports/2021-06-30/reports"
DOCUMENTS = "/reports/2021-06-30/documents"
GZIP_MAGIC = b"\x1f\x8b"
# What a Lambda can hold unpacked; a small shop's report has a few kilobytes.
LARGEST = 64 * 1024 * 1024

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """How far a report is: once it `is_over`, `document` names what can be read, if there is any data.

    `until` is where the data of a report that is over end.
    """

    is_over: bool
    document: str | None = None
    until: datetime | None = None


def request_report(client: AmazonClient, kind: str, start: datetime, end: datetime) -> str:
    """Requests a report of a kind about a span of time; the answer is its id. Raises a ChannelError."""
    body = client.call(
        Operation.CREATE_REPORT,
        "POST",
        REPORTS,
        json={
            "reportType": kind,
            "marketplaceIds": [client.settings.marketplace_id],
            "dataStartTime": iso(start),
            "dataEndTime": iso(end),
        },
        # A lost answer would leave a report that nobody reads; the rate allows few.
        is_repeatable=False,
    )
    return _text(body, "reportId")


def report_of(client: AmazonClient, report_id: str) -> Report:
    """How far a report is. Raises Rejected when Amazon gave it up or forgot it, and other ChannelErrors.

    A report without any data ends CANCELLED.
    """
    body = client.call(Operation.GET_REPORT, "GET", f"{REPORTS}/{quote(report_id, safe='')}")
    status = _text(body, "processingStatus")
    if status == "FATAL":
        raise Rejected("FATAL", f"Amazon could not make the report {report_id}")
    if status not in {"DONE", "CANCELLED"}:
        return Report(is_over=False)
    document = _text(body, "reportDocumentId") if status == "DONE" else None
    return Report(is_over=True, document=document, until=_until(body))


def rows_of(client: AmazonClient, document: str) -> list[Row]:
    """The rows of a tab-separated document, by the names of its columns such as `order-id`.

    Raises a ChannelError.
    """
    body = client.call(Operation.GET_DOCUMENT, "GET", f"{DOCUMENTS}/{quote(document, safe='')}")
    return table_of(client.download(_text(body, "url")))


def table_of(content: bytes) -> list[Row]:
    """The rows of a tab-separated text, packed or not, in UTF-8 or Windows' Western encoding.

    Names of columns are given in lower case with hyphens. Raises Transient when it cannot be unpacked.
    """
    text = _decoded(_unpacked(content))
    # Flat files are not quoted, so that a quotation mark in a comment is one, unless all of them are.
    source, is_quoted = io.StringIO(text, newline=""), text.startswith('"')
    dialect = csv.excel_tab if is_quoted else _Plain
    lines = csv.reader(source, dialect)
    names = [name.strip().lower().replace(" ", "-").replace("_", "-") for name in next(lines, [])]
    return [dict(zip(names, (value.strip() for value in line), strict=False)) for line in lines if any(line)]


class _Plain(csv.excel_tab):
    quoting = csv.QUOTE_NONE


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(GZIP_MAGIC):
        return content
    try:
        unpacked = GzipFile(fileobj=io.BytesIO(content)).read(LARGEST + 1)
    except (BadGzipFile, EOFError, zlib.error):
        raise Transient("Amazon document: damaged") from None
    if len(unpacked) > LARGEST:
        raise Rejected("too_large", "Amazon's document is too large")
    return unpacked


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _until(body: Mapping[str, Any]) -> datetime:
    try:
        return parse_iso(_text(body, "dataEndTime"))
    except ValueError:
        raise Transient("Amazon getReport: no end of its data") from None


def _text(body: Mapping[str, Any], name: str) -> str:
    if not body.get(name):
        raise Transient(f"Amazon: an answer without {name}")
    return str(body[name])
