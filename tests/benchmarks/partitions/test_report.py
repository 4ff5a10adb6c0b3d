"""The part of the document that is measured, and the picture."""

from xml.etree import ElementTree as ET

import pytest

from app import app
from benchmarks.capacity import TABLE
from benchmarks.partitions.accesses import Access
from benchmarks.partitions.report import BEGIN, END, hottest, picture, render, replace_part
from benchmarks.partitions.simulation import READ, WRITE
from benchmarks.partitions.traces import CART, ORDER, VISIT, Request, Trace, play
from tools.paths import ROOT

LIST = Access("GSI2", "PRODUCT_STATUS#published", read=300)
COUNTER = Access(TABLE, "COUNTER", write=2)
TRACES = [
    Trace(VISIT, [Request("GET /api/products", 20.0, 2)], [[LIST]]),
    Trace(CART, [Request("GET /api/cart", 4.0, 2)], [[LIST], [Access(TABLE, "CART#1", read=1, write=1)]]),
    Trace(ORDER, [Request("POST /api/orders", 10.0, 3)], [[LIST], [COUNTER]]),
]


def test_the_hottest_partition_is_the_one_that_reaches_its_limit_first() -> None:
    first, second = hottest(TRACES)
    assert first.place == ("GSI2", "PRODUCT_STATUS#published", READ)
    assert first.mean_limit == pytest.approx(3600 * 3000 / 300)
    assert second.place == (TABLE, "COUNTER", WRITE)
    assert second.mean_limit == pytest.approx(3600 * 1000 / (2 * 0.02))
    assert hottest(TRACES, (WRITE,)) == [second]


def test_the_part_says_what_was_measured_of_each_size() -> None:
    text = render({24: TRACES, 500: TRACES}, 512)
    assert text.startswith(BEGIN)
    assert text.rstrip().endswith(END)
    assert "| 24 | 1.0 | 2.0 |" in text
    assert "`PRODUCT_STATUS#published` | read | 300 | 36,000 |" in text
    assert "The stages have 512 MB" in text


def test_only_the_part_between_the_marks_is_replaced() -> None:
    document = f"# Head\n{BEGIN}\nold\n{END}\ntail\n"
    assert replace_part(document, f"{BEGIN}\nnew\n{END}\n") == f"# Head\n{BEGIN}\nnew\n{END}\ntail\n"
    with pytest.raises(ValueError, match="no marks"):
        replace_part("# Head\n", "new")


def test_the_document_and_its_picture_belong_together() -> None:
    document = (ROOT / "docs" / "load.md").read_text(encoding="utf-8")
    assert replace_part(document, f"{BEGIN}\n{END}") != document
    assert "load-partitions.svg" in document
    assert ET.fromstring((ROOT / "docs" / "load-partitions.svg").read_text(encoding="utf-8")) is not None  # noqa: S314


def test_the_picture_has_a_chart_for_each_size_and_one_of_writes() -> None:
    root = ET.fromstring(picture({24: TRACES, 500: TRACES}))  # noqa: S314 - our own
    titles = [
        text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text") if text.get("font-weight")
    ]
    assert [title.partition(":")[0] for title in titles] == [
        "24 products",
        "500 products",
        "500 products, writes alone",
    ]


@pytest.mark.exhaustive
def test_journeys_are_played_on_the_shop_itself(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKOUTS_PER_HOUR", "0")
    traces = play(app, 8, 1, lambda _: None)
    assert [trace.kind for trace in traces] == [VISIT, CART, ORDER]
    asked = {access.partition for trace in traces for page in trace.pages for access in page}
    assert {"PRODUCT_STATUS#published", "COUNTER", "ORDER", "NOTIFICATION"} <= asked
    names = [request.name for request in traces[-1].requests]
    assert names[-3:] == ["POST /api/orders", "POST /api/orders/{order}/payment", "GET /api/orders/{order}"]
    assert all(request.processor > 0 and request.trips for request in traces[0].requests)
