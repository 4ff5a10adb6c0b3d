"""Users removed by many at once: what each comes to, and what is in the way of none of the others."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.clock import iso, utc_now
from common.repositories.accounts import ACCOUNTS, all_accounts, number_of_accounts
from shop.user_removal import MOST_AT_ONCE
from tests.shop.users_api import PATH, invalid, refused
from tests.support.accounts import added, token_of
from tests.support.http import Client

# --- several at once


def remove(admin: Client, ids: list[str]) -> dict[str, Any]:
    """What came of removing these."""
    answer = admin.post(f"{PATH}/batch-delete", json={"ids": ids})
    assert answer.status == 200
    removal: dict[str, Any] = answer.json["data"]
    return removal


def test_nothing_to_remove_is_nothing_removed(admin: Client) -> None:
    assert remove(admin, []) == {"success": [], "failed": []}


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "ids: must have required property 'ids'"),
        ({"ids": None}, "ids: must be array"),
        ({"ids": "a"}, "ids: must be array"),
        ({"ids": [1]}, "ids: must be array of string"),
        ({"ids": ["x" * 201]}, "ids: must NOT have items of more than 200 characters"),
        ({"ids": ["a"] * 1000}, f"ids: must NOT have more than {MOST_AT_ONCE} items"),
    ],
)
def test_a_selection_that_is_none_is_refused_whole(admin: Client, sent: Any, error: str) -> None:
    invalid(admin.post(f"{PATH}/batch-delete", json=sent), error)


def test_as_many_as_may_be_are_removed_in_chunks_and_again_without_harm(admin: Client) -> None:
    made = [added(f"{n}@example.com").id for n in range(30)]
    strangers = [str(uuid4()) for _ in range(MOST_AT_ONCE - len(made))]
    for _ in range(2):
        assert remove(admin, [*made, *strangers]) == {"success": [*made, *strangers], "failed": []}
    assert all_accounts() == []
    assert number_of_accounts() == 0


def test_what_is_in_the_way_of_one_stops_no_other(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (added(f"{n}@example.com").id for n in range(3))
    real = ACCOUNTS.remove

    def failing(work: Any, account: Any) -> None:
        if account.id == second:
            raise_throttled()
        real(work, account)

    monkeypatch.setattr(ACCOUNTS, "remove", failing)
    assert remove(admin, [first, f"USER#{second}", third, second]) == {
        "success": [first, third],
        "failed": [
            {"id": f"USER#{second}", "error": "Batch write operation failed"},
            {"id": second, "error": "Batch write operation failed"},
        ],
    }


def test_a_chunk_that_cannot_be_read_fails_alone(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [added(f"{n}@example.com").id for n in range(27)]
    real = ACCOUNTS.many

    def failing(keys: Any, **options: Any) -> Any:
        if ACCOUNTS.key(made[0]) in list(keys):
            raise_throttled()
        return real(keys, **options)

    monkeypatch.setattr(ACCOUNTS, "many", failing)
    removal = remove(admin, made)
    assert [each["id"] for each in removal["failed"]] == made[:25]
    assert removal["success"] == made[25:]


def raise_throttled() -> None:
    """What the engine refuses when it is busy."""
    from botocore.exceptions import ClientError

    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "Query")


def test_administrators_cannot_remove_themselves_nor_the_one_of_the_settings(admin: Client) -> None:
    helper = added("helper@example.com", role="admin")
    theirs = Client(admin.app, token=token_of(helper))
    self_text = "The account that you are signed in with cannot be deleted by yourself"
    settings_text = "The administrator of the settings cannot be deleted"
    refused(theirs.delete(f"{PATH}/{helper.id}"), 409, "CONFLICT", self_text)
    for client in (theirs, admin):
        refused(client.delete(f"{PATH}/1"), 409, "CONFLICT", settings_text)
    assert remove(theirs, [f"USER#{helper.id}", "1"]) == {
        "success": [],
        "failed": [
            {"id": f"USER#{helper.id}", "error": self_text},
            {"id": "1", "error": settings_text},
        ],
    }
    assert ACCOUNTS.get(helper.id) == helper
    assert admin.delete(f"{PATH}/{helper.id}").status == 200
    assert theirs.get(PATH).status == 401


SPELLINGS = st.tuples(st.sampled_from(["0", "1", "2", "3", "unknown", "not an id", ""]), st.booleans())


@pytest.mark.exhaustive
@settings(max_examples=20)
@given(selections=st.lists(st.lists(SPELLINGS, max_size=8), min_size=1, max_size=3))
def test_batches_of_repeated_unknown_and_prefixed_ids_do_what_a_set_does(
    admin: Client, selections: list[list[tuple[str, bool]]]
) -> None:
    names = {str(n): added(f"{uuid4()}@example.com", iso(utc_now())).id for n in range(4)}
    left = set(names.values())
    others = number_of_accounts() - len(left)
    for selection in selections:
        ids = [("USER#" if prefixed else "") + names.get(name, name) for name, prefixed in selection]
        assert remove(admin, ids) == {"success": ids, "failed": []}
        left -= {each.removeprefix("USER#") for each in ids}
        assert {found for found in names.values() if ACCOUNTS.get(found)} == left
        assert number_of_accounts() == others + len(left)
