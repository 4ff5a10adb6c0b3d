"""Routes of the artist's product pages below /api/admin/shop."""

from contextlib import suppress
from typing import Any

from catalog.admin_products import admin_row, create_from_row, update_from_row
from catalog.listing import list_products
from catalog.products import live_product, remove_product
from catalog.routes.arguments import actor, not_in, path_id, products_response, row_filters
from common.errors import InvalidInput, NotFound
from common.http import Request, Response, Role, Routes
from common.http.paging import page_cursor, page_numbers

routes = Routes("catalog")


@routes.get("/api/admin/shop/products", role=Role.ADMIN)
def get_rows(request: Request) -> Response:
    """A page of products of every status, by id; 100 a page, because the oldest page shows them all."""
    page, per_page = page_numbers(request, default_per_page=100)
    found = list_products(row_filters(request), page, per_page, page_cursor(request))
    return products_response(found, page, per_page, admin_row)


@routes.get("/api/admin/shop/products/{product}", role=Role.ADMIN)
def get_row(request: Request) -> dict[str, Any]:
    """One product by id, whatever its status."""
    return admin_row(live_product(path_id(request, "product")))


@routes.post("/api/admin/shop/products", role=Role.ADMIN)
def post_row(request: Request) -> Response:
    """A new product of the page's few fields."""
    from catalog.schemas import NewRow

    product = create_from_row(request.load(NewRow), actor(request), request.now)
    return Response(admin_row(product), status=201)


@routes.patch("/api/admin/shop/products/{product}", role=Role.ADMIN)
def patch_row(request: Request) -> dict[str, Any]:
    """Changes of a product; the whole row may be sent, what is in it as it was shown is left as it is."""
    from catalog.schemas import RowChanges
    from common.http.validation import load

    product = live_product(path_id(request, "product"))
    row, sent = admin_row(product), request.payload()
    data = load(RowChanges, not_in(row, sent), partial=True)
    if data:
        return admin_row(update_from_row(product.id, data, actor(request), request.now))
    if not sent.keys() & row.keys():
        raise InvalidInput("At least one field is required for update")
    return row


@routes.delete("/api/admin/shop/products/{product}", role=Role.ADMIN)
def delete_row(request: Request) -> dict[str, Any]:
    """Soft deletion; what is not there is deleted already."""
    with suppress(NotFound):
        remove_product(path_id(request, "product"), actor(request), request.now)
    return {"message": "Product deleted"}
