"""Amazon's documents: tables in the forms that they come in, and what is not one."""

import gzip
from typing import Any

import pytest

from etsy_sync.adapters.amazon import reports
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.reports import report_of, rows_of, table_of
from etsy_sync.adapters.interface import Rejected, Transient
from tools.fakes.amazon_server import AmazonServer


def _answering(monkeypatch: pytest.MonkeyPatch, client: AmazonClient, body: dict[str, Any]) -> None:
    def call(*_: object, **__: object) -> dict[str, Any]:
        return body

    monkeypatch.setattr(client, "call", call)


@pytest.mark.parametrize(
    "text",
    [
        "Order ID\tMerchant SKU\r\n1\tA\r\n",
        "order-id\tmerchant_sku\n1\tA",
        '"order-id"\t"merchant-sku"\n"1"\t"A"\n',
        " order-id \tMerchant Sku\n1 \t A\n\n\t\n",
    ],
)
def test_a_table(text: str) -> None:
    assert table_of(text.encode()) == [{"order-id": "1", "merchant-sku": "A"}]


def test_a_quotation_mark_in_a_comment_is_one() -> None:
    rows = table_of(b'sku\tcomment\nA\t"too big\nB\t8" frame\n')
    assert rows == [{"sku": "A", "comment": '"too big'}, {"sku": "B", "comment": '8" frame'}]


def test_nothing_is_no_rows() -> None:
    assert table_of(b"") == []


def test_a_short_row_lacks_its_last_columns() -> None:
    assert table_of(b"sku\tquantity\nA\n") == [{"sku": "A"}]


def test_a_document_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "LARGEST", 100)
    assert table_of(gzip.compress(b"s\n" + b"a\n" * 49)) != []
    with pytest.raises(Rejected, match="too large"):
        table_of(gzip.compress(b"s\n" + b"a\n" * 50))


def test_an_address_that_no_longer_holds(
    client: AmazonClient, amazon: AmazonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answering(monkeypatch, client, {"url": f"{amazon.url}/documents/1?X-Amz-Signature=old"})
    with pytest.raises(Rejected, match="cannot be read"):
        rows_of(client, "document")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"processingStatus": "DONE", "dataEndTime": "2026-03-01T10:00:00Z"},
        {"processingStatus": "CANCELLED"},
        {"processingStatus": "CANCELLED", "dataEndTime": "soon"},
    ],
)
def test_an_answer_that_says_too_little(
    body: dict[str, Any], client: AmazonClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answering(monkeypatch, client, body)
    with pytest.raises(Transient):
        report_of(client, "1")
