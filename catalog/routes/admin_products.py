"""Routes of the artist's product pages below /api/admin/shop."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

from catalog.admin_products import admin_row, create_from_row, update_from_row
from catalog.listing import list_products
from catalog.products import live_product, remove_product
from catalog.repositories.shown_stock import remember
from catalog.routes.arguments import actor, path_id, products_response, row_filters
from catalog.routes.basis import product_check, row_form, sign_in_of
from catalog.row_stock import total_stock
from common.errors import InvalidInput, NotFound
from common.http import Request, Response, Role, Routes
from common.http.paging import page_cursor, page_numbers
from common.http.unchanged import NOTHING_NAMED, not_in

routes = Routes("catalog")


@routes.get("/api/admin/shop/products", role=Role.ADMIN)
def get_rows(request: Request) -> Response:
    """A page of products of every status, by id; 100 a page, because the oldest page shows them all."""
    page, per_page = page_numbers(request, default_per_page=100)
    found = list_products(row_filters(request), page, per_page, page_cursor(request))
    _remember(request, _view(request), {product.id: total_stock(product) for product in found.products})
    return products_response(found, page, per_page, admin_row)


@routes.get("/api/admin/shop/products/{product}", role=Role.ADMIN)
def get_row(request: Request) -> dict[str, Any]:
    """One product by id, whatever its status."""
    row = admin_row(live_product(path_id(request, "product")))
    _remember(request, f"PRODUCT#{row['id']}", {row["id"]: row["stock"]})
    return row


@routes.post("/api/admin/shop/products", role=Role.ADMIN)
def post_row(request: Request) -> Response:
    """A new product of the page's few fields."""
    from catalog.schemas import NewRow

    row = admin_row(create_from_row(request.load(NewRow), actor(request), request.now))
    _remember(request, f"PRODUCT#{row['id']}", {row["id"]: row["stock"]})
    return Response(row, status=201)


@routes.patch("/api/admin/shop/products/{product}", role=Role.ADMIN)
def patch_row(request: Request) -> dict[str, Any]:
    """Changes of a product; the whole row may be sent, what is in it as it was shown is left as it is."""
    from catalog.schemas import RowChanges
    from common.http.validation import load

    product = live_product(path_id(request, "product"))
    row, sent = admin_row(product), request.payload()
    changed = load(RowChanges, not_in(row, sent), partial=True)
    form = row_form(request, changed.keys())
    # A form that does not say what it saw is held to what it was shown: its stock is always looked at.
    named = {"stock": sent["stock"]} if "stock" in sent and not form.says_what_it_saw else {}
    data = changed | load(RowChanges, named, partial=True)
    if data or form.says_what_it_saw:
        return admin_row(update_from_row(product.id, data, form, actor(request), request.now))
    if not sent.keys() & row.keys():
        raise InvalidInput(NOTHING_NAMED)
    return row


@routes.delete("/api/admin/shop/products/{product}", role=Role.ADMIN)
def delete_row(request: Request) -> dict[str, Any]:
    """Soft deletion; what is not there is deleted already."""
    check = product_check(request)
    with suppress(NotFound):
        remove_product(path_id(request, "product"), actor(request), request.now, check=check)
    return {"message": "Product deleted"}


def _view(request: Request) -> str:
    asked = repr(sorted(request.query.items()))
    return sha256(asked.encode()).hexdigest()[:16]


def _remember(request: Request, view: str, pieces: Mapping[int, int]) -> None:
    """Keeps what the page is shown, by product id, because it sends back no more than a number."""
    remember(sign_in_of(request), view, pieces, request.now)
