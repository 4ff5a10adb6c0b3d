"""Personaggi and fumetti over HTTP: listed, created, changed, deleted and restored."""

from typing import Any

import pytest

from common.repositories.audit import entries_of_entity
from tests.content.samples import FUMETTO, PERSONAGGIO, Kind, own_url
from tests.support.http import Client
from tests.support.tokens import every_guarded_route

WHOLE_PERSONAGGIO: dict[str, Any] = {
    "name": "Ada",
    "description": "Paints at night.",
    "icon": "/uploads/personaggi/1/ada_icon.png",
    "images": ["https://example.com/ada.png", "/uploads/personaggi/1/ada.png"],
    "backgroundColor": "#102030",
    "backgroundType": "gradient",
    "gradientFrom": "#aabbcc",
    "gradientTo": "#DDEEFF",
    "backgroundImage": "https://example.com/sky.png",
    "order": 4,
}
WHOLE_FUMETTO: dict[str, Any] = {
    "title": "Città di Notte",
    "description": "A comic.",
    "coverImage": "/uploads/fumetti/1/cover.png",
    "pages": ["/uploads/fumetti/1/1.png", "/uploads/fumetti/1/2.png"],
    "order": 2,
}
DATES = ("created_at", "updated_at", "createdAt", "updatedAt")
NOT_DELETED = {"deletedAt": None}


def test_every_admin_route_refuses_bad_tokens(visitor: Client) -> None:
    assert every_guarded_route(visitor.app) == 15


def test_the_list_is_a_bare_array_in_order(visitor: Client, admin: Client, kind: Kind) -> None:
    for name, order in (("C", 30), ("A", 10), ("B", 20)):
        kind.create(admin, name, order=order)
    answer = visitor.get(kind.path)
    assert answer.status == 200
    assert [entry[kind.name] for entry in answer.json] == ["A", "B", "C"]


def test_a_list_that_is_too_large_ends_before_and_links_to_the_rest(
    monkeypatch: pytest.MonkeyPatch, visitor: Client, admin: Client, kind: Kind
) -> None:
    for number in range(3):
        kind.create(admin, f"N{number}", description="x" * 2000)
    monkeypatch.setattr("common.http.answer_size.BODY_BYTES", 6_000)
    first = visitor.get(kind.path)
    link = first.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    rest = visitor.get(f"{kind.path}{link}")
    assert [entry[kind.name] for entry in first.json + rest.json] == ["N0", "N1", "N2"]
    assert (len(first.json), "Link" in rest.headers) == (2, False)


def test_an_empty_list_is_an_empty_array(visitor: Client, kind: Kind) -> None:
    assert visitor.get(kind.path).text == "[]"


def test_the_public_list_is_revalidated_with_an_etag(visitor: Client, admin: Client, kind: Kind) -> None:
    kind.create(admin)
    tag = visitor.get(kind.path).headers["ETag"]
    assert visitor.get(kind.path, headers={"If-None-Match": tag}).status == 304


def test_every_field_of_a_personaggio_comes_back(visitor: Client, admin: Client) -> None:
    created = PERSONAGGIO.create(admin, **WHOLE_PERSONAGGIO)
    urls = {
        "icon": own_url("uploads/personaggi/1/ada_icon.png"),
        "images": ["https://example.com/ada.png", own_url("uploads/personaggi/1/ada.png")],
    }
    expected = {**WHOLE_PERSONAGGIO, **urls, "id": 1}
    assert {name: value for name, value in created.items() if name not in DATES} == expected | NOT_DELETED
    assert visitor.get("/api/personaggi/1").json == created
    assert visitor.get("/api/personaggi").json == [created]


def test_every_field_of_a_fumetto_comes_back_with_a_slug(visitor: Client, admin: Client) -> None:
    created = FUMETTO.create(admin, **WHOLE_FUMETTO)
    urls = {
        "coverImage": own_url("uploads/fumetti/1/cover.png"),
        "pages": [own_url("uploads/fumetti/1/1.png"), own_url("uploads/fumetti/1/2.png")],
    }
    expected = {**WHOLE_FUMETTO, **urls, "id": 1, "slug": "citta-di-notte"}
    assert {name: value for name, value in created.items() if name not in DATES} == expected | NOT_DELETED
    assert visitor.get("/api/fumetti/1").json == created


