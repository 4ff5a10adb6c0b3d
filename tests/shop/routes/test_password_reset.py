"""Choosing a password anew by mail, over HTTP."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from common import clock, encryption
from common.accounts import disable
from common.clock import epoch
from common.dynamodb import get_item, meter, transaction
from common.outbox import Body, opened
from common.password_resets import reset_key
from common.repositories.audit import entries_of_entity
from common.repositories.notifications import all_notifications
from common.repositories.outbox import waiting_mails
from shop.password_reset import ADDRESS_LIMIT, MAIL_LIMIT, NETWORK_LIMIT, TOKEN_LIMIT
from tests.shop.accounts import (
    EMAIL,
    PASSWORD,
    again,
    counts,
    sign_in,
    signed_in,
    stored_account,
    take,
    whole_table,
)
from tests.support.http import Answer, Client
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("account", "quick_passwords", "middle_of_a_window", "token_key_at_hand")

REQUEST, CONFIRM = "/api/auth/password-reset", "/api/auth/password-reset/confirm"
NEW = "another teapot"
UNUSABLE = "token is not good any more: ask for another"


def ask(client: Client, email: Any = EMAIL, address: str = "127.0.0.1") -> Answer:
    return Client(client.app, address=address).post(REQUEST, json={"email": email})


def confirm(client: Client, token: Any, password: Any = NEW) -> Answer:
    return client.post(CONFIRM, json={"token": token, "password": password})


def mails() -> list[Body]:
    """The mails that wait, the newest last."""
    bodies = [opened(mail) for mail in waiting_mails(100, epoch(clock.utc_now()))]
    return [body for body in bodies if body]


def token_for(client: Client) -> str:
    """The token of a mail that was just asked for."""
    before = {body.data["token"] for body in mails()}
    assert ask(client).status == 200
    (token,) = {str(body.data["token"]) for body in mails()} - before
    return token


def test_a_mail_brings_a_token_by_which_a_password_is_chosen(visitor: Client) -> None:
    account = stored_account()
    signed = signed_in(visitor)
    token = token_for(visitor)
    (mail,) = mails()
    ends = clock.iso(clock.utc_now() + timedelta(hours=1))
    assert mail == Body(EMAIL, {"name": "Ada", "token": token, "expires_at": ends})
    answer = confirm(visitor, token)
    assert (answer.status, answer.json) == (200, {"message": "Password changed: sign in with it"})
    assert not counts(signed)
    assert sign_in(visitor, password=PASSWORD).status == 401
    assert sign_in(visitor, password=NEW).status == 200
    actions = {entry.action for entry in entries_of_entity("User", account.id, 9).entries}
    assert {"PASSWORD_RESET_REQUEST", "PASSWORD_RESET"} <= actions


def test_an_account_without_a_password_gets_its_first_one_so(visitor: Client) -> None:
    stored_account(password=None)
    assert confirm(visitor, token_for(visitor)).status == 200
    assert sign_in(visitor, password=NEW).status == 200


def test_the_table_holds_no_token(visitor: Client) -> None:
    stored_account()
    token = token_for(visitor)
    assert token.partition(".")[2] not in whole_table()


@pytest.mark.parametrize("email", ["nobody@example.com", "disabled@example.com"])
def test_whether_there_is_an_account_is_told_by_nothing(visitor: Client, email: str) -> None:
    stored_account()
    take(disable, stored_account(email="disabled@example.com", username=None))
    with meter() as known:
        there = ask(visitor)
    with meter() as unknown:
        nowhere = ask(visitor, email)
    assert (there.status, there.text) == (nowhere.status, nowhere.text) == (200, there.text)
    assert there.set_cookies == nowhere.set_cookies == []
    assert known.calls == unknown.calls == 3
    assert [mail.to for mail in mails()] == [EMAIL]


def test_the_queue_is_told_of_as_many_mails_for_an_address_of_nobody(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
    told: list[int] = []
    for module in ("common.outbox", "shop.password_reset"):
        monkeypatch.setattr(f"{module}.announce_mails", lambda ids: told.append(len(ids)))
    stored_account()
    ask(visitor)
    assert told == [1]
    ask(visitor, "nobody@example.com")
    assert told == [1, 1]


def test_the_same_is_sealed_and_as_many_rows_are_written_for_nobody(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_account()
    seal, send = encryption.seal, transaction._send
    done: list[str] = []

    def sealed(text: str, context: Mapping[str, str]) -> str:
        done.append("sealed")
        return seal(text, context)

    def sent(actions: list[Any]) -> bool:
        done.append(f"{len(actions)} written")
        return send(actions)

    monkeypatch.setattr("common.encryption.seal", sealed)
    monkeypatch.setattr("common.dynamodb.transaction._send", sent)
    for address in (EMAIL, "nobody@example.com"):
        ask(visitor, address)
    assert done == ["2 written", "sealed", "4 written"] * 2


@pytest.mark.parametrize("token", ["", "made-up", "1.made-up", "." * 200, "x" * 300, 7, None])
def test_a_token_that_is_none_is_refused_by_its_field(visitor: Client, token: Any) -> None:
    account = stored_account()
    answer = confirm(visitor, token)
    assert answer.status == 400
    assert answer.error.startswith("token ")
    assert again(account) == account


def test_a_token_is_used_once(visitor: Client) -> None:
    account = stored_account()
    token = token_for(visitor)
    assert confirm(visitor, token).status == 200
    after = again(account)
    answer = confirm(visitor, token, "a third teapot")
    assert (answer.status, answer.error) == (400, UNUSABLE)
    assert again(account) == after


def test_of_two_uses_at_once_one_counts(visitor: Client) -> None:
    stored_account()
    token, statuses = token_for(visitor), []
    with just_before(
        "shop.password_reset.redeem", lambda: statuses.append(confirm(visitor, token, "the rival's").status)
    ):
        assert confirm(visitor, token).status == 400
    assert statuses == [200]
    assert sign_in(visitor, password="the rival's").status == 200


def test_a_use_beside_a_disabling_does_nothing(visitor: Client) -> None:
    account = stored_account()
    token = token_for(visitor)
    with just_before("shop.password_reset.redeem", lambda: take(disable, account)):
        assert confirm(visitor, token).status == 400
    assert again(account).password_hash == account.password_hash


def test_a_token_ends_in_an_hour(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stored_account()
    token, then = token_for(visitor), clock.utc_now() + timedelta(hours=1)
    monkeypatch.setattr("common.clock.utc_now", lambda: then)
    assert confirm(visitor, token).error == UNUSABLE


def test_asking_again_ends_the_first_token(visitor: Client) -> None:
    stored_account()
    first, second = token_for(visitor), token_for(visitor)
    assert confirm(visitor, first).error == UNUSABLE
    assert confirm(visitor, second).status == 200


def test_a_password_that_may_not_be_leaves_the_token_good(visitor: Client) -> None:
    stored_account()
    token = token_for(visitor)
    answer = confirm(visitor, token, "short")
    assert (answer.status, answer.error) == (400, "password must have at least 8 characters")
    assert confirm(visitor, token).status == 200


def test_changing_the_password_ends_a_token_that_is_on_its_way(visitor: Client) -> None:
    stored_account()
    token = token_for(visitor)
    signed_in(visitor).post("/api/auth/password", json={"old_password": PASSWORD, "new_password": NEW})
    assert confirm(visitor, token, "the attacker's").error == UNUSABLE


@pytest.mark.parametrize("email", ["", "ada", "ada@", 7, None, "x" * 255 + "@example.com"])
def test_what_is_no_address_is_refused_by_its_field(visitor: Client, email: Any) -> None:
    answer = ask(visitor, email)
    assert answer.status == 400
    assert answer.error.startswith("email ")


def test_whoever_asks_too_often_is_refused_and_nobody_else(visitor: Client) -> None:
    stored_account()
    for _ in range(ADDRESS_LIMIT.attempts):
        assert ask(visitor, address="203.0.113.1").status == 200
    assert ask(visitor, address="203.0.113.1").status == 429
    assert ask(visitor, address="198.51.100.7").status == 200
    for number in range(NETWORK_LIMIT.attempts - ADDRESS_LIMIT.attempts):
        assert ask(visitor, f"nobody-{number}@example.com", "203.0.113.1").status == 200
    assert ask(visitor, "somebody@example.com", "203.0.113.1").status == 429


def test_strangers_flood_nobody_with_mails_and_keep_nobody_from_the_last_one(visitor: Client) -> None:
    stored_account()
    answers = [ask(visitor, address=f"203.0.113.{number}") for number in range(MAIL_LIMIT.attempts + 5)]
    assert {(answer.status, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert len(mails()) == MAIL_LIMIT.attempts
    good = [confirm(visitor, str(mail.data["token"])).status for mail in mails()]
    assert sorted(good) == [200, 400, 400, 400, 400]


def test_tokens_are_not_tried_without_end(visitor: Client) -> None:
    for _ in range(TOKEN_LIMIT.attempts):
        assert confirm(visitor, "made-up").status == 400
    assert confirm(visitor, "made-up").status == 429


def test_without_a_key_nobody_is_told_but_the_administrator(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = stored_account()
    with_key = ask(visitor)
    monkeypatch.delenv("TOKEN_ENCRYPTION_KEY")
    answer = ask(visitor)
    assert (answer.status, answer.text) == (200, with_key.text)
    (told,) = all_notifications(epoch(clock.utc_now()))
    assert told.title == "A mail was not queued: password_reset"
    assert account.email not in repr(told)
    ask(visitor, "nobody@example.com")
    assert len(all_notifications(epoch(clock.utc_now()))) == 1


def test_the_row_of_a_token_expires(visitor: Client) -> None:
    account = stored_account()
    token_for(visitor)
    row = get_item(reset_key(account.id), now=epoch(clock.utc_now()))
    assert row is not None
    assert row["expires_at"] == epoch(clock.utc_now()) + 3600
