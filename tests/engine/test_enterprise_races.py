"""Enterprises on DynamoDB Local: lost answers, many at once, and what a call costs."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from common.clock import iso, utc_now
from common.dynamodb import get_item, meter
from common.errors import Conflict
from common.http import Identity, Role
from common.repositories.audit import entries_of_entity
from shop.enterprises import create_enterprise, remove_enterprise, rename_enterprise
from shop.repositories.enterprises import Enterprise, all_enterprises, enterprise_key, find_enterprise
from tests.support.wire import lose_answer, without_waiting

NOW = utc_now()
ACTOR = Identity("1", "artist", Role.ADMIN)

pytestmark = pytest.mark.usefixtures("table")


def actions(enterprise_id: str) -> list[str]:
    return sorted(entry.action for entry in entries_of_entity("Enterprise", enterprise_id, 50).entries)


def test_an_answer_that_gets_lost_creates_and_changes_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)
    first = lose_answer("TransactWriteItems")
    made = create_enterprise("Alpha", ACTOR, NOW)
    second = lose_answer("TransactWriteItems")
    renamed = rename_enterprise(made.id, "Omega", ACTOR, NOW)
    assert (first[0].status_code, second[0].status_code) == (200, 200)
    assert all_enterprises() == [renamed] == [Enterprise(made.id, "Omega", iso(NOW), iso(NOW))]
    third = lose_answer("TransactWriteItems")
    remove_enterprise(made.id, ACTOR, NOW)
    assert (third[0].status_code, all_enterprises()) == (200, [])
    assert actions(made.id) == ["CREATE", "DELETE", "UPDATE"]


def test_renamings_beside_deletions_leave_no_half_row() -> None:
    for _ in range(5):
        made = create_enterprise("Alpha", ACTOR, NOW)

        def act(number: int, enterprise_id: str = made.id) -> None:
            try:
                if number % 4:
                    rename_enterprise(enterprise_id, f"Name {number}", ACTOR, NOW)
                else:
                    remove_enterprise(enterprise_id, ACTOR, NOW)
            except Conflict:
                # A rival was faster every time, which the caller is told.
                return

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(act, range(8)))
        remove_enterprise(made.id, ACTOR, NOW)
        assert find_enterprise(made.id) is None
        assert get_item(enterprise_key(made.id), consistent=True) is None
        assert actions(made.id).count("DELETE") == 1
    assert all_enterprises() == []


def test_a_list_of_twenty_is_one_trip_and_a_renaming_two() -> None:
    made = [create_enterprise(f"Enterprise {number}", ACTOR, NOW) for number in range(20)]
    with meter() as usage:
        assert len(all_enterprises()) == 20
    assert usage.calls == 1
    assert usage.read_units <= 1
    with meter() as usage:
        rename_enterprise(made[0].id, "Omega", ACTOR, NOW)
    assert [name for name, *_ in usage.operations] == ["get_item", "transact_write_items"]
