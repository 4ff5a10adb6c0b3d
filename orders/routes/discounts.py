"""Routes of discount codes."""

from collections.abc import Callable
from typing import Any

from common.errors import InvalidInput, NotFound, Unauthenticated
from common.http import PUBLIC, Identity, Request, Response, Role, Routes
from common.http.basis import seen_by
from common.http.lists import CURSOR, Stretch, list_response
from common.http.paging import page_cursor
from common.http.unchanged import NOTHING_NAMED, not_in
from orders.discount_views import detail_json, discount_json, preview_json, stats_json
from orders.discounts import (
    Filters,
    create_discount,
    find_discount,
    list_discounts,
    remove_discount,
    try_discount,
    update_discount,
)
from orders.repositories.discounts import FIXED, PERCENTAGE, DiscountCode

routes = Routes("orders")

DEFAULT_PER_PAGE = 30

_YES_NO = {"true": True, "false": False}
_TYPES = {PERCENTAGE: PERCENTAGE, FIXED: FIXED, "fixed_amount": FIXED}


@routes.post("/api/discounts/validate", role=PUBLIC)
def post_trial(request: Request) -> dict[str, Any]:
    """Whether a code is good for an order of some size, and what it would take off."""
    return _trial(request)


@routes.post("/api/shop/discounts/validate", role=PUBLIC)
def post_shop_trial(request: Request) -> dict[str, Any]:
    """The same under the path that older clients know."""
    return _trial(request)


def _trial(request: Request) -> dict[str, Any]:
    from orders.discount_schemas import TriedCode

    body = request.load(TriedCode)
    return preview_json(try_discount(body["code"], body["cartTotal"], body["currency"], request.now))


@routes.get("/api/admin/discounts", role=Role.ADMIN)
def get_discounts(request: Request) -> Response:
    """A page of all codes, by number (`page`, `per_page`) or behind a cursor (`limit`, `cursor`)."""
    limit = request.arg("limit")
    page, per_page = request.page_args(DEFAULT_PER_PAGE)
    if limit:
        per_page = _limit(limit)
    found = list_discounts(_filters(request), page, per_page, request.now, page_cursor(request))
    about = {"total": found.total, "page": page, "per_page": per_page}
    stretch = Stretch([discount_json(code) for code in found.codes], found.cursor, found.cursor_behind)
    return list_response(
        stretch, lambda shown: {"discounts": shown, "count": len(shown), **about}, (CURSOR, "nextCursor")
    )


@routes.post("/api/admin/discounts", role=Role.ADMIN)
def post_discount(request: Request) -> Response:
    """A new code."""
    from orders.discount_schemas import NewDiscount

    code = create_discount(request.load(NewDiscount), _actor(request), request.now)
    return Response(detail_json(code, request.now), status=201)


@routes.get("/api/admin/discounts/{discount}", role=Role.ADMIN)
def get_discount(request: Request) -> dict[str, Any]:
    """One code."""
    return detail_json(find_discount(_id(request)), request.now)


@routes.put("/api/admin/discounts/{discount}", role=Role.ADMIN)
def put_discount(request: Request) -> dict[str, Any]:
    """Changes of a code; the whole code may be sent."""
    return _change(request)


@routes.patch("/api/admin/discounts/{discount}", role=Role.ADMIN)
def patch_discount(request: Request) -> dict[str, Any]:
    """Changes of a code."""
    return _change(request)


@routes.delete("/api/admin/discounts/{discount}", role=Role.ADMIN)
def delete_discount(request: Request) -> dict[str, Any]:
    """Soft deletion."""
    remove_discount(_id(request), _actor(request), request.now, check=_check(request))
    return {"message": "Discount code deleted", "id": _id(request)}


@routes.get("/api/admin/discounts/{discount}/stats", role=Role.ADMIN)
def get_stats(request: Request) -> dict[str, Any]:
    """How far a code has been used up."""
    return stats_json(find_discount(_id(request)), request.now)


def _change(request: Request) -> dict[str, Any]:
    from common.http.validation import load
    from orders.discount_schemas import NAMES, DiscountChanges

    body = request.payload()
    if not NAMES & body.keys():
        raise InvalidInput(NOTHING_NAMED)
    # Each value goes by two names. Of a whole code that is sent back, only what differs was changed.
    shown = discount_json(find_discount(_id(request)))
    data = load(DiscountChanges, not_in(shown, body), partial=True)
    code = update_discount(_id(request), data, _actor(request), request.now, check=_check(request))
    return detail_json(code, request.now)


def _check(request: Request) -> Callable[[DiscountCode], None]:
    """Refuses a change of a code whose caller has seen an older one."""
    return seen_by(request, lambda code: code.updated_at, lambda code: [detail_json(code, request.now)])


def _filters(request: Request) -> Filters:
    active = _yes_or_no(request, "is_active", "active")
    wanted = request.choice("discount_type") or request.choice("type")
    if wanted and wanted not in _TYPES:
        raise InvalidInput.of_field("discount_type", f"must be one of {', '.join(_TYPES)}")
    text = request.arg("search") or request.arg("code")
    return Filters(active, _yes_or_no(request, "valid"), _TYPES.get(wanted), text)


def _yes_or_no(request: Request, *names: str) -> bool | None:
    text = next((request.choice(name) for name in names if request.choice(name)), "")
    if text and text not in _YES_NO:
        raise InvalidInput.of_field(names[0], "must be true or false")
    return _YES_NO.get(text)


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 100):
        raise InvalidInput.of_field("limit", "must be a whole number from 1 to 100")
    return int(text[:4])


def _actor(request: Request) -> Identity:
    if request.identity is None:
        raise Unauthenticated("Missing authorization header")
    return request.identity


def _id(request: Request) -> int:
    text = request.params["discount"]
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise NotFound("Discount code not found")
    return int(text)
