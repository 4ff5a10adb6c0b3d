"""Routes of the artist's category page below /api/admin."""

from contextlib import suppress
from typing import Any

import simplejson

from catalog.categories import create_category, live_category, read_tree, remove_category, update_category
from catalog.routes.basis import category_check
from catalog.shop_views import related_category_json, shop_category_json
from common.errors import NotFound
from common.http import Body, Request, Response, Role, Routes
from common.http.declared_bodies import changes
from common.http.lists import array_response, list_response
from common.http.paging import WHOLE, window
from common.http.path_ids import path_id
from common.http.unchanged import not_in

# A category that is not there is answered like this to whoever changes it.
_NULL = simplejson.RawJSON("null")

routes = Routes("catalog")


@routes.get(
    "/api/admin/categories",
    role=Role.EDITOR,
    query=("include_children", "include_parent"),
    answer="AdminCategories",
    paging=WHOLE,
)
def get_categories(request: Request) -> Response:
    """Every category by name: a bare list, or with its length for who asks for parents or children."""
    tree, places = read_tree(), window(request)
    wanted = tree.categories[places.start : places.end]
    total = len(tree.categories)
    stretch = places.stretch([related_category_json(category, tree) for category in wanted], total)
    if request.arg("include_children") or request.arg("include_parent"):
        return list_response(stretch, lambda shown: {"categories": shown, "total": total})
    return array_response(stretch)


@routes.get("/api/admin/categories/{category}", role=Role.EDITOR, answer="RelatedCategory")
def get_category(request: Request) -> dict[str, Any]:
    """One category by id, with its parent and children."""
    return related_category_json(live_category(path_id(request, "category", "Category")), read_tree())


@routes.post(
    "/api/admin/categories",
    role=Role.EDITOR,
    body=Body("schemas.CategorySchema"),
    answer="ShopCategory",
    status=201,
    refuses_with_400=True,
)
def post_category(request: Request) -> dict[str, Any]:
    """A new category."""
    return shop_category_json(create_category(request.load(), request.actor, request.now))


@routes.patch(
    "/api/admin/categories/{category}",
    role=Role.EDITOR,
    body=changes("schemas.AdminCategoryChanges"),
    answer="ShopCategoryOrNull",
    if_match=True,
    refuses_with_400=True,
)
def patch_category(request: Request) -> Any:
    """Changes of a category; what was sent as it was shown is left as it is. Null for one not there."""
    category_id, check = path_id(request, "category", "Category"), category_check(request)
    # What cannot be read is refused, be the category there or not.
    request.payload()
    try:
        category = live_category(category_id)
        check(category)
        shown = shop_category_json(category)
        # A parent that was sent back as an object is the one that was shown as an id.
        data = not_in(shown, request.changes(shown, nothing=""))
        if not data:
            return shown
        changed = update_category(category.id, data, request.actor, request.now, check=check)
        return shop_category_json(changed)
    except NotFound:
        return Response(_NULL)


@routes.delete("/api/admin/categories/{category}", role=Role.EDITOR, answer="DeletedCategory", if_match=True)
def delete_category(request: Request) -> dict[str, Any]:
    """Soft deletion; what is not there is deleted already."""
    category_id, check = path_id(request, "category", "Category"), category_check(request)
    with suppress(NotFound):
        remove_category(category_id, request.actor, request.now, check=check)
    return {"message": "Category deleted", "id": category_id}
