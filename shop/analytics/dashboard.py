"""What a creator is shown of a span of days, today as it is at this moment included."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from common.csv_files import csv_text
from common.dates import calendar_day_in
from common.errors import InvalidInput
from common.repositories.creators import Creator
from shop.analytics.counting import click_rate, top_of, total_of
from shop.analytics.summaries import days_of
from shop.repositories.analytics import DaySummary, ProductCounts

DEFAULT_SPAN = timedelta(days=30)
# The longest that the dashboard offers, with a leap day.
LONGEST_SPAN = timedelta(days=366)


def span_of(start: str, end: str, now: datetime) -> tuple[date, date]:
    """The first and the last day (UTC) of what is asked for: by default the last 30 days up to today.

    InvalidInput naming the parameter that is no day, reversed, or more than 366 days from the other.
    """
    last = calendar_day_in("endDate", end) if end else now.astimezone(UTC).date()
    first = calendar_day_in("startDate", start) if start else _back(last, DEFAULT_SPAN)
    if first > last:
        raise InvalidInput.of_field("startDate", "must not be after endDate")
    if last - first > LONGEST_SPAN:
        raise InvalidInput.of_field("endDate", f"must be at most {LONGEST_SPAN.days} days after startDate")
    return first, last


def dashboard(creator: Creator, first: date, last: date, now: datetime) -> dict[str, Any]:
    """What people did on a creator's pages: in all, by day and by product; see `summaries.days_of`."""
    days = days_of(creator, first, last, now)
    total = total_of(days)
    return {
        "creatorId": creator.id,
        "dateRange": range_json(first, last),
        "totalPageViews": total.page_views,
        "totalProductViews": total.product_views,
        "totalAffiliateClicks": total.affiliate_clicks,
        "clickThroughRate": click_rate(total.affiliate_clicks, total.page_views),
        "topProducts": [_product_json(product) for product in top_of(days)],
        "dailyMetrics": [_day_json(day) for day in days if day.people.in_all],
    }


def dashboard_csv(creator: Creator, first: date, last: date, now: datetime) -> str:
    """The days of it as a table, with what is in no other number: repeated events, and those of programs."""
    rows = (
        [*_day_json(day).values(), day.repeated.in_all, day.bots.in_all]
        for day in days_of(creator, first, last, now)
    )
    return csv_text(("date", "pageViews", "productViews", "affiliateClicks", "repeated", "bots"), rows)


def range_json(first: date, last: date) -> dict[str, str]:
    """A span of days, both included."""
    return {"startDate": first.isoformat(), "endDate": last.isoformat()}


def _product_json(product: ProductCounts) -> dict[str, Any]:
    return {
        # As the marketplace's clients know a product's id.
        "productId": str(product.product_id),
        "views": product.views,
        "clicks": product.clicks,
        "clickThroughRate": click_rate(product.clicks, product.views),
    }


def _day_json(day: DaySummary) -> dict[str, Any]:
    return {
        "date": day.date,
        "pageViews": day.people.page_views,
        "productViews": day.people.product_views,
        "affiliateClicks": day.people.affiliate_clicks,
    }


def _back(day: date, span: timedelta) -> date:
    return day - span if day - date.min > span else date.min
