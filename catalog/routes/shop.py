"""Routes of the catalogue that everybody sees below /api/shop."""

from typing import Any

from catalog.categories import find_category, read_tree
from catalog.listing import list_products
from catalog.products import product_with_slug
from catalog.routes.arguments import shop_filters
from catalog.shop_views import related_category_json, shop_product_json
from common.http import PUBLIC, Request, Routes
from common.http.paging import page_numbers

routes = Routes("catalog")


@routes.get("/api/shop/products", role=PUBLIC)
def get_products(request: Request) -> dict[str, Any]:
    """A page of published products, by id unless another order is asked for."""
    page, per_page = page_numbers(request)
    filters = shop_filters(request)
    found = list_products(filters, page, per_page)
    shown = [shop_product_json(product, only_category=filters.category) for product in found.products]
    return {"products": shown, "total": found.total, "page": page, "per_page": per_page}


@routes.get("/api/shop/products/{product}", role=PUBLIC)
def get_product(request: Request) -> dict[str, Any]:
    """One product by slug, for whoever knows it whatever its status."""
    return shop_product_json(product_with_slug(request.params["product"]))


@routes.get("/api/shop/categories", role=PUBLIC)
def get_categories(_: Request) -> dict[str, Any]:
    """Every category by name as a flat list, each with its parent and children."""
    tree = read_tree()
    shown = [related_category_json(category, tree) for category in tree.categories]
    return {"categories": shown, "total": len(shown)}


@routes.get("/api/shop/categories/{category}", role=PUBLIC)
def get_category(request: Request) -> dict[str, Any]:
    """One category by slug, else by id, with its parent and children."""
    return related_category_json(find_category(request.params["category"]), read_tree())
