"""Routes that read the audit log."""

import re
from collections.abc import Callable

from common.dynamodb import InvalidCursor
from common.errors import InvalidInput
from common.http import Request, Response, Role, Routes
from common.http.lists import list_response
from common.http.paging import Paging, page_cursor, page_of, refusing
from common.repositories.audit import AuditPage, entries_between, entries_of_entity, entries_of_user
from shop.audit_log import span_of, stretch_of

BASE = "/api/admin/audit"
PAGING = Paging(30, sizes=(("perPage", refusing),), page=None)

routes = Routes("shop")

_TYPE = re.compile(r"[A-Za-z_]{1,50}")
_ID = re.compile(r"[A-Za-z0-9_.:@+-]{1,128}")


@routes.get(f"{BASE}/entity/{{entity_type}}/{{entity}}", role=Role.ADMIN, answer="AuditPage", paging=PAGING)
def get_by_entity(request: Request) -> Response:
    """What was done to one entity."""
    entity_type = _part(request, "entity_type", _TYPE)
    entity_id = _part(request, "entity", _ID)
    return _page(request, lambda limit, cursor: entries_of_entity(entity_type, entity_id, limit, cursor))


@routes.get(f"{BASE}/user/{{user}}", role=Role.ADMIN, answer="AuditPage", paging=PAGING)
def get_by_user(request: Request) -> Response:
    """What one user did."""
    user = _part(request, "user", _ID)
    return _page(request, lambda limit, cursor: entries_of_user(user, limit, cursor))


@routes.get(
    f"{BASE}/date-range", role=Role.ADMIN, query=("startDate", "endDate"), answer="AuditPage", paging=PAGING
)
def get_date_range(request: Request) -> Response:
    """What was done from `startDate` to `endDate`, the whole last day included."""
    start, end = span_of(request.arg("startDate"), request.arg("endDate"))
    return _page(request, lambda limit, cursor: entries_between(start, end, limit, cursor))


def _page(request: Request, read: Callable[[int, str | None], AuditPage]) -> Response:
    try:
        page = read(page_of(request)[1], page_cursor(request))
    except InvalidCursor as error:
        raise InvalidInput.of_field("lastEvaluatedKey", "is not valid") from error
    return list_response(stretch_of(page), lambda shown: {"logs": shown, "count": len(shown)})


def _part(request: Request, name: str, pattern: re.Pattern[str]) -> str:
    text = request.params[name]
    if not pattern.fullmatch(text):
        raise InvalidInput.of_field(name, "is not valid")
    return text
