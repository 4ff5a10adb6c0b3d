"""What whoever is signed in does with the own account, over HTTP."""

from typing import Any

import pytest

from common.accounts import disable
from common.dynamodb import get_client, meter, table_name
from common.http import Role
from common.repositories.audit import entries_of_entity
from shop.own_account import CHECK_LIMIT
from tests.shop.accounts import (
    EMAIL,
    ME,
    NAME,
    PASSWORD,
    again,
    counts,
    sign_in,
    signed_in,
    stored_account,
    take,
    version_in,
    whole_table,
)
from tests.shop.conftest import PASSWORD as ADMIN_PASSWORD
from tests.shop.conftest import USERNAME as ADMIN
from tests.support.http import Answer, Client
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("account", "quick_passwords", "middle_of_a_window")

CHANGE, EVERYWHERE = "/api/auth/password", "/api/auth/logout-everywhere"
NEW = "another teapot"
SENT = "common.dynamodb.transaction._send"


def change(client: Client, old: Any = PASSWORD, new: Any = NEW) -> Answer:
    return client.post(CHANGE, json={"old_password": old, "new_password": new})


def test_whoever_is_signed_in_sees_who_that_is(visitor: Client) -> None:
    account = stored_account(Role.CREATOR)
    client = signed_in(visitor)
    assert client.get(ME).json == {
        "id": account.id,
        "name": "Ada",
        "username": NAME,
        "email": EMAIL,
        "role": "creator",
        "second_factor": False,
    }
    with meter() as usage:
        client.get(ME)
    assert usage.calls == 2


def test_the_settings_administrator_has_no_address(visitor: Client) -> None:
    answer = signed_in(visitor, ADMIN, ADMIN_PASSWORD).get(ME)
    assert answer.json == {
        "id": "1",
        "name": ADMIN,
        "username": ADMIN,
        "email": None,
        "role": "admin",
        "second_factor": False,
    }


def test_a_new_password_ends_all_tokens_and_brings_a_new_one(visitor: Client) -> None:
    account = stored_account()
    mine, other = signed_in(visitor), signed_in(visitor)
    answer = change(mine)
    assert answer.status == 200
    assert answer.cookies["auth_token"] == answer.json["token"]
    assert version_in(answer.json["token"]) == 1
    assert [counts(it) for it in (mine, other)] == [False, False]
    assert counts(Client(visitor.app, token=answer.json["token"]))
    assert sign_in(visitor).status == 401
    assert sign_in(visitor, password=NEW).status == 200
    (entry,) = [
        it for it in entries_of_entity("User", account.id, 9).entries if it.action == "PASSWORD_CHANGE"
    ]
    assert NEW not in repr(entry)
    assert NEW not in whole_table()


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("wrong", NEW, "old_password is wrong"),
        (PASSWORD, "short", "new_password must have at least 8 characters"),
        (PASSWORD, "x" * 257, "new_password must be at most 256 characters"),
        (PASSWORD, EMAIL, "new_password must not be the name or the address of the account"),
        (PASSWORD, "password1", "new_password is one of those that are guessed first"),
        (PASSWORD, None, "new_password must not be null"),
        (7, NEW, "old_password must be text"),
        (PASSWORD, "x" * 1_100_000, ""),
    ],
)
def test_what_may_not_be_is_refused_by_its_field_and_changes_nothing(
    visitor: Client, old: Any, new: Any, error: str
) -> None:
    account, client = stored_account(), signed_in(visitor)
    answer = change(client, old, new)
    assert answer.status in {400, 413}
    assert not error or answer.error == error
    assert again(account) == account
    assert counts(client)


def test_a_stolen_token_tries_ten_passwords(visitor: Client) -> None:
    stored_account()
    client = signed_in(visitor)
    for _ in range(CHECK_LIMIT.attempts):
        assert change(client, "wrong").status == 400
    assert change(client).status == 429
    # Whoever has the account is elsewhere, and is not kept from it.
    assert change(Client(client.app, token=client.token, address="198.51.100.7")).status == 200


