"""Routes of discount codes."""

from collections.abc import Callable
from typing import Any

from common.errors import InvalidInput
from common.http import PUBLIC, Body, Request, Response, Role, Routes
from common.http.basis import seen_by
from common.http.declared_bodies import changes
from common.http.lists import CURSOR, Stretch, list_response
from common.http.paging import Paging, by_rule, page_cursor, page_of, refusing_more
from common.http.path_ids import path_id
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

PAGING = Paging(30, sizes=(("limit", refusing_more), ("per_page", by_rule)))

_YES_NO = {"true": True, "false": False}
_TYPES = {PERCENTAGE: PERCENTAGE, FIXED: FIXED, "fixed_amount": FIXED}


@routes.post("/api/discounts/validate", role=PUBLIC, body=Body("discount_schemas.TriedCode"), answer="Trial")
@routes.post(
    "/api/shop/discounts/validate", role=PUBLIC, body=Body("discount_schemas.TriedCode"), answer="Trial"
)
def post_trial(request: Request) -> dict[str, Any]:
    """Whether a code is good for an order of some size, and what it would take off."""
    body = request.load()
    return preview_json(try_discount(body["code"], body["cartTotal"], body["currency"], request.now))


@routes.get(
    "/api/admin/discounts",
    role=Role.ADMIN,
    query=("is_active", "active", "valid", "discount_type", "type", "search", "code"),
    answer="DiscountPage",
    paging=PAGING,
)
def get_discounts(request: Request) -> Response:
    """A page of all codes, by number (`page`, `per_page`) or behind a cursor (`limit`, `cursor`)."""
    page, per_page = page_of(request)
    found = list_discounts(_filters(request), page, per_page, request.now, page_cursor(request))
    about = {"total": found.total, "page": page, "per_page": per_page}
    stretch = Stretch([discount_json(code) for code in found.codes], found.cursor, found.cursor_behind)
    return list_response(
        stretch, lambda shown: {"discounts": shown, "count": len(shown), **about}, (CURSOR, "nextCursor")
    )


@routes.post(
    "/api/admin/discounts",
    role=Role.ADMIN,
    body=Body("discount_schemas.DiscountSchema"),
    answer="DiscountDetail",
    status=201,
)
def post_discount(request: Request) -> dict[str, Any]:
    """A new code."""
    return detail_json(create_discount(request.load(), request.actor, request.now), request.now)


@routes.get("/api/admin/discounts/{discount}", role=Role.ADMIN, answer="DiscountDetail")
def get_discount(request: Request) -> dict[str, Any]:
    """One code."""
    return detail_json(find_discount(_id(request)), request.now)


@routes.put(
    "/api/admin/discounts/{discount}",
    role=Role.ADMIN,
    body=changes("discount_schemas.DiscountSchema"),
    answer="DiscountDetail",
    if_match=True,
)
@routes.patch(
    "/api/admin/discounts/{discount}",
    role=Role.ADMIN,
    body=changes("discount_schemas.DiscountSchema"),
    answer="DiscountDetail",
    if_match=True,
)
def patch_discount(request: Request) -> dict[str, Any]:
    """Changes of a code; the whole code may be sent."""
    # Each value goes by two names. Of a whole code that is sent back, only what differs was changed.
    data = request.changes(discount_json(find_discount(_id(request))))
    code = update_discount(_id(request), data, request.actor, request.now, check=_check(request))
    return detail_json(code, request.now)


@routes.delete("/api/admin/discounts/{discount}", role=Role.ADMIN, answer="DeletedDiscount", if_match=True)
def delete_discount(request: Request) -> dict[str, Any]:
    """Soft deletion."""
    remove_discount(_id(request), request.actor, request.now, check=_check(request))
    return {"message": "Discount code deleted", "id": _id(request)}


@routes.get("/api/admin/discounts/{discount}/stats", role=Role.ADMIN, answer="DiscountStats")
def get_stats(request: Request) -> dict[str, Any]:
    """How far a code has been used up."""
    return stats_json(find_discount(_id(request)), request.now)


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


def _id(request: Request) -> int:
    return path_id(request, "discount", "Discount code")