def test_dates_come_in_both_styles(admin: Client, kind: Kind) -> None:
    created = kind.create(admin)
    assert created["created_at"] == created["createdAt"] == created["updated_at"] == created["updatedAt"]
    assert created["created_at"].endswith("Z")
    assert created["deletedAt"] is None
    assert "deleted_at" not in created


def test_fields_that_are_not_set_are_null(visitor: Client, admin: Client) -> None:
    PERSONAGGIO.create(admin)
    FUMETTO.create(admin)
    (personaggio,) = visitor.get("/api/personaggi").json
    (fumetto,) = visitor.get("/api/fumetti").json
    unset = {name for name, value in personaggio.items() if value is None}
    assert unset == {"description", "icon", "gradientFrom", "gradientTo", "backgroundImage", "deletedAt"}
    assert {name for name, value in fumetto.items() if value is None} == {
        "description",
        "coverImage",
        "deletedAt",
    }


def test_fields_may_be_written_in_snake_case(admin: Client) -> None:
    colours = {"background_color": "#000000", "background_type": "image", "gradient_from": "#010101"}
    created = PERSONAGGIO.create(admin, **colours)
    assert created["backgroundColor"] == "#000000"
    assert created["backgroundType"] == "image"
    assert created["gradientFrom"] == "#010101"


def test_pictures_may_come_as_json_text(admin: Client, kind: Kind) -> None:
    created = kind.create(admin, **{kind.pictures: '["https://example.com/a.png"]'})
    assert created[kind.pictures] == ["https://example.com/a.png"]


def test_our_own_urls_are_stored_as_keys(admin: Client, kind: Kind) -> None:
    created = kind.create(admin, **{kind.pictures: [own_url("uploads/a.png")]})
    entry = kind.collection.get(created["id"])
    assert getattr(entry, kind.pictures) == ("uploads/a.png",)
    assert created[kind.pictures] == [own_url("uploads/a.png")]


def test_a_personaggio_starts_with_a_background(admin: Client) -> None:
    created = PERSONAGGIO.create(admin, gradientFrom=None)
    assert (created["backgroundType"], created["backgroundColor"]) == ("solid", "#E0E7FF")
    assert created["gradientFrom"] is None


def test_new_entries_come_last(admin: Client, kind: Kind) -> None:
    orders = [kind.create(admin)["order"], kind.create(admin, order=9)["order"], kind.create(admin)["order"]]
    assert orders == [1, 9, 10]


