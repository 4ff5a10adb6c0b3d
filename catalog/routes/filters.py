"""Which products a list is asked for, and the answer that holds a page of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, cast

from catalog.listing import list_products
from catalog.product_filters import SORTS, Filters
from common.clock import iso
from common.dynamodb import sign_cursor
from common.http import Request, Response, Role
from common.http.caching import version_tag
from common.http.lists import Stretch, list_response
from common.http.paging import page_cursor, page_of
from common.release import release
from common.repositories.products import PUBLISHED, STATUSES

if TYPE_CHECKING:
    from catalog.answers import Facets
    from catalog.index.holding import Holding
    from catalog.index.pages import View
    from catalog.listing import ProductPage

# What every list of products can be asked for.
PRODUCT_FILTERS = (
    "status",
    "search",
    "category",
    "character",
    "character_value",
    "min_price",
    "max_price",
    "in_stock",
    "sort_by",
    "sort_order",
    "creatorId",
)
# What a list may be asked for besides, which adds counts to its answer.
FACETS = "facets"

_NO_PRICE = Decimal("Infinity")
_YES_NO = {"true": True, "1": True, "false": False, "0": False}


def list_filters(request: Request) -> Filters:
    """The filters and order in the query string; what makes no sense is ignored, as clients expect."""
    sort_by = request.choice("sort_by") if request.choice("sort_by") in SORTS else "created_at"
    default_order = "DESC" if sort_by == "created_at" else "ASC"
    names_order = request.choice("sort_by") in SORTS or bool(request.choice("sort_order"))
    search = request.arg("search")
    return Filters(
        statuses=_statuses(request),
        sees_held_back=request.may(Role.EDITOR),
        creator=request.choice("creatorId") or None,
        search=search,
        category=request.choice("category") or None,
        character=request.choice("character_value") or request.choice("character") or None,
        min_price=_price(request.choice("min_price")),
        max_price=_price(request.choice("max_price")),
        in_stock=_YES_NO.get(request.choice("in_stock").lower()),
        sort_by=sort_by,
        descending=request.choice("sort_order", default_order).upper() != "ASC",
        best_first=bool(search) and not names_order,
        at=iso(request.now),
    )


def row_filters(request: Request) -> Filters:
    """The filters of the pages below /api/admin/shop: `search` looks in titles, and ids are the order."""
    filters = list_filters(request)
    by_title = replace(filters, search="", title=filters.search, best_first=False)
    return (
        by_title if request.choice("sort_by") in SORTS else replace(by_title, sort_by="id", descending=False)
    )


def shop_filters(request: Request) -> Filters:
    """The same for what everybody sees below /api/shop; a lower bound that is no price leaves nothing."""
    lowest = request.choice("min_price") or request.choice("price_min")
    highest = request.choice("max_price") or request.choice("price_max")
    return replace(
        row_filters(request),
        statuses=(PUBLISHED,),
        sees_held_back=False,
        min_price=_NO_PRICE if lowest and _price(lowest) is None else _price(lowest),
        max_price=_price(highest),
    )


def chosen_page(request: Request, filters: Filters) -> ProductPage:
    """The page of a list that a request asks for."""
    return list_products(filters, *page_of(request), page_cursor(request))


def products_response(request: Request, found: ProductPage, view: View) -> Response:
    """A page of products as `view` shows each, with the numbers that were asked for.

    Nothing is read or made for a caller who holds it, as far as that can be known by the catalogue's version.
    """
    # The names of categories are read besides, and no version of the catalogue stands for those.
    version = "" if _wants_facets(request) else _version(request, found, view)
    if version and request.holds(version):
        return Response(version=version, is_held=True)
    page, per_page = page_of(request)
    about: dict[str, Any] = {"total": found.total, "page": page, "per_page": per_page}
    if _wants_facets(request):
        about["facets"] = _facets(found)
    entries = found.entries(view)
    stretch = Stretch(entries.shown, found.cursor, lambda count: found.cursor_behind(entries.rows[count - 1]))
    answer = list_response(stretch, lambda shown: {"products": shown, **about})
    # What is not of the catalogue's state is nothing that its version stands for.
    return replace(answer, version=version) if entries.all_current else answer


def _wants_facets(request: Request) -> bool:
    declared = request.declared is not None and FACETS in request.declared.arguments
    return declared and _YES_NO.get(request.choice(FACETS).lower(), False)


def _facets(found: ProductPage) -> Facets:
    from catalog.categories import read_tree
    from catalog.index import freshness
    from catalog.index.facets import facets_json, facets_of

    holding = cast("Holding | None", found.source.load) or freshness.current()
    counted = facets_of(holding, found.filters)
    return facets_json(counted, {category.slug: category.name for category in read_tree().categories})


def _version(request: Request, found: ProductPage, view: View) -> str:
    """The tag of a public page by all that its body is made of; empty where the catalogue is not held."""
    if not found.version or view.name is None or request.is_private:
        return ""
    from catalog.index.pages import shown_settings

    asked = (request.route, view.name, found.filters.scope, page_of(request), page_cursor(request) or "")
    # Cursors are signed: with another key they are others.
    made_by = (release("catalog", "common"), shown_settings(), sign_cursor({}, "version"))
    return version_tag(found.version, asked, made_by)


def _statuses(request: Request) -> tuple[str, ...]:
    wanted = request.choice("status")
    visible = STATUSES if request.may(Role.EDITOR) else (PUBLISHED,)
    if wanted not in STATUSES:
        return visible
    return (wanted,) if wanted in visible else ()


def _price(text: str) -> Decimal | None:
    try:
        price = Decimal(text)
    except InvalidOperation:
        return None
    return price if price.is_finite() else None
