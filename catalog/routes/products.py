"""Routes of products."""

from typing import Any

from catalog.products import (
    bring_back_product,
    create_product,
    find_product,
    live_product,
    remove_product,
    update_product,
)
from catalog.routes.basis import product_check
from catalog.routes.filters import FACETS, PRODUCT_FILTERS, chosen_page, list_filters, products_response
from common.http import PUBLIC, Body, Request, Response, Role, Routes
from common.http.declared_bodies import changes
from common.http.paging import Paging, by_rule, zero_is_one
from common.http.path_ids import path_id
from common.product_json import product_json

routes = Routes("catalog")

# Either storefront has its own word for the size of a page.
PAGING = Paging(sizes=(("limit", zero_is_one), ("per_page", by_rule)))


@routes.get(
    "/api/products",
    role=PUBLIC,
    query=(*PRODUCT_FILTERS, FACETS),
    answer="ProductPage",
    paging=PAGING,
)
def get_products(request: Request) -> Response:
    """A page of products by number (`page`, `per_page`) or behind a cursor (`limit`, `last_key`)."""
    from catalog.index.pages import View

    return products_response(
        request, chosen_page(request, list_filters(request)), View("product", product_json)
    )


@routes.get("/api/products/{product}", role=PUBLIC, answer="Product")
def get_product(request: Request) -> dict[str, Any]:
    """One product by slug, else by id."""
    sees_all = request.may(Role.EDITOR)
    return product_json(find_product(request.params["product"], request.now, sees_all=sees_all))


@routes.post("/api/products", role=Role.EDITOR, body=Body("schemas.NewProduct"), answer="Product", status=201)
def post_product(request: Request) -> dict[str, Any]:
    """A new product."""
    return product_json(create_product(request.load(), request.actor, request.now))


@routes.put(
    "/api/products/{product}",
    role=Role.EDITOR,
    body=changes("schemas.ProductChanges"),
    answer="Product",
    if_match=True,
)
def put_product(request: Request) -> dict[str, Any]:
    """Changes of a product; the whole product may be sent, its relations are left as they are."""
    product_id = path_id(request, "product", "Product")
    data = request.changes(product_json(live_product(product_id)))
    check = product_check(request, data.keys())
    return product_json(update_product(product_id, data, request.actor, request.now, check=check))


@routes.delete("/api/products/{product}", role=Role.EDITOR, answer="Message", if_match=True)
def delete_product(request: Request) -> dict[str, Any]:
    """Soft deletion."""
    product_id, check = path_id(request, "product", "Product"), product_check(request)
    remove_product(product_id, request.actor, request.now, check=check)
    return {"message": "Product deleted"}


@routes.post("/api/products/{product}/restore", role=Role.EDITOR, answer="Product")
def post_restore(request: Request) -> dict[str, Any]:
    """The way back from a soft deletion."""
    product_id = path_id(request, "product", "Product")
    return product_json(bring_back_product(product_id, request.actor, request.now))
