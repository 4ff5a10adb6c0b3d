"""The list of products as it is answered when each request reads the whole catalogue."""

from benchmarks.whole_reads import list_products
from catalog.routes.filters import PRODUCT_FILTERS, list_filters
from catalog.routes.products import PAGING
from common.http import PUBLIC, Request, Response, Routes, ShopApp, create_app
from common.http.lists import Stretch, list_response
from common.http.paging import page_cursor, page_of
from common.product_json import product_json

routes = Routes("catalog")


@routes.get("/api/products", role=PUBLIC, query=PRODUCT_FILTERS, answer="ProductPage", paging=PAGING)
def get_products(request: Request) -> Response:
    """A page of products by number or behind a cursor."""
    page, per_page = page_of(request)
    found = list_products(list_filters(request), page, per_page, page_cursor(request))
    about = {"total": found.total, "page": page, "per_page": per_page}
    stretch = Stretch([product_json(each) for each in found.products], found.cursor, found.cursor_behind)
    return list_response(stretch, lambda shown: {"products": shown, **about})


def whole_app() -> ShopApp:
    """An app with that list alone."""
    return create_app("whole", [routes])
