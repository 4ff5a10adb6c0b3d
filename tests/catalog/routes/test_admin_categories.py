"""The artist's category page below /api/admin."""

from typing import Any

import pytest

from common.dynamodb import put_item
from common.repositories.categories import CATEGORIES, Category
from tests.catalog.builders import created, ok, refused, without
from tests.support.http import Client

PATH = "/api/admin/categories"


def _new(admin: Client, name: str, **fields: Any) -> dict[str, Any]:
    return created(admin.post(PATH, json={"name": name, "slug": name.lower()} | fields))


def test_a_new_category_is_answered_with_every_field(admin: Client) -> None:
    shown = _new(admin, "Prints")
    assert shown == {
        "id": shown["id"],
        "name": "Prints",
        "slug": "prints",
        "description": None,
        "parent_id": None,
        "created_at": shown["created_at"],
        "updated_at": shown["created_at"],
        "deleted_at": None,
    }


def test_the_list_is_bare_unless_relations_are_asked_for(admin: Client) -> None:
    root = _new(admin, "Prints")
    child = _new(admin, "Etchings", parent_id=root["id"])
    bare = admin.get(PATH).json
    assert bare == [child | {"parent": root, "children": []}, root | {"parent": None, "children": [child]}]
    for query in ({"include_children": "true", "include_parent": "true"}, {"include_parent": "true"}):
        assert ok(admin.get(PATH, params=query)) == {"categories": bare, "total": 2}
    for shown in bare:
        assert ok(admin.get(f"{PATH}/{shown['id']}")) == shown


def test_relations_that_were_deleted_are_not_shown(admin: Client) -> None:
    root = _new(admin, "Prints")
    child = _new(admin, "Etchings", parent_id=root["id"])
    assert ok(admin.delete(f"{PATH}/{root['id']}"))["message"] == "Category deleted"
    shown = ok(admin.get(f"{PATH}/{child['id']}"))
    assert (shown["parent_id"], shown["parent"]) == (root["id"], None)
    refused(admin.get(f"{PATH}/{root['id']}"), 404, "Category not found")


def test_a_category_may_be_sent_back_whole(admin: Client) -> None:
    root, other = _new(admin, "Prints"), _new(admin, "Papers")
    child = _new(admin, "Etchings", parent_id=root["id"])
    path = f"{PATH}/{child['id']}"
    whole = ok(admin.get(path))
    assert ok(admin.patch(path, json=whole)) == child
    assert ok(admin.patch(path, json=whole | {"name": "New"}))["name"] == "New"
    whole = ok(admin.get(path))
    assert ok(admin.patch(path, json=whole | {"parent_id": other["id"]}))["parent_id"] == other["id"]
    assert ok(admin.patch(path, json={"parent": {"id": root["id"]}}))["parent_id"] == root["id"]
    assert ok(admin.patch(path, json={"parent_id": None, "id": 99}))["parent_id"] is None


def test_a_category_older_than_the_rules_can_be_changed(admin: Client) -> None:
    moment = "2025-01-01T00:00:00.000Z"
    put_item(CATEGORIES.item(Category(5, "Old", "Old Slug", moment, moment)))
    shown = ok(admin.get(f"{PATH}/5"))
    changed = ok(admin.patch(f"{PATH}/5", json=without(shown, "parent", "children") | {"name": "New"}))
    assert (changed["slug"], changed["name"]) == ("Old Slug", "New")
    refused(admin.patch(f"{PATH}/5", json={"slug": "Another Slug"}), 400, "slug")


EMPTY_CHOICES = [{"label": "Nessuna", "value": None}, "[object Object]"]


@pytest.mark.parametrize("empty", EMPTY_CHOICES)
def test_the_empty_choice_of_a_drop_down_makes_a_category_top_level(admin: Client, empty: object) -> None:
    root = _new(admin, "Root")
    for change, path in ((admin.patch, PATH), (admin.put, "/api/categories")):
        child = _new(admin, f"Child of {path}", slug=f"child-{len(path)}", parent_id=root["id"])
        changed = ok(change(f"{path}/{child['id']}", json={"name": "Moved", "parent_id": empty}))
        assert changed.get("parent_id") is None
    for path in (PATH, "/api/categories"):
        body = {"name": "New", "slug": f"new-{len(path)}", "parent_id": empty}
        assert created(admin.post(path, json=body)).get("parent_id") is None


def test_a_chosen_parent_may_come_with_its_label(admin: Client) -> None:
    root, child = _new(admin, "Root"), _new(admin, "Child")
    sent = {"parent_id": {"label": "Root", "value": root["id"]}}
    assert ok(admin.patch(f"{PATH}/{child['id']}", json=sent))["parent_id"] == root["id"]


def test_a_name_is_text_whatever_it_says(admin: Client) -> None:
    child = _new(admin, "Child")
    body = {"name": "[object Object]", "description": "[object Object]"}
    assert ok(admin.patch(f"{PATH}/{child['id']}", json=body)).items() >= body.items()
    refused(admin.patch(f"{PATH}/{child['id']}", json={"name": {"label": "x", "value": "y"}}), 400, "name")
    refused(admin.patch(f"{PATH}/{child['id']}", json={"parent_id": {"value": None}}), 400, "parent_id")


def test_what_is_in_the_way_is_a_bad_request(admin: Client) -> None:
    mine, other = _new(admin, "Mine"), _new(admin, "Other")
    refused(admin.post(PATH, json={"name": "X", "slug": "mine"}), 400, "slug 'mine' already exists")
    refused(admin.patch(f"{PATH}/{other['id']}", json={"slug": "mine"}), 400, "already exists")
    refused(admin.post(PATH, json={"name": "X", "slug": "x", "parent_id": 77}), 400, "category 77")
    refused(admin.patch(f"{PATH}/{mine['id']}", json={"parent_id": mine["id"]}), 400, "ancestor")
    refused(admin.post(PATH, json={"name": "X"}), 400, "slug is required")
    refused(admin.patch(f"{PATH}/x", json={"name": "X"}), 400, "id")
    refused(admin.patch(f"{PATH}/77", data="{"), 400, "Invalid JSON")


def test_a_category_that_is_not_there_is_changed_to_null_and_deleted_already(admin: Client) -> None:
    gone = _new(admin, "Gone")["id"]
    for category_id in (gone, 77):
        answer = admin.delete(f"{PATH}/{category_id}")
        assert (answer.status, answer.json["message"]) == (200, "Category deleted")
        answer = admin.patch(f"{PATH}/{category_id}", json={"name": "New"})
        assert (answer.status, answer.text) == (200, "null")
    assert admin.get(PATH).json == []


@pytest.mark.parametrize("wrong", ["0", "abc", "METADATA", "..%2Fx"])
def test_what_names_no_category_is_refused(admin: Client, wrong: str) -> None:
    refused(admin.get(f"{PATH}/{wrong}"), 400, "id")
    refused(admin.delete(f"{PATH}/{wrong}"), 400, "id")
