"""Creators under threads that really want the same at once, and what their pages cost, on DynamoDB Local."""

from collections import Counter
from decimal import Decimal

import pytest

from common.dynamodb import meter
from common.http import Role
from common.repositories.accounts import all_accounts
from common.repositories.creators import all_creators
from tests.catalog.builders import catalog_app, ok
from tests.catalog.creator_builders import client_of, new_account, new_creator
from tests.engine.test_catalog_races import at_once, until_answered
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

PATH = "/api/creators"


def statuses(answers: list[Answer]) -> Counter[int]:
    """How often each status was answered."""
    return Counter(answer.status for answer in answers)


def test_of_twelve_accounts_that_want_one_slug_one_gets_it(table: str) -> None:
    accounts = [new_account() for _ in range(12)]

    def sign_up(number: int) -> Answer:
        me = client_of(accounts[number])
        body = {"username": "Same_Name", "displayName": f"N{number}"}
        return until_answered(lambda: me.post(PATH, json=body))

    answers = at_once(12, sign_up)
    assert statuses(answers) == {201: 1, 409: 11}
    (creator,) = all_creators()
    roles = Counter(account.role for account in all_accounts())
    assert roles == {"creator": 1, "member": 11}
    assert creator.user_id in {account.id for account in all_accounts() if account.role == "creator"}


def test_of_ten_sign_ups_of_one_account_one_is_made(table: str) -> None:
    me = client_of(new_account(Role.ADMIN))

    def sign_up(number: int) -> Answer:
        body = {"username": f"name-{number}", "displayName": "N"}
        return until_answered(lambda: me.post(PATH, json=body))

    assert statuses(at_once(10, sign_up)) == {201: 1, 409: 9}
    assert len(all_creators()) == 1


def test_of_strangers_with_one_address_one_gets_an_account(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREATOR_SIGN_UP", "open")

    def sign_up(number: int) -> Answer:
        address = "one@example.com" if number % 2 else "ONE@Example.com"
        body = {"username": f"n{number}", "displayName": "N", "email": address, "password": "long enough"}
        stranger = Client(catalog_app(), address=f"192.0.2.{number}")
        return until_answered(lambda: stranger.post(PATH, json=body))

    assert statuses(at_once(8, sign_up)) == {201: 1, 409: 7}
    (account,), (creator,) = all_accounts(), all_creators()
    assert creator.user_id == account.id


def test_of_ten_changes_of_one_profile_every_field_is_kept(table: str) -> None:
    account = new_account(Role.CREATOR)
    new_creator("one", user_id=account.id)
    me = client_of(account)
    links = {name: f"https://{name}.example/me" for name in ("instagram", "tiktok")}
    changes = [{"displayName": "New"}, {"bio": "Vasi"}, {"socialLinks": links}, {"theme": {"font": "Lora"}}]

    def change(number: int) -> Answer:
        return until_answered(lambda: me.put("/api/creator/profile", json=changes[number]))

    assert statuses(at_once(len(changes), change)) == {200: len(changes)}
    shown = ok(me.get("/api/creator/profile"))["creator"]
    assert (shown["displayName"], shown["bio"], shown["socialLinks"]) == ("New", "Vasi", links)
    assert shown["theme"] == {"primaryColor": "#3B82F6", "accentColor": "#10B981", "font": "Lora"}


@pytest.fixture
def twenty(table: str) -> Client:
    """A shop of twenty creators who have said as much as they may."""
    for number in range(20):
        account = new_account(Role.CREATOR)
        new_creator(
            f"creator-{number}",
            user_id=account.id,
            bio="Acquerelli e ceramiche. " * 20,
            profile_image=f"creators/{number}/0b0c7b1e8a524c479d6b3f3e1c2d4a5b.png",
            social_links={"instagram": "https://www.instagram.com/someone"},
            theme={"primary_color": "#000000", "accent_color": "#FF6B6B", "font": "Inter"},
        )
    return Client(catalog_app())


def test_a_page_is_one_round_trip_and_half_a_unit(twenty: Client) -> None:
    with meter() as usage:
        ok(twenty.get(f"{PATH}/creator-7"))
    assert usage.calls == 1
    assert usage.read_units <= Decimal("0.5")


def test_a_list_of_twenty_is_one_round_trip(twenty: Client) -> None:
    with meter() as usage:
        assert ok(twenty.get(PATH))["total"] == 20
    assert usage.calls == 1
    assert usage.read_units <= Decimal(5)


def test_an_own_profile_is_three_round_trips(twenty: Client) -> None:
    owner = next(creator.user_id for creator in all_creators() if creator.slug == "creator-7")
    account = next(account for account in all_accounts() if account.id == owner)
    with meter() as usage:
        ok(client_of(account).get("/api/creator/profile"))
    # Whether the token counts, whose it is, and the row as it is at this moment.
    assert usage.calls == 3
    assert usage.read_units <= Decimal("2.5")


def test_what_administrators_see_of_twenty_costs_no_read_for_each(twenty: Client) -> None:
    asked = Client(catalog_app(), token=admin_token())
    with meter() as first:
        shown = ok(asked.get("/api/admin/creators"))
    with meter() as again:
        ok(asked.get("/api/admin/creators"))
    assert all(each["email"] for each in shown["creators"])
    # The four lists and the two questions by which the process comes to hold the catalogue, once.
    assert (first.calls, again.calls) == (9, 4)
    assert first.read_units <= Decimal(20)
    assert again.read_units <= Decimal(15)
