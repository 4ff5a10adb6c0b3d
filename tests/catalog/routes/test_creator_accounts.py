"""Signing up as a creator without an account: both are made, or neither."""

from typing import Any

import pytest

from catalog.creator_accounts import LIMIT
from common import passwords
from common.accounts import end_tokens
from common.accounts import new_account as store_account
from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.http import Role
from common.repositories.accounts import account_by_email, all_accounts
from common.repositories.creators import all_creators
from tests.catalog.builders import actions_of, catalog_app, created, ok
from tests.catalog.creator_builders import client_of, new_account, problem
from tests.support.http import Client
from tests.support.races import just_before

PATH = "/api/creators"
ADD = "catalog.creator_accounts.record"


def body(**fields: Any) -> dict[str, Any]:
    """What the sign-up page of the marketplace sends."""
    sent = {"username": "Tech_Guru", "email": "Guru@Example.com", "displayName": "Guru"}
    return sent | {"password": "a long enough one"} | fields


@pytest.fixture
def stranger(table: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody without an account, before a shop that takes new creators."""
    monkeypatch.setenv("CREATOR_SIGN_UP", "open")
    return Client(catalog_app())


def test_a_stranger_gets_a_creator_an_account_and_a_token(stranger: Client) -> None:
    made = created(stranger.post(PATH, json=body()))
    assert made["creator"]["slug"] == "tech-guru"
    account = account_by_email("guru@example.com")
    assert account is not None
    assert (account.id, account.role) == (made["creator"]["userId"], "creator")
    assert (account.username, account.name) == ("Tech_Guru", "Guru")
    assert passwords.matches(str(account.password_hash), "a long enough one")
    me = Client(catalog_app(), token=made["token"])
    assert ok(me.get("/api/creator/profile"))["creator"] == made["creator"]
    assert actions_of("User", account.id) == ["CREATE"]
    assert actions_of("Creator", made["creator"]["id"]) == ["CREATE"]


def test_a_name_that_nobody_could_sign_in_by_is_shown_all_the_same(stranger: Client) -> None:
    made = created(stranger.post(PATH, json=body(username="Sarah Home Decor 🎉")))
    assert made["creator"]["slug"] == "sarah-home-decor"
    account = account_by_email("guru@example.com")
    assert account is not None
    assert account.username is None


@pytest.mark.parametrize("setting", ["", "closed"])
def test_a_shop_takes_no_strangers_unless_it_says_so(
    stranger: Client, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("CREATOR_SIGN_UP", setting)
    problem(stranger.post(PATH, json=body()), 401, "UNAUTHORIZED")
    problem(stranger.post(PATH, json={}), 401, "UNAUTHORIZED")
    assert all_accounts() == []


def test_a_shop_in_development_takes_strangers(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREATOR_SIGN_UP")
    monkeypatch.setenv("ENVIRONMENT", "development")
    created(stranger.post(PATH, json=body()))


def test_a_setting_that_is_neither_is_the_operators_to_mend(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREATOR_SIGN_UP", "maybe")
    problem(stranger.post(PATH, json=body()), 500, "INTERNAL_ERROR")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"email": None}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "gurу@example.com"}, "email"),
        ({"password": None}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "guru@example.com"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"username": "!!!"}, "username"),
        ({"username": "Studio"}, "username"),
        ({"displayName": " "}, "displayName"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    stranger: Client, fields: dict[str, Any], named: str
) -> None:
    errors = problem(stranger.post(PATH, json=body(**fields)), 400, "VALIDATION_ERROR")["details"]["errors"]
    assert [text for text in errors if text.startswith(named)]
    assert (all_accounts(), all_creators()) == ([], [])


def test_every_field_that_is_missing_is_named_at_once(stranger: Client) -> None:
    answer = stranger.post(PATH, json={"bio": ""})
    errors = problem(answer, 400, "VALIDATION_ERROR")["details"]["errors"]
    assert {text.partition(":")[0] for text in errors} == {"username", "email", "displayName", "password"}


def test_an_address_and_a_name_are_one_accounts(stranger: Client) -> None:
    created(stranger.post(PATH, json=body()))
    problem(stranger.post(PATH, json=body(username="Other")), 409, "USER_EXISTS")
    problem(stranger.post(PATH, json=body(email="other@example.com")), 409, "CONFLICT")
    with UnitOfWork() as work:
        store_account(work, email="n@example.com", name="N", role=Role.MEMBER, now=utc_now(), username="Ann")
    problem(stranger.post(PATH, json=body(username="ann", email="ann@example.com")), 409, "USER_EXISTS")
    assert [creator.slug for creator in all_creators()] == ["tech-guru"]
    assert len(all_accounts()) == 2


def test_the_settings_administrators_name_is_nobody_elses(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", "artist")
    problem(stranger.post(PATH, json=body(username="Artist")), 409, "USER_EXISTS")
    assert all_accounts() == []


def test_of_two_sign_ups_with_one_address_one_wins(stranger: Client) -> None:
    other = body(username="Other", email="GURU@example.com")
    with just_before(ADD, lambda: created(stranger.post(PATH, json=other))):
        problem(stranger.post(PATH, json=body()), 409, "USER_EXISTS")
    assert [creator.slug for creator in all_creators()] == ["other"]
    assert len(all_accounts()) == 1


def test_of_two_sign_ups_with_one_slug_one_wins(stranger: Client) -> None:
    other = body(username="tech guru", email="other@example.com")
    with just_before(ADD, lambda: created(stranger.post(PATH, json=other))):
        problem(stranger.post(PATH, json=body()), 409, "CONFLICT")
    assert [account.email for account in all_accounts()] == ["other@example.com"]


def test_attempts_count_for_the_network_and_whatever_it_learns_from_them(stranger: Client) -> None:
    created(stranger.post(PATH, json=body()))
    for number in range(LIMIT.attempts - 1):
        problem(stranger.post(PATH, json=body(username=f"n{number}")), 409, "USER_EXISTS")
    answer = stranger.post(PATH, json=body(username="more", email="more@example.com"))
    problem(answer, 429, "RATE_LIMIT_EXCEEDED")
    assert 0 < int(answer.headers["Retry-After"]) <= LIMIT.seconds
    # What is refused without a look at others counts for nothing, and other networks are not kept waiting.
    elsewhere = Client(catalog_app(), address="192.0.2.9")
    for _ in range(LIMIT.attempts + 1):
        problem(elsewhere.post(PATH, json=body(password="short")), 400, "VALIDATION_ERROR")
    created(elsewhere.post(PATH, json=body(username="more", email="more@example.com")))


def test_who_has_an_account_signs_up_with_it_whatever_else_is_sent(stranger: Client) -> None:
    account = new_account()
    made = created(client_of(account).post(PATH, json=body(email="nonsense", password="x")))
    assert made["creator"]["userId"] == account.id
    assert len(all_accounts()) == 1


def test_a_cookie_that_has_ended_keeps_nobody_from_signing_up(stranger: Client) -> None:
    account = new_account()
    token = client_of(account).token
    with UnitOfWork() as work:
        end_tokens(work, account, utc_now())
    cookies = {"Cookie": f"auth_token={token}"}
    created(Client(catalog_app(), headers=cookies).post(PATH, json=body()))
    problem(Client(catalog_app(), token=token).post(PATH, json=body(username="b")), 401, "UNAUTHORIZED")
