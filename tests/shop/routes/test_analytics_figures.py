"""What creators and administrators see of visitors over HTTP."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import iso, utc_now
from common.dynamodb import UnitOfWork
from common.http import Role, issue_token
from common.repositories.accounts import Account, add_account
from common.repositories.products import APPROVED, PENDING, REJECTED
from shop.repositories.analytics import (
    AFFILIATE_CLICK,
    PRODUCT_VIEW,
    Counts,
    DaySummary,
    ProductCounts,
    store_summary,
)
from tests.catalog.builders import row, store
from tests.shop.analytics.builders import ADA, BEA, creator, happened_now
from tests.support.http import Answer, Client

OWN, ALL = "/api/creator/analytics", "/api/admin/analytics"
USER = "7f0c2d3e-0000-4000-8000-000000000001"


@pytest.fixture
def artist(visitor: Client) -> Client:
    """Ada, signed in."""
    moment = iso(utc_now())
    account = Account(
        id=USER, email="ada@example.com", name="Ada", created_at=moment, updated_at=moment, role=Role.CREATOR
    )
    with UnitOfWork() as work:
        add_account(work, account)
    creator(user_id=USER, display_name="Ada", slug="ada", created_at=since(20))
    return Client(visitor.app, token=issue_token(USER, "ada", Role.CREATOR, utc_now()))


def since(days: int) -> str:
    return iso(utc_now() - timedelta(days=days))


def date(days_ago: int) -> str:
    return since(days_ago)[:10]


def summarised(days_ago: int, whose: str = ADA, **fields: Any) -> None:
    """A day that is over and was summarised."""
    as_of = iso(utc_now() - timedelta(days=days_ago - 1))
    store_summary(DaySummary(creator_id=whose, date=date(days_ago), as_of=as_of, **fields))


def refused(answer: Answer, status: int) -> tuple[str, str]:
    assert answer.status == status, answer.text
    return answer.json["error"]["code"], answer.json["error"]["message"]


def table_of(answer: Answer) -> list[list[str]]:
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    return list(csv.reader(io.StringIO(answer.text)))


def test_a_creator_without_visitors_has_zeros(artist: Client) -> None:
    answer = artist.get(OWN)
    assert answer.status == 200
    assert answer.json == {
        "creatorId": ADA,
        "dateRange": {"startDate": date(30), "endDate": date(0)},
        "totalPageViews": 0,
        "totalProductViews": 0,
        "totalAffiliateClicks": 0,
        "clickThroughRate": 0,
        "topProducts": [],
        "dailyMetrics": [],
    }
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_days_that_are_over_and_today_are_added_up(artist: Client) -> None:
    summarised(3, people=Counts(5, 2, 1), top_products=(ProductCounts(7, 2, 1),))
    summarised(2, bots=Counts(9))
    happened_now(0, 0)
    happened_now(0, event_type=AFFILIATE_CLICK, product_id=7)
    happened_now(0, event_type=PRODUCT_VIEW, product_id=8)
    happened_now(0, is_bot=True)
    shown = artist.get(OWN).json
    assert (shown["totalPageViews"], shown["totalProductViews"], shown["totalAffiliateClicks"]) == (7, 3, 2)
    assert shown["clickThroughRate"] == Decimal("28.57")
    assert shown["topProducts"] == [
        {"productId": "7", "views": 2, "clicks": 2, "clickThroughRate": 100},
        {"productId": "8", "views": 1, "clicks": 0, "clickThroughRate": 0},
    ]
    assert shown["dailyMetrics"] == [
        {"date": date(3), "pageViews": 5, "productViews": 2, "affiliateClicks": 1},
        {"date": date(0), "pageViews": 2, "productViews": 1, "affiliateClicks": 1},
    ]


def test_only_the_days_asked_for_are_shown(artist: Client) -> None:
    for number in (5, 4, 3):
        summarised(number, people=Counts(number))
    happened_now(0)
    shown = artist.get(OWN, params={"startDate": date(4), "endDate": date(3)}).json
    assert shown["dateRange"] == {"startDate": date(4), "endDate": date(3)}
    assert [day["pageViews"] for day in shown["dailyMetrics"]] == [4, 3]
    only_end = artist.get(OWN, params={"endDate": date(4)}).json
    assert only_end["dateRange"] == {"startDate": date(34), "endDate": date(4)}


def test_a_table_has_what_is_counted_apart(artist: Client) -> None:
    summarised(3, people=Counts(5, 2, 1), repeated=Counts(1, 1, 1), bots=Counts(4))
    summarised(2, bots=Counts(9))
    answer = artist.get(OWN, params={"format": "csv"})
    assert table_of(answer) == [
        ["date", "pageViews", "productViews", "affiliateClicks", "repeated", "bots"],
        [date(3), "5", "2", "1", "3", "4"],
        [date(2), "0", "0", "0", "0", "9"],
    ]
    assert f"ada-{date(30)}-{date(0)}.csv" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("path", [OWN, ALL])
@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"startDate": "01/02/2026"}, "startDate must be a day such as 2026-01-31"),
        ({"startDate": "20260102"}, "startDate must be a day such as 2026-01-31"),
        ({"startDate": "2026-W01-1"}, "startDate must be a day such as 2026-01-31"),
        ({"endDate": "2026-1-2"}, "endDate must be a day such as 2026-01-31"),
        ({"endDate": "2026-01-02T10:00:00Z"}, "endDate must be a day such as 2026-01-31"),
        ({"endDate": "2026-02-30"}, "endDate must be a day that there is"),
        ({"startDate": "2026-13-01"}, "startDate must be a day that there is"),
        ({"startDate": "0000-01-01"}, "startDate must be a day that there is"),
        ({"startDate": "2026-02-02", "endDate": "2026-02-01"}, "startDate must not be after endDate"),
        (
            {"startDate": "2024-01-01", "endDate": "2025-01-02"},
            "endDate must be at most 366 days after startDate",
        ),
        ({"format": "xml"}, "format must be json or csv"),
    ],
)
def test_what_is_no_span_of_days_is_named(
    artist: Client, admin: Client, path: str, params: dict[str, str], text: str
) -> None:
    asked = artist if path == OWN else admin
    assert refused(asked.get(path, params=params), 400) == ("VALIDATION_ERROR", text)


def test_the_first_days_of_the_calendar_are_a_span_too(artist: Client) -> None:
    shown = artist.get(OWN, params={"endDate": "0001-01-05"})
    assert shown.json["dateRange"] == {"startDate": "0001-01-01", "endDate": "0001-01-05"}
    assert artist.get(OWN, params={"startDate": "9999-12-31", "endDate": "9999-12-31"}).status == 200


def test_a_creator_sees_nobody_elses_numbers(artist: Client) -> None:
    creator(BEA)
    answer = artist.get(OWN, params={"creatorId": BEA})
    assert refused(answer, 403) == ("FORBIDDEN", "These are the numbers of another creator")
    assert refused(artist.get(OWN, params={"creatorId": "nobody"}), 403)[0] == "FORBIDDEN"
    assert artist.get(OWN, params={"creatorId": ADA}).status == 200
    assert refused(artist.get(ALL), 403)[0] == "FORBIDDEN"


def test_an_administrator_names_the_creator(artist: Client, admin: Client) -> None:
    summarised(3, people=Counts(5))
    assert admin.get(OWN, params={"creatorId": ADA}).json["totalPageViews"] == 5
    assert refused(admin.get(OWN), 400) == ("VALIDATION_ERROR", "creatorId is required")
    assert refused(admin.get(OWN, params={"creatorId": BEA}), 404) == ("NOT_FOUND", "Creator not found")


def test_an_account_without_a_creator_has_no_numbers(artist: Client) -> None:
    creator(user_id=None)
    assert refused(artist.get(OWN), 404) == ("NOT_FOUND", "Creator not found")


def test_a_platform_without_creators_has_zeros(admin: Client) -> None:
    shown = admin.get(ALL).json
    assert shown.pop("dateRange") == {"startDate": date(30), "endDate": date(0)}
    assert shown.pop("topCreators") == shown.pop("recentApprovals") == []
    assert set(shown.values()) == {0}
    assert len(shown) == 8


def test_the_platform_has_creators_works_and_visitors(artist: Client, admin: Client) -> None:
    creator(BEA, display_name="=Bea", slug="bea", status="disabled", created_at=since(20))
    summarised(3, people=Counts(5, 2, 1))
    summarised(3, BEA, people=Counts(9))
    happened_now(0)
    happened_now(0, creator_id=BEA, event_type=AFFILIATE_CLICK, product_id=3)
    works = [
        ("a", ADA, APPROVED, since(2)),
        ("b", ADA, APPROVED, since(1)),
        ("c", ADA, PENDING, None),
        ("d", BEA, REJECTED, since(1)),
        ("e", None, None, None),
    ]
    store(
        row(
            number,
            slug=slug,
            title=slug.upper(),
            creator_id=whose,
            moderation_status=status,
            moderated_at=at,
        )
        for number, (slug, whose, status, at) in enumerate(works, start=1)
    )
    shown = admin.get(ALL).json
    assert {name: value for name, value in shown.items() if isinstance(value, int)} == {
        "totalCreators": 2,
        "activeCreators": 1,
        "totalProducts": 5,
        "pendingProducts": 1,
        "approvedProducts": 3,
        "rejectedProducts": 1,
        "totalPageViews": 15,
        "totalAffiliateClicks": 2,
    }
    plain = {"pageViews": 9, "affiliateClicks": 1, "productCount": 1}
    assert shown["topCreators"] == [
        {"creatorId": BEA, "displayName": "=Bea", "slug": "bea", **plain},
        {
            "creatorId": ADA,
            "displayName": "Ada",
            "slug": "ada",
            "pageViews": 6,
            "affiliateClicks": 1,
            "productCount": 3,
        },
    ]
    assert shown["recentApprovals"] == [
        {"productId": "2", "title": "B", "creatorName": "Ada", "approvedAt": works[1][3]},
        {"productId": "1", "title": "A", "creatorName": "Ada", "approvedAt": works[0][3]},
    ]
    assert table_of(admin.get(ALL, params={"format": "csv"}))[1] == [BEA, "'=Bea", "bea", "9", "1", "1"]


def test_yesterday_is_right_before_anybody_has_summarised_it(artist: Client, admin: Client) -> None:
    happened_now(24 * 60)
    assert admin.get(ALL).json["totalPageViews"] == 1
    assert artist.get(OWN).json["totalPageViews"] == 1
