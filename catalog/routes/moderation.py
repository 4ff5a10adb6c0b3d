"""Routes by which administrators approve and reject works."""

from typing import Any

from catalog.marketplace_lists import waiting_works
from catalog.routes.basis import product_check
from catalog.routes.marketplace import invalid_request, one, product_id, with_names
from catalog.verdicts import approve, reject
from common.http import Body, Envelope, Request, Response, Role, Routes
from common.http.lists import list_response
from common.http.paging import WHOLE, window

BASE = "/api/admin/products"

routes = Routes("catalog")


@routes.get(f"{BASE}/pending", role=Role.ADMIN, answer="Queue", paging=WHOLE, envelope=Envelope.MARKETPLACE)
def get_pending(request: Request) -> Response:
    """The works that wait to be approved, the newest first."""
    places, works = window(request), waiting_works()
    shown, total = with_names(works.between(places.start, places.end).products()), works.total
    return list_response(places.stretch(shown, total), lambda part: {"products": part, "total": total})


@routes.put(
    f"{BASE}/{{product}}/approve",
    role=Role.ADMIN,
    answer="OneProduct",
    if_match=True,
    envelope=Envelope.MARKETPLACE,
)
def put_approval(request: Request) -> dict[str, Any]:
    """Lets everybody see a work, whatever was said of it before."""
    wanted, check = product_id(request), product_check(request, ("title",))
    return one(approve(wanted, request.actor, request.now, check=check))


@routes.put(
    f"{BASE}/{{product}}/reject",
    role=Role.ADMIN,
    body=Body("marketplace_schemas.Rejection"),
    answer="OneProduct",
    if_match=True,
    envelope=Envelope.MARKETPLACE,
)
def put_rejection(request: Request) -> dict[str, Any]:
    """Keeps a work from being seen, and says why."""
    wanted, check = product_id(request), product_check(request, ("title",))
    with invalid_request():
        reason = request.load()["reason"]
    return one(reject(wanted, reason, request.actor, request.now, check=check))
