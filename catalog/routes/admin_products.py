"""Routes of the artist's oldest product page."""

from typing import Any

from catalog.admin_products import admin_row, create_from_row, update_from_row
from catalog.listing import list_products
from catalog.products import live_product, remove_product
from catalog.routes.arguments import actor, changes, list_filters, path_id
from common.http import Request, Response, Role, Routes

routes = Routes("catalog")


@routes.get("/api/admin/shop/products", role=Role.ADMIN)
def get_rows(request: Request) -> dict[str, Any]:
    """A page of products of every status; 100 a page, because the page shows them all."""
    page, per_page = request.page_args(default_per_page=100)
    found = list_products(list_filters(request), page, per_page)
    rows = [admin_row(product) for product in found.products]
    return {"products": rows, "total": found.total, "page": page, "per_page": per_page}


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
    """Changes of the page's few fields."""
    from catalog.schemas import RowChanges

    product_id = path_id(request, "product")
    data = changes(request, RowChanges)
    return admin_row(update_from_row(product_id, data, actor(request), request.now))


@routes.delete("/api/admin/shop/products/{product}", role=Role.ADMIN)
def delete_row(request: Request) -> dict[str, Any]:
    """Soft deletion."""
    remove_product(path_id(request, "product"), actor(request), request.now)
    return {"message": "Product deleted"}
