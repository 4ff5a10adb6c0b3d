"""Suggestions for whoever types into a search box."""

from catalog.answers import Suggestions
from catalog.product_filters import Filters
from common.clock import iso
from common.http import PUBLIC, Request, Role, Routes
from common.http.paging import by_rule
from common.repositories.products import PUBLISHED, STATUSES

routes = Routes("catalog")

LONGEST, DEFAULT, MOST = 100, 10, 20
"""So many characters of `q` are used; so many suggestions of each kind come unless `limit` says, at most."""


@routes.get("/api/products/suggest", role=PUBLIC, query=("q", "limit"), answer="Suggestions")
def get_suggestions(request: Request) -> Suggestions:
    """Products by their titles, characters and categories that match what was typed, best first."""
    typed = request.arg("q")[:LONGEST]
    if not typed:
        return {"products": [], "characters": [], "categories": []}
    from catalog.index import freshness
    from catalog.index.category_names import category_names
    from catalog.index.suggestions import suggest

    is_editor = request.may(Role.EDITOR)
    filters = Filters(
        STATUSES if is_editor else (PUBLISHED,), sees_held_back=is_editor, search=typed, at=iso(request.now)
    )
    limit = by_rule("limit", request.arg("limit"), MOST) or DEFAULT
    names = category_names(request.now)
    found = suggest(freshness.current(), filters, names, limit)
    return {
        "products": [{"id": row.id, "slug": row.slug, "title": row.title} for row in found.products],
        "characters": [{"id": each.id, "name": each.name} for each in found.characters],
        "categories": [{"slug": slug, "name": names.get(slug, slug)} for slug in found.categories],
    }
