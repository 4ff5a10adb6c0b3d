"""Routes of the catalogue that everybody sees below /api/shop."""

from functools import partial
from typing import Any

from catalog.categories import find_category, read_tree
from catalog.products import product_with_slug
from catalog.routes.filters import FACETS, PRODUCT_FILTERS, chosen_page, products_response, shop_filters
from catalog.shop_views import related_category_json, shop_product_json
from common.http import PUBLIC, Request, Response, Role, Routes
from common.http.lists import list_response
from common.http.paging import WHOLE, oldest, window

routes = Routes("catalog")


@routes.get(
    "/api/shop/products",
    role=PUBLIC,
    query=(*PRODUCT_FILTERS, "price_min", "price_max", FACETS),
    answer="ShopProductPage",
    paging=oldest(),
)
def get_products(request: Request) -> Response:
    """A page of published products, by id unless another order is asked for."""
    from catalog.index.pages import View

    filters = shop_filters(request)
    show = partial(shop_product_json, only_category=filters.category)
    view = View(("shop product", filters.category), show)
    return products_response(request, chosen_page(request, filters), view)


@routes.get("/api/shop/products/{product}", role=PUBLIC, answer="ShopProduct")
def get_product(request: Request) -> dict[str, Any]:
    """One product by slug, for whoever knows it whatever its status; a creator's work once it is approved.

    One with times is shown from the one until the other.
    """
    slug = request.params["product"]
    return shop_product_json(product_with_slug(slug, request.now, sees_all=request.may(Role.EDITOR)))


@routes.get("/api/shop/categories", role=PUBLIC, answer="RelatedCategoryList", paging=WHOLE)
def get_categories(request: Request) -> Response:
    """Every category by name as a flat list, each with its parent and children."""
    tree, places = read_tree(), window(request)
    wanted = tree.categories[places.start : places.end]
    entries = [related_category_json(category, tree) for category in wanted]
    total = len(tree.categories)
    return list_response(places.stretch(entries, total), lambda shown: {"categories": shown, "total": total})


@routes.get("/api/shop/categories/{category}", role=PUBLIC, answer="RelatedCategory")
def get_category(request: Request) -> dict[str, Any]:
    """One category by slug, else by id, with its parent and children."""
    return related_category_json(find_category(request.params["category"]), read_tree())
