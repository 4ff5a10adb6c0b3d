"""Scans of the whole table: complete, in segments, and patient with a busy service."""

from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from common.dynamodb import attr, batch_write, from_wire, put_item
from tests.support.wire import refuse_calls
from tools.scanning import ATTEMPTS, count_items, is_empty, scan_pages

BUSY = {"Error": {"Code": "ThrottlingException", "Message": "slow down"}}
LARGE = "x" * 300_000


def keys(segment: int = 0, segments: int = 1) -> list[str]:
    return [wire["PK"]["S"] for page in scan_pages(segment, segments) for wire in page.items]


def test_every_page_of_every_segment_together_is_the_table(table: str) -> None:
    rows = [{"PK": f"A#{number}", "SK": "METADATA", "text": LARGE} for number in range(12)]
    assert not batch_write(puts=rows).failed
    found = [key for segment in range(3) for key in keys(segment, 3)]
    assert sorted(found) == sorted(row["PK"] for row in rows)
    assert len(list(scan_pages())) > 1


def test_a_page_has_a_limited_number_of_items(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.scanning.PAGE_ITEMS", 5)
    assert not batch_write(puts=[{"PK": f"A#{number}", "SK": "METADATA"} for number in range(12)]).failed
    assert [page.count for page in scan_pages()][:3] == [5, 5, 2]
    assert count_items(2) == 12


def test_a_filter_and_a_selection_leave_the_rest_out(table: str) -> None:
    put_item({"PK": "A", "SK": "METADATA", "status": "open", "text": "a"})
    put_item({"PK": "B", "SK": "METADATA", "status": "done", "text": "b"})
    pages = list(scan_pages(where=attr("status").eq("open"), select=("PK", "status")))
    assert [from_wire(wire) for page in pages for wire in page.items] == [{"PK": "A", "status": "open"}]
    assert sum(page.count for page in pages) == 1


def test_bytes_come_as_text_that_json_holds(table: str) -> None:
    put_item({"PK": "A", "SK": "METADATA", "data": b"\x00\xff"})
    (page,) = scan_pages()
    assert page.items[0]["data"] == {"B": "AP8="}


def test_each_page_says_what_it_cost(table: str) -> None:
    put_item({"PK": "A", "SK": "METADATA"})
    assert sum(page.read_units for page in scan_pages()) > Decimal(0)


def test_items_are_counted(table: str) -> None:
    assert is_empty()
    assert count_items() == 0
    assert not batch_write(puts=[{"PK": f"A#{n}", "SK": "METADATA"} for n in range(60)]).failed
    assert not is_empty()
    assert count_items(3) == 60


def test_a_busy_service_is_asked_again(table: str) -> None:
    put_item({"PK": "A", "SK": "METADATA"})
    waits: list[float] = []
    refuse_calls("Scan", [BUSY] * 3)
    assert sum(page.count for page in scan_pages(sleep=waits.append)) == 1
    assert len(waits) == 3


def test_a_service_that_stays_busy_is_an_error(table: str) -> None:
    refused = refuse_calls("Scan", [BUSY] * 99)
    with pytest.raises(ClientError, match="ThrottlingException"):
        list(scan_pages(sleep=lambda _seconds: None))
    assert len(refused) == ATTEMPTS


def test_a_refusal_that_will_not_pass_is_an_error_at_once(table: str) -> None:
    refused = refuse_calls("Scan", [{"Error": {"Code": "AccessDeniedException", "Message": "no"}}] * 99)
    with pytest.raises(ClientError, match="AccessDenied"):
        list(scan_pages())
    assert len(refused) == 1
