"""Telling of visitors over HTTP."""

import json
from typing import Any

import pytest

from common import config
from common.dynamodb import fetch_all, get_client, meter, table_name
from common.dynamodb.query import Query
from shop.analytics import limits
from shop.repositories.analytics import AFFILIATE_CLICK, PAGE_VIEW, PRODUCT_VIEW
from tests.shop.analytics.builders import ADA, BEA, FIREFOX, creator, product
from tests.support.http import Answer, Client

BASE = "/api/analytics"
BROWSER = {"User-Agent": FIREFOX, "Referer": "https://search.example/?q=ink"}


@pytest.fixture
def page(visitor: Client) -> Client:
    """A page that somebody looks at, of a creator with a product."""
    creator()
    product(7)
    return Client(visitor.app, headers=BROWSER)


def rows() -> list[dict[str, Any]]:
    """Every event that is stored."""
    pages = get_client().scan(TableName=table_name())["Items"]
    keys = {item["PK"]["S"] for item in pages if item["PK"]["S"].startswith("ANALYTICS#")}
    return [row for key in sorted(keys) for row in fetch_all(Query(key))]


def refused(answer: Answer, status: int) -> tuple[str, str]:
    assert answer.status == status, answer.text
    error = answer.json["error"]
    assert {"code", "message", "timestamp", "requestId"} <= set(error)
    return error["code"], error["message"]


@pytest.mark.parametrize(
    ("path", "event_type", "more"),
    [
        ("page-view", PAGE_VIEW, {}),
        ("product-view", PRODUCT_VIEW, {"productId": 7}),
        ("affiliate-click", AFFILIATE_CLICK, {"productId": "7"}),
    ],
)
def test_an_event_is_stored_by_one_write(
    page: Client, path: str, event_type: str, more: dict[str, Any]
) -> None:
    body = {"creatorId": ADA, "metadata": {"location": "Torino"}, **more}
    first = page.post(f"{BASE}/{path}", json=body)
    with meter() as usage:
        second = page.post(f"{BASE}/{path}", json=body)
    assert [name for name, *_ in usage.operations] == ["put_item"]
    assert (first.status, second.status) == (201, 201)
    assert first.json["success"] is True
    stored = rows()
    assert {row["id"] for row in stored} == {first.json["eventId"], second.json["eventId"]}
    assert {row["event_type"] for row in stored} == {event_type}
    assert stored[0]["user_agent"] == FIREFOX
    assert stored[0]["referrer"] == "https://search.example/"
    assert stored[0]["location"] == "Torino"
    assert stored[0]["is_bot"] is False
    assert stored[0].get("product_id") == (7 if more else None)
    assert stored[0]["visitor"] == stored[1]["visitor"]


def test_no_address_is_stored_and_no_visitor_is_known_elsewhere(page: Client) -> None:
    creator(BEA)
    away = Client(page.app, headers=BROWSER, address="203.0.113.77")
    for client, whose in ((page, ADA), (away, ADA), (away, BEA)):
        assert client.post(f"{BASE}/page-view", json={"creatorId": whose}).status == 201
    stored = rows()
    assert len({row["visitor"] for row in stored}) == 3
    assert "203.0.113.77" not in json.dumps(stored, default=str)
    assert "127.0.0.1" not in json.dumps(stored, default=str)


def test_what_the_page_says_goes_before_the_headers(page: Client) -> None:
    said = {"userAgent": "Googlebot/2.1", "referrer": "https://own.example/a", "location": None}
    page.post(f"{BASE}/page-view", json={"creatorId": ADA, "metadata": said})
    (row,) = rows()
    assert (row["user_agent"], row["referrer"], row["is_bot"]) == (
        "Googlebot/2.1",
        "https://own.example/a",
        True,
    )
    assert "location" not in row


def test_who_says_nothing_of_itself_is_a_program(page: Client) -> None:
    assert Client(page.app).post(f"{BASE}/page-view", json={"creatorId": ADA}).status == 201
    (row,) = rows()
    assert row["is_bot"] is True
    assert not {"user_agent", "referrer", "location", "product_id"} & set(row)