def test_new_entries_come_behind_one_that_was_moved(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    admin.put(f"{kind.path}/1", json={"order": 40})
    assert kind.create(admin)["order"] == 41


def test_a_whole_entry_may_be_sent_back(admin: Client, kind: Kind) -> None:
    created = kind.create(admin, **{kind.pictures: ["https://example.com/a.png"]})
    answer = admin.put(f"{kind.path}/1", json={**created, kind.name: "New", "unknown": {"x": 1}, "id": 99})
    assert answer.status == 200
    assert answer.json["id"] == 1
    assert answer.json["created_at"] == created["created_at"]
    assert answer.json[kind.name] == "New"
    assert answer.json[kind.pictures] == ["https://example.com/a.png"]


def test_an_update_changes_only_what_it_names(admin: Client) -> None:
    created = PERSONAGGIO.create(admin, **WHOLE_PERSONAGGIO)
    changed = admin.put("/api/personaggi/1", json={"description": "New"}).json
    same = {name for name in created if name not in {"description", "updated_at", "updatedAt"}}
    assert {name: changed[name] for name in same} == {name: created[name] for name in same}
    assert changed["description"] == "New"


def test_fields_may_be_emptied(admin: Client) -> None:
    PERSONAGGIO.create(admin, **WHOLE_PERSONAGGIO)
    for field in (
        "description",
        "icon",
        "backgroundColor",
        "backgroundType",
        "gradientFrom",
        "backgroundImage",
    ):
        assert admin.put("/api/personaggi/1", json={field: ""}).json[field] == ""
        assert admin.put("/api/personaggi/1", json={field: None}).json[field] is None


def test_a_new_order_moves_the_entry(visitor: Client, admin: Client, kind: Kind) -> None:
    for name in ("A", "B", "C"):
        kind.create(admin, name)
    assert admin.put(f"{kind.path}/1", json={"order": 3}).status == 200
    # Of one order the newest comes first.
    assert [entry[kind.name] for entry in visitor.get(kind.path).json] == ["B", "C", "A"]


def test_a_deleted_entry_is_seen_by_admins_only(visitor: Client, admin: Client, kind: Kind) -> None:
    kind.create(admin)
    answer = admin.delete(f"{kind.path}/1")
    assert (answer.status, answer.json) == (200, {"message": f"{kind.noun} deleted"})
    assert visitor.get(kind.path).json == []
    assert visitor.get(f"{kind.path}/1").status == 404
    (entry,) = admin.get(f"{kind.path}/deleted").json
    assert entry["deletedAt"] == entry["deleted_at"] == entry["updatedAt"]
    assert kind.shown(admin, 1) == entry


def test_deleting_again_changes_nothing(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    admin.delete(f"{kind.path}/1")
    before = kind.shown(admin, 1)
    assert admin.delete(f"{kind.path}/1").status == 200
    assert kind.shown(admin, 1) == before


def test_a_restored_entry_is_back_in_the_list(visitor: Client, admin: Client, kind: Kind) -> None:
    for name in ("A", "B"):
        kind.create(admin, name)
    admin.delete(f"{kind.path}/1")
    answer = admin.post(f"{kind.path}/1/restore")
    assert answer.status == 200
    assert answer.json["deletedAt"] is None
    assert [entry["id"] for entry in visitor.get(kind.path).json] == [1, 2]
    assert admin.get(f"{kind.path}/deleted").json == []


def test_restoring_what_is_not_deleted_changes_nothing(admin: Client, kind: Kind) -> None:
    created = kind.create(admin)
    assert admin.post(f"{kind.path}/1/restore").json == created


def test_an_unknown_id_is_not_found(admin: Client, kind: Kind) -> None:
    for method, suffix in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/restore"),
        ("POST", "/upload"),
    ):
        answer = admin.request(method, f"{kind.path}/77{suffix}", json=kind.body())
        assert (answer.status, answer.error) == (404, f"{kind.noun} not found")


def test_a_deleted_entry_cannot_be_changed(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    admin.delete(f"{kind.path}/1")
    assert admin.put(f"{kind.path}/1", json=kind.body("New")).status == 404
    assert kind.upload(admin, 1).status == 404
    assert kind.remove(admin, 1, "/a.png").status == 404


def test_every_change_is_in_the_audit_log(admin: Client, kind: Kind) -> None:
    kind.create(admin, "Old")
    admin.put(f"{kind.path}/1", json=kind.body("New"))
    admin.delete(f"{kind.path}/1")
    admin.post(f"{kind.path}/1/restore")
    logs = entries_of_entity(kind.noun, "1", 10).entries
    assert sorted(entry.action for entry in logs) == ["CREATE", "DELETE", "RESTORE", "UPDATE"]
    changes: Any = next(entry.changes for entry in logs if entry.action == "UPDATE")
    assert changes == {kind.name: {"old": "Old", "new": "New"}}


def test_an_update_that_changes_nothing_leaves_no_trace(admin: Client, kind: Kind) -> None:
    created = kind.create(admin)
    assert admin.put(f"{kind.path}/1", json=created).json == created
    assert [entry.action for entry in entries_of_entity(kind.noun, "1", 10).entries] == ["CREATE"]
