"""Changes of one entry at the same moment: none is lost, none brings a deleted entry back."""

from typing import Any

import pytest

from common.dynamodb import Update, update_item
from common.optimistic import ATTEMPTS
from common.repositories.ordered import OrderedCollection
from tests.content.samples import Kind, own_url, stored_keys
from tests.support.http import Client
from tests.support.races import just_after, just_before

CHANGE = "common.repositories.ordered.OrderedCollection.change"
DELETE = "common.repositories.ordered.OrderedCollection.delete"
RESTORE = "common.repositories.ordered.OrderedCollection.restore"


def test_two_removals_at_once_both_happen(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    urls = [kind.upload(admin, 1).json["url"] for _ in range(3)]
    with just_before(CHANGE, lambda: kind.remove(admin, 1, urls[1])):
        assert kind.remove(admin, 1, urls[0]).status == 200
    assert kind.shown(admin, 1)[kind.pictures] == [urls[2]]
    assert [own_url(key) for key in stored_keys()] == [urls[2]]


def test_two_uploads_at_once_are_both_kept(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    with just_before(CHANGE, lambda: kind.upload(admin, 1)):
        assert kind.upload(admin, 1).status == 200
    urls = kind.shown(admin, 1)[kind.pictures]
    assert sorted(urls) == sorted(own_url(key) for key in stored_keys())
    assert len(urls) == 2


def test_an_upload_and_a_removal_at_once_both_happen(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    old = kind.upload(admin, 1).json["url"]
    with just_before(CHANGE, lambda: kind.remove(admin, 1, old)):
        new = kind.upload(admin, 1).json["url"]
    assert kind.shown(admin, 1)[kind.pictures] == [new]


def test_updates_of_different_fields_at_once_are_both_kept(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    with just_before(CHANGE, lambda: admin.put(f"{kind.path}/1", json={"description": "New"})):
        admin.put(f"{kind.path}/1", json=kind.body("Bea"))
    shown = kind.shown(admin, 1)
    assert (shown[kind.name], shown["description"]) == ("Bea", "New")


def test_an_update_that_meets_a_deletion_does_not_bring_the_entry_back(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    with just_before(CHANGE, lambda: admin.delete(f"{kind.path}/1")):
        answer = admin.put(f"{kind.path}/1", json={"order": 5})
    assert answer.status == 404
    assert admin.get(kind.path).json == []
    assert len(admin.get(f"{kind.path}/deleted").json) == 1


def test_a_deletion_that_meets_a_new_order_leaves_nothing_in_the_list(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    with just_before(DELETE, lambda: admin.put(f"{kind.path}/1", json={"order": 5})):
        assert admin.delete(f"{kind.path}/1").status == 200
    assert admin.get(kind.path).json == []
    assert admin.get(f"{kind.path}/deleted").json[0]["order"] == 5


def test_two_deletions_at_once_are_one(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    with just_before(DELETE, lambda: admin.delete(f"{kind.path}/1")):
        assert admin.delete(f"{kind.path}/1").status == 200
    assert len(admin.get(f"{kind.path}/deleted").json) == 1


def test_two_restorations_at_once_are_one(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    admin.delete(f"{kind.path}/1")
    with just_before(RESTORE, lambda: admin.post(f"{kind.path}/1/restore")):
        assert admin.post(f"{kind.path}/1/restore").status == 200
    assert len(admin.get(kind.path).json) == 1


def test_a_file_whose_entry_is_deleted_meanwhile_is_removed_again(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    with just_after("content.gallery.store_picture", lambda: admin.delete(f"{kind.path}/1")):
        assert kind.upload(admin, 1).status == 404
    assert stored_keys() == []


def test_a_file_stays_when_only_the_answer_of_its_write_was_lost(admin: Client, kind: Kind) -> None:
    def lose_the_answer() -> None:
        raise ConnectionError

    kind.create(admin)
    with just_after("common.dynamodb.transaction.UnitOfWork.commit", lose_the_answer):
        assert kind.upload(admin, 1).status == 500
    assert [own_url(key) for key in stored_keys()] == kind.shown(admin, 1)[kind.pictures]


def test_a_removal_succeeds_when_only_its_file_cannot_be_removed(
    admin: Client, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind.create(admin)
    url = kind.upload(admin, 1).json["url"]
    with just_before("common.media.remove", lambda: monkeypatch.setenv("S3_BUCKET_NAME", "no-such-bucket")):
        assert kind.remove(admin, 1, url).status == 200
    assert kind.shown(admin, 1)[kind.pictures] == []


def test_a_change_that_others_always_overtake_is_a_conflict(
    admin: Client, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = kind.create(admin)
    original = OrderedCollection.change
    overtaken = 0

    def change(collection: OrderedCollection[Any], *args: Any) -> Any:
        nonlocal overtaken
        overtaken += 1
        update_item(collection.key(1), Update().add("version", 1))
        return original(collection, *args)

    monkeypatch.setattr(OrderedCollection, "change", change)
    assert admin.put(f"{kind.path}/1", json=kind.body("Bea")).status == 409
    assert overtaken == ATTEMPTS
    assert kind.shown(admin, 1) == created
