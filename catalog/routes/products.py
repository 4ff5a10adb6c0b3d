"""Routes of products."""

from typing import Any

from catalog.listing import list_products
from catalog.products import (
    bring_back_product,
    create_product,
    find_product,
    live_product,
    remove_product,
    update_product,
)
from catalog.routes.arguments import actor, is_admin, list_filters, path_id, products_response
from catalog.routes.basis import product_check
from common.http import PUBLIC, Request, Response, Role, Routes
from common.http.paging import page_cursor
from common.http.unchanged import changed_fields
from common.product_json import product_json

routes = Routes("catalog")


@routes.get("/api/products", role=PUBLIC)
def get_products(request: Request) -> Response:
    """A page of products by number (`page`, `per_page`) or behind a cursor (`limit`, `last_key`)."""
    page, per_page = request.page_args()
    limit = request.arg("limit")
    if limit.isascii() and limit.isdigit() and len(limit) < 10:
        per_page = min(max(int(limit), 1), 100)
    found = list_products(list_filters(request), page, per_page, page_cursor(request))
    return products_response(found, page, per_page, product_json)


@routes.get("/api/products/{product}", role=PUBLIC)
def get_product(request: Request) -> dict[str, Any]:
    """One product by slug, else by id."""
    return product_json(find_product(request.params["product"], sees_all=is_admin(request)))


@routes.post("/api/products", role=Role.ADMIN)
def post_product(request: Request) -> Response:
    """A new product."""
    from catalog.schemas import NewProduct

    data = request.load(NewProduct)
    return Response(product_json(create_product(data, actor(request), request.now)), status=201)


@routes.put("/api/products/{product}", role=Role.ADMIN)
def put_product(request: Request) -> dict[str, Any]:
    """Changes of a product; the whole product may be sent, its relations are left as they are."""
    from catalog.schemas import ProductChanges

    product_id = path_id(request, "product")
    data = changed_fields(request, ProductChanges, product_json(live_product(product_id)))
    check = product_check(request, data.keys())
    return product_json(update_product(product_id, data, actor(request), request.now, check=check))


@routes.delete("/api/products/{product}", role=Role.ADMIN)
def delete_product(request: Request) -> dict[str, Any]:
    """Soft deletion."""
    product_id, check = path_id(request, "product"), product_check(request)
    remove_product(product_id, actor(request), request.now, check=check)
    return {"message": "Product deleted"}


@routes.post("/api/products/{product}/restore", role=Role.ADMIN)
def post_restore(request: Request) -> dict[str, Any]:
    """The way back from a soft deletion."""
    product_id = path_id(request, "product")
    return product_json(bring_back_product(product_id, actor(request), request.now))