def test_weak_new_passwords_use_up_no_attempts(visitor: Client) -> None:
    stored_account()
    client = signed_in(visitor)
    for _ in range(CHECK_LIMIT.attempts + 1):
        assert change(client, new="short").status == 400
    assert change(client).status == 200


def test_the_password_of_the_settings_is_changed_there(visitor: Client) -> None:
    client = signed_in(visitor, ADMIN, ADMIN_PASSWORD)
    answer = change(client, ADMIN_PASSWORD)
    assert answer.status == 409
    assert "ADMIN_PASSWORD_HASH" in answer.error
    assert counts(client)


def test_of_two_changes_at_once_one_is_made_and_the_others_token_is_of_no_use(visitor: Client) -> None:
    """The loser reads again that its own token has ended."""
    account, client = stored_account(), signed_in(visitor)
    answers: list[Answer] = []
    with just_before(
        "shop.own_account.set_password", lambda: answers.append(change(client, new="the rival's"))
    ):
        assert change(client).status == 401
    assert answers[0].status == 200
    assert again(account).token_version == 1
    assert counts(Client(visitor.app, token=answers[0].json["token"]))
    assert sign_in(visitor, password="the rival's").status == 200


def test_a_change_beside_a_disabling_is_not_made(visitor: Client) -> None:
    account, client = stored_account(), signed_in(visitor)
    with just_before("shop.own_account.set_password", lambda: take(disable, account)):
        assert change(client).status == 401
    assert again(account).password_hash == account.password_hash


@pytest.mark.parametrize("who", ["account", "settings"])
def test_signing_out_everywhere_ends_every_token(visitor: Client, who: str) -> None:
    stored_account()
    given = (NAME, PASSWORD) if who == "account" else (ADMIN, ADMIN_PASSWORD)
    mine, other = signed_in(visitor, *given), signed_in(visitor, *given)
    answer = mine.post(EVERYWHERE)
    assert (answer.status, answer.json) == (200, {"message": "Logged out everywhere"})
    assert answer.set_cookies == ["auth_token=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0"]
    assert [counts(it) for it in (mine, other)] == [False, False]
    assert mine.post(EVERYWHERE).status == 401
    assert counts(signed_in(visitor, *given))


@pytest.mark.parametrize("who", ["account", "settings"])
def test_two_who_sign_out_everywhere_at_once_end_what_there_was_and_nothing_newer(
    visitor: Client, who: str
) -> None:
    stored_account()
    given = (NAME, PASSWORD) if who == "account" else (ADMIN, ADMIN_PASSWORD)
    client = signed_in(visitor, *given)
    newer: list[Client] = []

    def rival() -> None:
        assert client.post(EVERYWHERE).status == 200
        newer.append(signed_in(visitor, *given))

    with just_before("shop.own_account.record_of_person", rival):
        assert client.post(EVERYWHERE).status == 401
    assert counts(newer[0])


def test_a_token_that_was_signed_out_signs_nobody_out(visitor: Client) -> None:
    stored_account()
    mine, other = signed_in(visitor), signed_in(visitor)
    mine.post("/api/auth/logout")
    assert mine.post(EVERYWHERE).status == 401
    assert counts(other)


def test_routes_of_an_account_want_a_token_that_counts(visitor: Client) -> None:
    account, client = stored_account(), signed_in(visitor)
    take(disable, account)
    before = get_client().scan(TableName=table_name())["Items"]
    for method, path in (
        ("GET", ME),
        ("POST", CHANGE),
        ("POST", EVERYWHERE),
        ("POST", "/api/auth/totp"),
        ("POST", "/api/auth/totp/confirm"),
        ("DELETE", "/api/auth/totp"),
        ("POST", "/api/auth/totp/recovery-codes"),
    ):
        assert client.request(method, path, json={"code": "000000"}).status == 401
        assert visitor.request(method, path, json={"code": "000000"}).status == 401
    assert get_client().scan(TableName=table_name())["Items"] == before
