"""The shapes of what is answered about visitors."""

from decimal import Decimal
from typing import Literal, TypedDict


class Recorded(TypedDict):
    """That an event was stored."""

    success: Literal[True]
    eventId: str


class DateRange(TypedDict):
    """The first and the last day (UTC) of what is counted."""

    startDate: str
    endDate: str


class ProductMetrics(TypedDict):
    """How often people looked at a product and followed its link; the rate is clicks for a hundred views."""

    productId: str
    views: int
    clicks: int
    clickThroughRate: Decimal


class DayMetrics(TypedDict):
    """What people did on a day."""

    date: str
    pageViews: int
    productViews: int
    affiliateClicks: int


class CreatorAnalytics(TypedDict):
    """What people did on a creator's pages; the rate is clicks for a hundred page views."""

    creatorId: str
    dateRange: DateRange
    totalPageViews: int
    totalProductViews: int
    totalAffiliateClicks: int
    clickThroughRate: Decimal
    topProducts: list[ProductMetrics]
    dailyMetrics: list[DayMetrics]


class TopCreator(TypedDict):
    """How often people looked at a creator's pages and followed their links, and how many works they have."""

    creatorId: str
    displayName: str
    slug: str
    pageViews: int
    affiliateClicks: int
    productCount: int


class Approval(TypedDict):
    """A work that was approved."""

    productId: str
    title: str
    creatorName: str
    approvedAt: str


class PlatformAnalytics(TypedDict):
    """How many creators and works there are, and what people did on their pages within the span of days."""

    dateRange: DateRange
    totalCreators: int
    activeCreators: int
    totalProducts: int
    pendingProducts: int
    approvedProducts: int
    rejectedProducts: int
    totalPageViews: int
    totalAffiliateClicks: int
    topCreators: list[TopCreator]
    recentApprovals: list[Approval]
