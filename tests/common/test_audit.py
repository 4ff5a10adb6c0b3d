"""The audit log is written with the change that it tells of."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from common.audit import MAX_ENTRIES, MAX_TEXT, changes_between, record
from common.clock import epoch
from common.dynamodb import UnitOfWork, attr, get_item
from common.errors import Conflict
from common.http import Identity, Role
from common.repositories.audit import AuditEntry, entries_of_entity

NOW = datetime(2026, 1, 31, 10, 0, 0, 123_000, tzinfo=UTC)
ADMIN = Identity("1", "admin", Role.ADMIN)


def stored(**parts: object) -> AuditEntry:
    """The entry of a change with `parts` (changes, metadata), as it is read back."""
    with UnitOfWork() as work:
        record(work, actor=ADMIN, action="UPDATE", entity_type="Product", entity_id=7, now=NOW, **parts)  # type: ignore[arg-type]
    (entry,) = entries_of_entity("Product", "7", 10).entries
    return entry


def test_an_entry_says_who_did_what_to_which_entity_and_when(table: str) -> None:
    entry = stored(changes={"title": {"old": "A", "new": "B"}}, metadata={"ip_address": "203.0.113.7"})
    assert (entry.user_id, entry.action, entry.entity_type, entry.entity_id) == (
        "1",
        "UPDATE",
        "Product",
        "7",
    )
    assert entry.created_at == "2026-01-31T10:00:00.123Z"
    assert entry.changes == {"title": {"old": "A", "new": "B"}}
    assert entry.metadata == {"ip_address": "203.0.113.7"}


def test_an_entry_expires_after_a_year(table: str) -> None:
    assert stored().expires_at == epoch(NOW + timedelta(days=365))


def test_a_change_that_is_refused_leaves_no_entry(table: str) -> None:
    taken = Conflict("taken")
    work = UnitOfWork()
    work.check(("PRODUCT#7", "METADATA"), attr("PK").exists(), failed=taken)
    record(work, actor=ADMIN, action="UPDATE", entity_type="Product", entity_id=7, now=NOW)
    with pytest.raises(Conflict, match="taken"):
        work.commit()
    assert entries_of_entity("Product", "7", 10).entries == []


def test_an_entry_and_its_change_are_one_transaction(table: str) -> None:
    with UnitOfWork() as work:
        work.put({"PK": "PRODUCT#7", "SK": "METADATA"})
        record(work, actor=ADMIN, action="CREATE", entity_type="Product", entity_id=7, now=NOW)
        assert len(work) == 2
    assert get_item(("PRODUCT#7", "METADATA")) is not None


def test_long_texts_and_lists_are_shortened(table: str) -> None:
    changes = {"description": {"old": None, "new": "x" * 50_000}, "pages": {"old": [], "new": ["p"] * 200}}
    kept = stored(changes=changes).changes
    assert kept is not None
    assert kept["description"]["new"] == "x" * MAX_TEXT + "… (50000 characters)"
    assert kept["pages"]["new"] == ["p"] * MAX_ENTRIES + ["… (200 entries)"]


def test_exact_numbers_and_nested_values_survive(table: str) -> None:
    changes = {
        "base_price": {"old": Decimal("10.10"), "new": Decimal("9.99")},
        "categories": {"new": {3: "Prints"}},
    }
    kept = stored(changes=changes).changes
    assert kept is not None
    assert kept["base_price"] == {"old": Decimal("10.10"), "new": Decimal("9.99")}
    assert kept["categories"] == {"new": {"3": "Prints"}}


def test_changes_hold_only_what_differs() -> None:
    before = {"title": "A", "slug": "a", "sku": "1"}
    after = {"title": "B", "slug": "a", "icon": "k"}
    assert changes_between(before, after) == {
        "icon": {"old": None, "new": "k"},
        "sku": {"old": "1", "new": None},
        "title": {"old": "A", "new": "B"},
    }


def test_changes_can_be_limited_to_some_fields() -> None:
    assert changes_between({"a": 1, "b": 1}, {"a": 2, "b": 2}, ["b"]) == {"b": {"old": 1, "new": 2}}
