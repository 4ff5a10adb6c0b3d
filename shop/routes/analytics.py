"""Routes of analytics: what pages tell of their visitors, and what creators and administrators see of it."""

from typing import Any

from common.clock import epoch
from common.csv_files import CONTENT_TYPE, MEDIA_TYPE
from common.errors import Forbidden, InvalidInput, NotFound
from common.http import PUBLIC, Document, Envelope, Request, Response, Role, Routes
from common.http.declared_bodies import beacon
from common.http.routing import Declared
from common.repositories.creators import CREATORS, NOT_FOUND, Creator, creator_by_user
from shop.analytics.dashboard import dashboard, dashboard_csv, span_of
from shop.analytics.known import creator_as_known
from shop.analytics.limits import count_event
from shop.analytics.platform import platform, platform_csv
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


@routes.get(
    "/api/creator/analytics",
    role=Role.CREATOR,
    query=("startDate", "endDate", "creatorId", "format"),
    answer="CreatorAnalytics",
    media_types=(MEDIA_TYPE,),
    refuses=(404,),
    envelope=Envelope.MARKETPLACE,
)
def get_creator_analytics(request: Request) -> dict[str, Any] | Response:
    """What people did on the caller's pages, today included; an administrator may name any creator."""
    first, last = span_of(request.arg("startDate"), request.arg("endDate"), request.now)
    as_csv = _as_csv(request)
    creator = _creator(request)
    if as_csv:
        table = dashboard_csv(creator, first, last, request.now)
        return _file(table, f"{creator.slug}-{first}-{last}.csv")
    return dashboard(creator, first, last, request.now)


@routes.get(
    "/api/admin/analytics",
    role=Role.ADMIN,
    query=("startDate", "endDate", "format"),
    answer="PlatformAnalytics",
    media_types=(MEDIA_TYPE,),
    envelope=Envelope.MARKETPLACE,
)
def get_platform_analytics(request: Request) -> dict[str, Any] | Response:
    """The figures of all creators and their works, with their visitors of the last 30 days or those named."""
    first, last = span_of(request.arg("startDate"), request.arg("endDate"), request.now)
    if _as_csv(request):
        return _file(platform_csv(first, last, request.now), f"creators-{first}-{last}.csv")
    return platform(first, last, request.now)


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


def _as_csv(request: Request) -> bool:
    wanted = request.arg("format") or "json"
    if wanted not in {"json", "csv"}:
        raise InvalidInput.of_field("format", "must be json or csv")
    return wanted == "csv"


def _file(text: str, name: str) -> Response:
    # A slug and days: nothing that a header could not hold.
    return Response(
        Document(text, CONTENT_TYPE), headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _creator(request: Request) -> Creator:
    """The creator whose numbers are asked for: the caller's own, or any that an administrator names."""
    named = request.arg("creatorId")
    if named and request.may(Role.ADMIN):
        creator = creator_as_known("id", named, lambda: CREATORS.get(named), epoch(request.now))
    else:
        user = request.actor.id
        creator = creator_as_known("user", user, lambda: creator_by_user(user), epoch(request.now))
        if creator is not None and named and named != creator.id:
            raise Forbidden("These are the numbers of another creator")
    if creator is None and not named and request.may(Role.ADMIN):
        raise InvalidInput.of_field("creatorId", "is required")
    if creator is None:
        raise NotFound(NOT_FOUND)
    return creator