def test_a_page_that_is_left_sends_text(page: Client) -> None:
    sent = json.dumps({"creatorId": ADA}).encode()
    plain = {"Content-Type": "text/plain;charset=UTF-8"}
    assert page.post(f"{BASE}/page-view", data=sent, headers=plain).status == 201
    assert page.post(f"{BASE}/page-view", data=b"hello", headers=plain).status == 400
    assert page.post(f"{BASE}/page-view", data=sent, headers={"Content-Type": "text/html"}).status == 415
    assert len(rows()) == 1


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        ("page-view", None, "creatorId is required"),
        ("page-view", {}, "creatorId is required"),
        ("page-view", {"creatorId": ""}, "creatorId is required"),
        ("page-view", {"creatorId": None}, "creatorId must not be null"),
        ("page-view", {"creatorId": 5}, "creatorId must be text"),
        ("page-view", {"creatorId": "x" * 65}, "creatorId must be at most 64 characters"),
        ("page-view", {"creatorId": ADA, "metadata": "no"}, "metadata must be an object"),
        (
            "page-view",
            {"creatorId": ADA, "metadata": {"location": 5}},
            "metadata.location must be text",
        ),
        ("affiliate-click", {}, "creatorId is required"),
        ("affiliate-click", {"creatorId": ADA}, "productId is required"),
        ("product-view", {"creatorId": ADA, "productId": "seven"}, "productId must be a whole number"),
        ("product-view", {"creatorId": ADA, "productId": 0}, "productId must be at least 1"),
    ],
)
def test_what_cannot_be_meant_is_named_and_not_stored(
    page: Client, path: str, body: dict[str, Any] | None, text: str
) -> None:
    answer = page.post(f"{BASE}/{path}", json=body) if body is not None else page.post(f"{BASE}/{path}")
    assert refused(answer, 400) == ("VALIDATION_ERROR", text)
    assert rows() == []


@pytest.mark.parametrize("creator_id", [BEA, "nobody", "#", f"{ADA}#2026-01-01"])
def test_a_creator_who_is_not_there_is_named_and_nothing_stored(page: Client, creator_id: str) -> None:
    answer = page.post(f"{BASE}/page-view", json={"creatorId": creator_id})
    assert refused(answer, 404) == ("NOT_FOUND", "creatorId names no creator")
    assert rows() == []


def test_a_disabled_creator_is_not_told_from_none(page: Client) -> None:
    creator(BEA, status="disabled")
    answer = page.post(f"{BASE}/page-view", json={"creatorId": BEA})
    assert refused(answer, 404) == ("NOT_FOUND", "creatorId names no creator")


@pytest.mark.parametrize("number", [8, 9])
def test_a_product_that_is_not_the_creators_is_named_and_nothing_stored(page: Client, number: int) -> None:
    product(9, BEA)
    answer = page.post(f"{BASE}/product-view", json={"creatorId": ADA, "productId": number})
    assert refused(answer, 404) == ("NOT_FOUND", "productId names no product of this creator")
    assert rows() == []


def test_who_sends_too_much_waits_and_others_do_not(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYTICS_EVENTS_PER_MINUTE", "3")
    answers = [page.post(f"{BASE}/page-view", json={"creatorId": ADA}) for _ in range(4)]
    assert [answer.status for answer in answers] == [201, 201, 201, 429]
    late = answers[-1]
    assert refused(late, 429)[0] == "RATE_LIMIT_EXCEEDED"
    assert 0 < int(late.headers["Retry-After"]) <= 60
    assert late.json["error"]["details"]["retryAfter"] == int(late.headers["Retry-After"])
    assert (late.headers["X-RateLimit-Limit"], late.headers["X-RateLimit-Remaining"]) == ("3", "0")
    other = Client(page.app, headers=BROWSER, address="203.0.113.5")
    assert other.post(f"{BASE}/page-view", json={"creatorId": ADA}).status == 201
    assert len(rows()) == 4


def test_what_is_refused_is_limited_too(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYTICS_EVENTS_PER_MINUTE", "2")
    statuses = [page.post(f"{BASE}/page-view", json={}).status for _ in range(3)]
    assert statuses == [400, 400, 429]
    assert limits.events_per_minute() == 2
    assert config.setting("ANALYTICS_EVENTS_PER_MINUTE") == "2"
