"""What users cost on DynamoDB Local, and what their addresses and their tally withstand in parallel."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest

from common.dynamodb import meter
from common.http import create_app
from common.repositories.accounts import all_accounts, number_of_accounts
from shop.routes import routes
from tests.support.accounts import added
from tests.support.http import Answer, Client
from tests.support.tokens import TOKEN_TRIPS, TOKEN_UNITS, admin_token

PATH = "/api/users"


@pytest.fixture
def admin(table: str) -> Client:
    """An administrator."""
    return Client(create_app("shop", [routes]), token=admin_token())


def fill(number: int) -> list[str]:
    """The ids of so many users."""
    return [added(f"user-{n}@example.com", f"2026-03-01T00:00:{n % 60:02}.000Z").id for n in range(number)]


@pytest.mark.parametrize(
    ("path", "units"),
    [
        (f"{PATH}?email=USER-7@example.com", "0.5"),
        (f"{PATH}/count", "1"),
        (f"{PATH}/{{id}}", "1"),
        (f"{PATH}/{{id}}/exists", "1"),
        (f"{PATH}?createdAfter=2099-01-01", "0.5"),
        (PATH, "3"),
        ("/api/admin/users", "3"),
    ],
)
def test_each_question_is_one_trip_whatever_the_number_of_users(admin: Client, path: str, units: str) -> None:
    ids = fill(40)
    with meter() as usage:
        answer = admin.get(path.replace("{id}", ids[7]))
    assert answer.status == 200
    assert usage.calls == 1 + TOKEN_TRIPS
    assert usage.read_units <= Decimal(units) + TOKEN_UNITS


def test_counting_a_hundred_costs_what_counting_one_does(admin: Client) -> None:
    fill(100)
    with meter() as usage:
        assert admin.get(f"{PATH}/count").json["data"] == {"count": 100}
    assert (usage.calls, usage.read_units) == (1 + TOKEN_TRIPS, Decimal(1 + TOKEN_UNITS))


def test_adding_a_user_is_one_transaction_and_reads_nothing(admin: Client) -> None:
    with meter() as usage:
        assert admin.post(PATH, json={"email": "a@example.com", "name": "A"}).status == 201
    assert [operation for operation, _, _ in usage.operations] == ["get_item", "transact_write_items"]


def test_a_batch_reads_its_users_together_and_removes_each_by_one_transaction(admin: Client) -> None:
    ids = fill(25)
    with meter() as usage:
        answer = admin.post(f"{PATH}/batch-delete", json={"ids": [*ids, *ids]})
    assert answer.json["data"]["success"] == [*ids, *ids]
    calls = Counter(operation for operation, _, _ in usage.operations)
    # Of each user, whether a creator is theirs is looked up besides, by index and marker.
    assert calls == {
        "get_item": TOKEN_TRIPS + 25,
        "query": 25,
        "batch_get_item": 1,
        "transact_write_items": 25,
    }


def at_once(asks: Sequence[Callable[[], Answer]]) -> list[int]:
    """The statuses of the answers, in order of size."""
    with ThreadPoolExecutor(max_workers=len(asks)) as pool:
        return sorted(answer.status for answer in pool.map(lambda ask: ask(), asks))


def test_of_many_sign_ups_for_one_address_exactly_one_wins(admin: Client) -> None:
    forms = ["info@münchen.de", "INFO@xn--mnchen-3ya.de", "Info@MÜNCHEN.de", "info@xn--MNCHEN-3ya.de"]
    asks = [partial(admin.post, PATH, json={"email": form, "name": "Somebody"}) for form in forms * 2]
    statuses = at_once(asks)
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 503}
    assert number_of_accounts() == len(all_accounts()) == 1


def test_users_who_come_and_go_at_once_are_all_counted(admin: Client) -> None:
    ids = fill(6)
    asks = [partial(admin.delete, f"{PATH}/{user}") for user in ids[:3]]
    asks += [partial(admin.post, PATH, json={"email": f"{n}@example.com", "name": "New"}) for n in range(4)]
    statuses = at_once(asks)
    made, gone = statuses.count(201), statuses.count(200)
    # Who met too many others is told to come again, and nothing of it was stored.
    assert made + gone + statuses.count(503) == len(asks)
    assert number_of_accounts() == len(all_accounts()) == 6 + made - gone


def test_disabling_removing_and_changing_one_account_at_once_leave_it_whole_or_gone(admin: Client) -> None:
    made = added("anna@example.com", username="anna", role="editor")
    path = "/api/admin/users/anna"
    statuses = at_once(
        [
            lambda: admin.put(path, json={"enabled": False}),
            lambda: admin.put(path, json={"role": "Member"}),
            lambda: admin.put(f"{PATH}/{made.id}", json={"name": "Anna"}),
            lambda: admin.delete(path),
        ]
    )
    assert set(statuses) <= {200, 404, 409, 503}
    assert len(all_accounts()) == number_of_accounts()
    admin.delete(path)
    assert number_of_accounts() == 0
    assert admin.post(PATH, json={"email": "anna@example.com", "name": "Anna"}).status == 201
