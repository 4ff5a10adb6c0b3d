"""Routes of analytics: what pages tell of their visitors."""

from typing import Any

from common.errors import InvalidInput
from common.http import PUBLIC, Envelope, Request, Routes
from common.http.declared_bodies import beacon
from common.http.routing import Declared
from shop.analytics.limits import count_event
from shop.analytics.recording import record_event
from shop.repositories.analytics import AFFILIATE_CLICK, PAGE_VIEW, PRODUCT_VIEW

routes = Routes("shop")

_BASE = "/api/analytics"


def _told(schema: str) -> Declared:
    return {
        "answer": "Recorded",
        "status": 201,
        "body": beacon(f"analytics.schemas.{schema}"),
        "headers": ("User-Agent", "Referer"),
        "refuses": (404, 429),
        "envelope": Envelope.MARKETPLACE,
    }


@routes.post(f"{_BASE}/page-view", role=PUBLIC, **_told("PageView"))
def post_page_view(request: Request) -> dict[str, Any]:
    """Records that a page of a creator was looked at; JSON sent as text/plain is read as well."""
    return _recorded(request, PAGE_VIEW)


@routes.post(f"{_BASE}/product-view", role=PUBLIC, **_told("ProductEvent"))
def post_product_view(request: Request) -> dict[str, Any]:
    """Records that a product of a creator was looked at; JSON sent as text/plain is read as well."""
    return _recorded(request, PRODUCT_VIEW)


@routes.post(f"{_BASE}/affiliate-click", role=PUBLIC, **_told("ProductEvent"))
def post_affiliate_click(request: Request) -> dict[str, Any]:
    """Records that a product's affiliate link was followed; JSON sent as text/plain is read as well."""
    return _recorded(request, AFFILIATE_CLICK)


def _recorded(request: Request, event_type: str) -> dict[str, Any]:
    count_event(request.source_ip, request.now.timestamp())
    given = _given(request)
    said = given.get("metadata") or {}
    metadata = {
        "user_agent": said.get("user_agent") or request.header("User-Agent"),
        "referrer": said.get("referrer") or request.header("Referer"),
        "location": said.get("location"),
    }
    event_id = record_event(
        event_type, given["creator_id"], given.get("product_id"), metadata, request.source_ip, request.now
    )
    return {"success": True, "eventId": event_id}


def _given(request: Request) -> dict[str, Any]:
    """The fields of the body; of several that are wrong, the creator is told of first and alone."""
    try:
        return request.load()
    except InvalidInput as error:
        wrong = error.fields.get("creatorId")
        if wrong is None or len(error.fields) == 1:
            raise
        raise InvalidInput.of_field("creatorId", wrong[0]) from error
