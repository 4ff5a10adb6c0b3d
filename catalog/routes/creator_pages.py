"""Routes of a creator's works as everybody sees them."""

from catalog.marketplace_lists import SORTS, WorkFilters, featured_works, public_works
from catalog.marketplace_products import marketplace_json
from catalog.routes.marketplace import named
from common.errors import NotFound
from common.http import PUBLIC, Caching, Envelope, Request, Response, Routes
from common.http.lists import list_response
from common.http.offsets import OFFSET_QUERY, places_of, places_response
from common.http.paging import WHOLE, window
from common.repositories.creators import NOT_FOUND, Creator, active_creator

PAGE = "/api/creators/{slug}"

routes = Routes("catalog")


@routes.get(
    f"{PAGE}/products",
    role=PUBLIC,
    query=("category", "search", "sort", *OFFSET_QUERY),
    answer="PlacedProducts",
    cached=Caching.MINUTES,
    envelope=Envelope.MARKETPLACE,
)
def get_works(request: Request) -> Response:
    """A creator's works: what is featured first, then the newest, unless another order is asked for."""
    places, filters = places_of(request), _filters(request)
    works = public_works(_creator(request).id, filters, places, request.now)
    return places_response(
        works.shown(marketplace_json), places, works.total, lambda part: {"products": part}
    )


@routes.get(
    f"{PAGE}/featured",
    role=PUBLIC,
    answer="OwnProducts",
    paging=WHOLE,
    cached=Caching.MINUTES,
    envelope=Envelope.MARKETPLACE,
)
def get_featured(request: Request) -> Response:
    """What a creator shows first, the newest first; an empty list where that is nothing."""
    places = window(request)
    works = featured_works(_creator(request).id, request.now)
    shown, total = works.between(places.start, places.end).shown(marketplace_json), works.total
    return list_response(places.stretch(shown, total), lambda part: {"products": part, "total": total})


def _filters(request: Request) -> WorkFilters:
    return WorkFilters(
        category=request.choice("category"),
        search=request.arg("search"),
        sort=named(request, "sort", SORTS),
    )


def _creator(request: Request) -> Creator:
    """The creator of the page; NotFound also for one who is disabled, so that nobody is told which."""
    creator = active_creator(request.params["slug"].strip())
    if creator is None:
        raise NotFound(NOT_FOUND)
    return creator
