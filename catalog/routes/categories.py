"""Routes of categories."""

from typing import Any

from catalog.categories import (
    Tree,
    bring_back_category,
    create_category,
    find_category,
    live_category,
    read_tree,
    remove_category,
    update_category,
)
from catalog.routes.basis import category_check
from catalog.views import category_json
from common.http import PUBLIC, Body, Request, Response, Role, Routes
from common.http.declared_bodies import changes
from common.http.lists import list_response
from common.http.paging import WHOLE, window
from common.http.path_ids import path_id
from common.repositories.categories import Category

routes = Routes("catalog")


@routes.get(
    "/api/categories",
    role=PUBLIC,
    query=("tree", "include_children", "include_parent"),
    answer="CategoryList",
    paging=WHOLE,
)
def get_categories(request: Request) -> Response:
    """Every category by name as a flat list, with `children` and `parent` on request, or as a tree."""
    tree, places = read_tree(), window(request)
    if request.arg("tree") == "true":
        listed = tree.roots
        entries = [_branch(tree, category) for category in listed[places.start : places.end]]
    else:
        listed = tree.categories
        with_children = request.arg("include_children") == "true"
        with_parent = request.arg("include_parent") == "true"
        wanted = listed[places.start : places.end]
        entries = [_leaf(tree, category, with_children, with_parent) for category in wanted]
    total = len(tree.categories)
    return list_response(
        places.stretch(entries, len(listed)), lambda shown: {"categories": shown, "total": total}
    )


def _leaf(tree: Tree, category: Category, with_children: bool, with_parent: bool) -> dict[str, Any]:
    body = category_json(category)
    if with_parent:
        parent = tree.parent_of(category)
        body["parent"] = category_json(parent) if parent else None
    if with_children:
        body["children"] = [category_json(child) for child in tree.children_of(category)]
    return body


def _branch(tree: Tree, category: Category) -> dict[str, Any]:
    children = [_branch(tree, child) for child in tree.children_of(category)]
    return category_json(category) | {"children": children}


@routes.get("/api/categories/{category}", role=PUBLIC, answer="Category")
def get_category(request: Request) -> dict[str, Any]:
    """One category by slug, else by id."""
    return category_json(find_category(request.params["category"]))


@routes.post(
    "/api/categories", role=Role.EDITOR, body=Body("schemas.CategorySchema"), answer="Category", status=201
)
def post_category(request: Request) -> dict[str, Any]:
    """A new category."""
    return category_json(create_category(request.load(), request.actor, request.now))


@routes.put(
    "/api/categories/{category}",
    role=Role.EDITOR,
    body=changes("schemas.CategorySchema"),
    answer="Category",
    if_match=True,
)
def put_category(request: Request) -> dict[str, Any]:
    """Changes of a category; `parent_id` null makes it a root."""
    category_id = path_id(request, "category", "Category")
    data = request.changes(category_json(live_category(category_id)))
    check = category_check(request)
    return category_json(update_category(category_id, data, request.actor, request.now, check=check))


@routes.delete("/api/categories/{category}", role=Role.EDITOR, answer="Message", if_match=True)
def delete_category(request: Request) -> dict[str, Any]:
    """Soft deletion."""
    category_id, check = path_id(request, "category", "Category"), category_check(request)
    remove_category(category_id, request.actor, request.now, check=check)
    return {"message": "Category deleted"}


@routes.post("/api/categories/{category}/restore", role=Role.EDITOR, answer="Category")
def post_restore(request: Request) -> dict[str, Any]:
    """The way back from a soft deletion."""
    category_id = path_id(request, "category", "Category")
    return category_json(bring_back_category(category_id, request.actor, request.now))
