"""Routes of the artist's product pages below /api/admin/shop."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

from catalog.admin_products import admin_row, create_from_row, update_from_row
from catalog.products import live_product, remove_product
from catalog.repositories.shown_stock import remember
from catalog.routes.basis import product_check, row_form, sign_in_of
from catalog.routes.filters import PRODUCT_FILTERS, chosen_page, products_response, row_filters
from catalog.row_stock import total_stock
from common.errors import InvalidInput, NotFound
from common.http import Body, Request, Response, Role, Routes
from common.http.basis import basis_of
from common.http.declared_bodies import changes
from common.http.paging import oldest
from common.http.path_ids import path_id
from common.http.unchanged import NOTHING_NAMED
from common.repositories.products import Product

routes = Routes("catalog")


@routes.get(
    "/api/admin/shop/products",
    role=Role.EDITOR,
    query=PRODUCT_FILTERS,
    answer="AdminRowPage",
    paging=oldest(100),
)
def get_rows(request: Request) -> Response:
    """A page of products of every status, by id; 100 a page, because the oldest page shows them all."""
    from catalog.index.pages import View

    pieces: dict[int, int] = {}

    def show(product: Product) -> dict[str, Any]:
        pieces[product.id] = total_stock(product)
        return admin_row(product)

    answer = products_response(request, chosen_page(request, row_filters(request)), View(None, show))
    _remember(request, _view(request), pieces)
    return answer


@routes.get("/api/admin/shop/products/{product}", role=Role.EDITOR, answer="AdminRow")
def get_row(request: Request) -> dict[str, Any]:
    """One product by id, whatever its status."""
    row = admin_row(live_product(path_id(request, "product", "Product")))
    _remember(request, f"PRODUCT#{row['id']}", {row["id"]: row["stock"]})
    return row


@routes.post(
    "/api/admin/shop/products", role=Role.EDITOR, body=Body("schemas.NewRow"), answer="AdminRow", status=201
)
def post_row(request: Request) -> dict[str, Any]:
    """A new product of the page's few fields."""
    row = admin_row(create_from_row(request.load(), request.actor, request.now))
    _remember(request, f"PRODUCT#{row['id']}", {row["id"]: row["stock"]})
    return row


@routes.patch(
    "/api/admin/shop/products/{product}",
    role=Role.EDITOR,
    body=changes("schemas.RowChanges"),
    answer="AdminRow",
    if_match=True,
)
def patch_row(request: Request) -> dict[str, Any]:
    """Changes of a product; the whole row may be sent, what is in it as it was shown is left as it is."""
    product = live_product(path_id(request, "product", "Product"))
    row, says_what_it_saw = admin_row(product), basis_of(request).is_given
    # A form that does not say what it saw is held to what it was shown: its stock is always looked at.
    data = request.changes(row, nothing="", always=() if says_what_it_saw else ("stock",))
    if data or says_what_it_saw:
        form = row_form(request, data.keys())
        return admin_row(update_from_row(product.id, data, form, request.actor, request.now))
    if not request.payload().keys() & row.keys():
        raise InvalidInput(NOTHING_NAMED)
    return row


@routes.delete("/api/admin/shop/products/{product}", role=Role.EDITOR, answer="Message", if_match=True)
def delete_row(request: Request) -> dict[str, Any]:
    """Soft deletion; what is not there is deleted already."""
    check = product_check(request)
    with suppress(NotFound):
        remove_product(path_id(request, "product", "Product"), request.actor, request.now, check=check)
    return {"message": "Product deleted"}


def _view(request: Request) -> str:
    asked = repr(sorted(request.query.items()))
    return sha256(asked.encode()).hexdigest()[:16]


def _remember(request: Request, view: str, pieces: Mapping[int, int]) -> None:
    """Keeps what the page is shown, by product id, because it sends back no more than a number."""
    remember(sign_in_of(request), view, pieces, request.now)
