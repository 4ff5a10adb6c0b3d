"""Notifications, the audit log and categories on their way, read back by the shop's own functions."""

from typing import Any

from common.clock import epoch
from common.dynamodb import batch_write
from common.repositories.audit import entries_between, entries_of_entity, entries_of_user
from common.repositories.categories import all_categories, category_by_slug
from common.repositories.notifications import all_notifications, unread_notifications
from migration.mapping.records import Record, Row
from tests.migration.mapping.records import AS_OF, CONTEXT, ENTITY, one, stored
from tests.migration.mapping.test_products import MOMENT, TIMES

NOW = epoch(AS_OF)


def moved(record: Record) -> None:
    assert batch_write(stored(ENTITY[record.entity], record)).failed == []


def a_notification(number: int, **changes: Any) -> Record:
    row: Row = {"id": number, "type": "low_stock", "title": "T", "message": None, "metadata": None}
    return one("notifications", row | {"is_read": False, "read_at": None} | TIMES | changes)


def test_notifications_are_read_or_not_and_as_severe_as_their_type(table: str) -> None:
    moved(a_notification(1))
    moved(a_notification(2, type="made_up", is_read=True, read_at=MOMENT, metadata=[]))
    found = {entry.id: entry for entry in all_notifications(NOW)}
    assert {number: entry.severity for number, entry in found.items()} == {"1": "warning", "2": "info"}
    assert [entry.id for entry in unread_notifications(NOW)] == ["1"]
    assert (found["1"].message, found["1"].metadata, found["2"].metadata) == (None, None, [])
    assert found["1"].expires_at == NOW + 90 * 86400


def test_new_notifications_come_back_under_their_own_ids() -> None:
    entity = ENTITY["notifications"]
    (item,) = stored(entity, a_notification(1))
    new = item | {"PK": "NOTIFICATION#abc", "id": "abc"}
    assert [entity.record_of(each) for each in (item, new)] == [1, "abc"]
    assert [row["id"] for row in entity.rows([item, new])["notifications"]] == [1, "abc"]


def test_audit_entries_are_found_by_what_they_name(table: str) -> None:
    row: Row = {"id": 5, "action": "delete", "entity_type": "order", "entity_id": 0, "user_id": 7}
    moved(one("audit_logs", row | {"changes": [], "ip_address": "::1", "created_at": MOMENT}))
    moved(one("audit_logs", {"id": 6, "action": "login", "entity_type": "", "created_at": MOMENT}))
    (entry,) = entries_of_entity("order", "0", 9).entries
    assert entries_of_user("7", 9).entries == [entry]
    assert (entry.changes, entry.metadata, entry.expires_at) == ([], {"ip_address": "::1"}, NOW + 365 * 86400)
    assert {each.id for each in entries_between(MOMENT, MOMENT, 9).entries} == {"5", "6"}


def test_categories_are_found_and_their_slugs_claimed(table: str) -> None:
    shirts: Row = {"id": 1, "name": "Shirts", "slug": "0001", "description": ""} | TIMES
    moved(one("categories", shirts))
    moved(one("categories", shirts | {"id": 2, "slug": "gone", "parent_id": 1, "deleted_at": MOMENT}))
    (category,) = all_categories()
    assert category == category_by_slug("0001")
    assert (category.description, category.parent_id) == ("", None)
    (_, marker) = stored(ENTITY["categories"], one("categories", shirts))
    assert (marker["PK"], marker["owner"]) == ("UNIQUE#CATEGORY_SLUG#0001", "CATEGORY#1")


def test_null_where_the_shop_has_a_default_is_null_again_until_it_is_changed() -> None:
    entity = ENTITY["categories"]
    row: Row = {"id": 1, "name": "N", "slug": "s", "created_at": None, "updated_at": None}
    item, _ = stored(entity, one("categories", row))
    assert item["created_at"] == "2026-01-31T10:00:00.123Z"
    (back,) = entity.rows([item])["categories"]
    assert (back["created_at"], back["updated_at"]) == (None, None)
    (changed,) = entity.rows([item | {"updated_at": "2026-02-01T00:00:00.000Z"}])["categories"]
    assert (changed["created_at"], changed["updated_at"].month) == (None, 2)


def test_a_column_that_the_source_lacks_is_what_the_schema_says() -> None:
    (item,) = stored(ENTITY["fumetti"], one("fumetti", {"id": 1, "title": "T"}), CONTEXT)
    assert (item["order"], item["created_at"]) == (0, "2026-01-31T10:00:00.123Z")
    assert not {"pages", "originals", "deleted_at"} & item.keys()
