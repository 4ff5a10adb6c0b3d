"""What the administrator is shown of all creators: how many there are, what of, and who looks at it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from common.clock import parse_iso
from common.csv_files import csv_text
from common.parallel import side_by_side
from common.repositories.creators import Creator, all_creators
from common.repositories.listings import ListingRow, all_rows
from common.repositories.products import APPROVED, LISTS, PENDING, REJECTED
from shop.analytics.counting import added_up, is_settled, total_of
from shop.analytics.dashboard import range_json
from shop.analytics.summaries import counted_days
from shop.repositories.analytics import Counts, DaySummary, summaries_of_all

CREATORS_SHOWN, APPROVALS_SHOWN = 10, 10


def platform(first: date, last: date, now: datetime) -> dict[str, Any]:
    """The figures of all creators, with their visitors from one day (UTC) to another.

    By one query of the creators, of the summaries and of each list of works, side by side; then by one of
    each creator's events of today, and of yesterday while that is not settled.
    """
    creators, summaries, works = _read(first, last)
    visits = _visits(creators, summaries, first, last, now)
    statuses = Counter(row.moderation_status for row in works)
    total = added_up(visits.values())
    return {
        "dateRange": range_json(first, last),
        "totalCreators": len(creators),
        "activeCreators": sum(creator.is_active for creator in creators),
        "totalProducts": len(works),
        "pendingProducts": statuses[PENDING],
        "approvedProducts": len(works) - statuses[PENDING] - statuses[REJECTED],
        "rejectedProducts": statuses[REJECTED],
        "totalPageViews": total.page_views,
        "totalAffiliateClicks": total.affiliate_clicks,
        "topCreators": [row for row in _table(creators, visits, works) if _is_visited(row)][:CREATORS_SHOWN],
        "recentApprovals": _approvals(creators, works),
    }


def platform_csv(first: date, last: date, now: datetime) -> str:
    """Every creator as a line of a table, the most visited first."""
    creators, summaries, works = _read(first, last)
    rows = _table(creators, _visits(creators, summaries, first, last, now), works)
    header = ("creatorId", "displayName", "slug", "pageViews", "affiliateClicks", "productCount")
    return csv_text(header, ([row[name] for name in header] for row in rows))


def _read(first: date, last: date) -> tuple[list[Creator], list[DaySummary], list[ListingRow]]:
    with side_by_side(threads=2 + len(LISTS)) as start:
        creators = start(all_creators)
        summaries = start(partial(summaries_of_all, first.isoformat(), last.isoformat()))
        lists = [start(partial(all_rows, listed_as)) for listed_as in LISTS]
    return creators.result(), summaries.result(), [row for each in lists for row in each.result()]


def _visits(
    creators: Sequence[Creator], summaries: Sequence[DaySummary], first: date, last: date, now: datetime
) -> dict[str, Counts]:
    """What people did on each creator's pages."""
    stored = {(summary.creator_id, summary.date): summary for summary in summaries}
    opened = [
        (creator.id, day)
        for creator in creators
        for day in _recent(first, last, now)
        if not _is_last_word(stored.get((creator.id, day.isoformat())), day)
    ]
    stored |= {(it.creator_id, it.date): it for it in counted_days(opened, now)}
    by_creator: dict[str, list[DaySummary]] = {}
    for (creator_id, _), summary in stored.items():
        by_creator.setdefault(creator_id, []).append(summary)
    return {creator_id: total_of(days) for creator_id, days in by_creator.items()}


def _recent(first: date, last: date, now: datetime) -> list[date]:
    """Today and yesterday, where they are asked for; the job has settled what was before."""
    today = now.astimezone(UTC).date()
    return [day for day in (today - timedelta(days=1), today) if first <= day <= last]


def _is_last_word(summary: DaySummary | None, day: date) -> bool:
    return summary is not None and is_settled(day, parse_iso(summary.as_of))


def _table(
    creators: Sequence[Creator], visits: Mapping[str, Counts], works: Sequence[ListingRow]
) -> list[dict[str, Any]]:
    """Every creator, the most visited first."""
    counts = Counter(row.creator_id for row in works)
    rows = [
        {
            "creatorId": creator.id,
            "displayName": creator.display_name,
            "slug": creator.slug,
            "pageViews": visits.get(creator.id, Counts()).page_views,
            "affiliateClicks": visits.get(creator.id, Counts()).affiliate_clicks,
            "productCount": counts[creator.id],
        }
        for creator in creators
    ]
    return sorted(rows, key=lambda row: (-row["pageViews"], -row["affiliateClicks"], row["slug"]))


def _is_visited(row: Mapping[str, Any]) -> bool:
    return bool(row["pageViews"] or row["affiliateClicks"])


def _approvals(creators: Sequence[Creator], works: Sequence[ListingRow]) -> list[dict[str, str]]:
    """The works that were approved last, the newest first."""
    names = {creator.id: creator.display_name for creator in creators}
    approved = [row for row in works if row.moderation_status == APPROVED and row.moderated_at]
    approved.sort(key=lambda row: (row.moderated_at or "", row.id), reverse=True)
    return [
        {
            "productId": str(row.id),
            "title": row.title,
            "creatorName": names.get(row.creator_id or "", ""),
            "approvedAt": row.moderated_at or "",
        }
        for row in approved[:APPROVALS_SHOWN]
    ]
