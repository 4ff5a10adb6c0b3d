"""Enterprises that several change at the same moment."""

from datetime import timedelta

import pytest

from common.clock import iso, utc_now
from common.dynamodb import UnitOfWork, get_item, put_item
from common.errors import Conflict
from common.http import Identity, Role
from common.repositories.audit import entries_of_entity
from shop.enterprises import create_enterprise, remove_enterprise, rename_enterprise
from shop.repositories.enterprises import (
    Enterprise,
    add_enterprise,
    all_enterprises,
    enterprise_item,
    enterprise_key,
    find_enterprise,
)
from tests.support.races import just_after

NOW = utc_now()
LATER = NOW + timedelta(seconds=1)
ACTOR = Identity("1", "artist", Role.ADMIN)
FIND = "shop.enterprises.find_enterprise"

pytestmark = pytest.mark.usefixtures("table")


def told(enterprise_id: str) -> list[tuple[str, object]]:
    """What the audit log says of an enterprise, what was in one moment in any order."""
    entries = entries_of_entity("Enterprise", enterprise_id, 50).entries
    return [(entry.action, entry.changes) for entry in entries]


def test_an_enterprise_that_goes_while_it_is_renamed_is_gone_as_a_whole() -> None:
    made = create_enterprise("Alpha", ACTOR, NOW)
    with just_after(FIND, lambda: remove_enterprise(made.id, ACTOR, NOW)):
        assert rename_enterprise(made.id, "Omega", ACTOR, LATER) is None
    assert get_item(enterprise_key(made.id)) is None
    assert all_enterprises() == []
    assert sorted(action for action, _ in told(made.id)) == ["CREATE", "DELETE"]


def test_two_renamings_at_once_are_one_after_the_other() -> None:
    made = create_enterprise("Alpha", ACTOR, NOW)
    with just_after(FIND, lambda: rename_enterprise(made.id, "Beta", ACTOR, NOW)):
        renamed = rename_enterprise(made.id, "Gamma", ACTOR, LATER)
    assert renamed == find_enterprise(made.id) == Enterprise(made.id, "Gamma", iso(NOW), iso(LATER))
    changes = [change for action, change in told(made.id) if action == "UPDATE"]
    assert len(changes) == 2
    assert {"name": {"old": "Alpha", "new": "Beta"}} in changes
    assert {"name": {"old": "Beta", "new": "Gamma"}} in changes


def test_a_check_sees_what_is_written_over() -> None:
    made = create_enterprise("Alpha", ACTOR, NOW)
    seen: list[str | None] = []
    with just_after(FIND, lambda: rename_enterprise(made.id, "Beta", ACTOR, LATER)):
        rename_enterprise(made.id, "Gamma", ACTOR, LATER, check=lambda each: seen.append(each.name))
    assert seen == ["Alpha", "Beta"]


def test_two_deletions_at_once_are_told_of_once() -> None:
    made = create_enterprise("Alpha", ACTOR, NOW)
    with just_after(FIND, lambda: remove_enterprise(made.id, ACTOR, NOW)):
        remove_enterprise(made.id, ACTOR, NOW)
    assert sorted(action for action, _ in told(made.id)) == ["CREATE", "DELETE"]


def test_a_deletion_tells_the_last_name() -> None:
    made = create_enterprise("Alpha", ACTOR, NOW)
    with just_after(FIND, lambda: rename_enterprise(made.id, "Beta", ACTOR, LATER)):
        remove_enterprise(made.id, ACTOR, LATER)
    assert find_enterprise(made.id) is None
    assert ("DELETE", {"name": {"old": "Beta", "new": None}}) in told(made.id)


def test_a_nameless_one_is_renamed_and_deleted_under_the_same_conditions() -> None:
    nameless = Enterprise("7", None, iso(NOW), iso(NOW), original_pg_id=7)
    put_item(enterprise_item(nameless))
    with just_after(FIND, lambda: rename_enterprise("7", "Named", ACTOR, NOW)):
        rename_enterprise("7", "Renamed", ACTOR, NOW)
    assert find_enterprise("7") == Enterprise("7", "Renamed", iso(NOW), iso(NOW), original_pg_id=7)
    remove_enterprise("7", ACTOR, NOW)
    assert find_enterprise("7") is None


def test_an_id_that_is_in_use_is_not_written_over() -> None:
    made = create_enterprise("Alpha", ACTOR, NOW)
    with pytest.raises(Conflict), UnitOfWork() as work:
        add_enterprise(work, Enterprise(made.id, "Other", iso(LATER), iso(LATER)))
    assert find_enterprise(made.id) == made


def test_nothing_is_created_without_its_entry_in_the_audit_log(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("shop.enterprises.record", fail)
    with pytest.raises(RuntimeError):
        create_enterprise("Alpha", ACTOR, NOW)
    assert all_enterprises() == []
