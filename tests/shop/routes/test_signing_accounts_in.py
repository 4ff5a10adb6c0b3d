"""Accounts of the table sign in, and what races leave of their tokens."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from common.accounts import disable, enable, end_tokens, set_password, set_role
from common.clock import utc_now
from common.dynamodb import UnitOfWork, meter
from common.http import Role, verify_token
from common.repositories.accounts import ACCOUNTS, Account, remove_account
from common.repositories.audit import entries_of_entity
from shop.sign_in_limits import ACCOUNT_LIMIT, ADDRESS_LIMIT
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
)
from tests.shop.conftest import PASSWORD as ADMIN_PASSWORD
from tests.shop.conftest import USERNAME as ADMIN
from tests.support.http import Client
from tests.support.races import just_after, just_before

pytestmark = pytest.mark.usefixtures("account", "quick_passwords", "middle_of_a_window")

Step = Callable[[UnitOfWork, Account, datetime], Account]
VERIFY = "argon2.PasswordHasher.verify"


@pytest.mark.parametrize("name", [NAME, "COUNTESS", " Countess ", EMAIL, "Ada@Example.com"])
def test_an_account_signs_in_by_its_name_or_its_address(visitor: Client, name: str) -> None:
    account = stored_account()
    answer = sign_in(visitor, name)
    assert answer.json == {"message": "Login successful", "user": NAME, "token": answer.json["token"]}
    assert answer.cookies["auth_token"] == answer.json["token"]
    identity = verify_token(answer.json["token"], utc_now())
    assert (identity.id, identity.role) == (account.id, Role.EDITOR)
    assert counts(Client(visitor.app, token=answer.json["token"]))


def test_an_account_without_a_name_is_called_by_what_people_say(visitor: Client) -> None:
    stored_account(username=None)
    assert sign_in(visitor, EMAIL).json["user"] == "Ada"
    assert sign_in(visitor, "Ada").status == 401


@pytest.mark.parametrize("role", list(Role))
def test_a_role_of_the_table_counts(visitor: Client, role: Role) -> None:
    stored_account(role)
    client = signed_in(visitor)
    assert client.get(ME).json["role"] == role.value
    assert client.get("/api/admin/audit/user/1").status == (200 if role is Role.ADMIN else 403)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        (NAME, "wrong"),
        (EMAIL, ADMIN_PASSWORD),
        ("ada", PASSWORD),
        ("x" * 255, PASSWORD),
        ("\ufdfa" * 255, PASSWORD),
    ],
)
def test_what_is_wrong_looks_the_same(visitor: Client, name: str, password: str) -> None:
    stored_account()
    answer = sign_in(visitor, name, password)
    assert (answer.status, answer.json) == (401, {"error": "Invalid credentials"})
    assert answer.set_cookies == []


@pytest.mark.parametrize("name", [NAME, EMAIL, "nobody", "nobody@example.com", ADMIN])
def test_whoever_is_asked_for_one_hash_is_checked(visitor: Client, name: str) -> None:
    stored_account()
    checked: list[str] = []
    original = PasswordHasher.verify

    def counted(hasher: PasswordHasher, stored: str, password: str) -> bool:
        checked.append(stored)
        return original(hasher, stored, password)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PasswordHasher, "verify", counted)
        sign_in(visitor, name, "wrong")
    assert len(checked) == 1


def test_a_disabled_account_is_refused_like_a_wrong_password_until_it_is_enabled(visitor: Client) -> None:
    account = stored_account()
    token = signed_in(visitor)
    take(disable, account)
    answer = sign_in(visitor)
    assert (answer.status, answer.json) == (401, {"error": "Invalid credentials"})
    assert not counts(token)
    cookie = {"Cookie": f"auth_token={token.token}"}
    assert visitor.get(ME, headers=cookie).status == 401
    take(enable, account)
    assert counts(signed_in(visitor))
    assert not counts(token)


def test_an_account_without_a_password_is_not_signed_in_by_any(visitor: Client) -> None:
    stored_account(password=None)
    for password in ("", "None", PASSWORD):
        assert sign_in(visitor, password=password).status in {400, 401}


def test_a_broken_hash_of_an_account_lets_nobody_in_and_everybody_else(visitor: Client) -> None:
    account = stored_account()
    with UnitOfWork() as work:
        work.put({**ACCOUNTS.item(account), "password_hash": "$argon2id$broken"})
    assert sign_in(visitor).status == 401
    assert sign_in(visitor, ADMIN, ADMIN_PASSWORD).status == 200


def test_the_administrator_of_the_settings_wins_over_an_account_of_that_name(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", "somebody-else")
    stored_account(username=ADMIN)
    monkeypatch.setenv("ADMIN_USERNAME", ADMIN)
    assert sign_in(visitor, ADMIN, PASSWORD).status == 401
    answer = sign_in(visitor, ADMIN, ADMIN_PASSWORD)
    assert verify_token(answer.json["token"], utc_now()).id == "1"
    assert counts(signed_in(visitor, EMAIL))


def test_a_settings_administrator_who_is_called_by_an_address_still_signs_in(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", EMAIL)
    stored_account()
    assert verify_token(sign_in(visitor, EMAIL, ADMIN_PASSWORD).json["token"], utc_now()).id == "1"


def test_name_and_address_share_the_attempts_of_their_account(visitor: Client) -> None:
    stored_account()
    for number in range(ACCOUNT_LIMIT.attempts):
        caller = Client(visitor.app, address=f"203.0.113.{number}")
        assert sign_in(caller, (NAME, EMAIL)[number % 2], "wrong").status == 401
    for name in (NAME, EMAIL):
        assert sign_in(Client(visitor.app, address="192.0.2.1"), name).status == 429


def test_strangers_keep_no_helper_from_signing_in_where_she_did_before(visitor: Client) -> None:
    stored_account()
    home = Client(visitor.app, address="198.51.100.7")
    assert sign_in(home).status == 200
    for number in range(ACCOUNT_LIMIT.attempts):
        sign_in(Client(visitor.app, address=f"203.0.113.{number}"), EMAIL, "wrong")
    assert sign_in(Client(visitor.app, address="192.0.2.1")).status == 429
    assert sign_in(home, EMAIL).status == 200


def test_names_that_are_nobodys_use_up_attempts_too(visitor: Client) -> None:
    for number in range(ADDRESS_LIMIT.attempts):
        assert sign_in(visitor, f"nobody-{number}@example.com").status == 401
    assert sign_in(visitor, "nobody@example.com").status == 429


def test_an_account_signs_in_by_four_trips_where_it_is_known(visitor: Client) -> None:
    """One more than the settings' administrator: the query by name or address."""
    stored_account()
    for calls in (5, 4):
        with meter() as usage:
            assert sign_in(visitor).status == 200
        assert usage.calls == calls


def test_a_sign_in_is_in_the_log_of_its_account_without_its_password(visitor: Client) -> None:
    account = stored_account()
    sign_in(visitor, EMAIL)
    (entry,) = entries_of_entity("User", account.id, 9).entries
    assert (entry.action, entry.user_id, entry.metadata) == ("LOGIN", account.id, {"ip_address": "127.0.0.1"})
    assert PASSWORD not in repr(entry)


def to_member(work: UnitOfWork, account: Account, now: datetime) -> Account:
    return set_role(work, account, Role.MEMBER, now)


def to_another_password(work: UnitOfWork, account: Account, now: datetime) -> Account:
    return set_password(work, account, "another teapot", now)


@pytest.mark.parametrize("step", [disable, to_member, to_another_password, end_tokens])
@pytest.mark.parametrize("race", [just_before, just_after], ids=["before the check", "after the check"])
def test_a_token_issued_beside_a_loss_is_refused_at_its_first_use(
    visitor: Client, step: Step, race: Callable[..., object]
) -> None:
    """The account was read before, so the token carries the number that its tokens had then."""
    account = stored_account()
    with race(VERIFY, lambda: take(step, account)):  # type: ignore[attr-defined]
        answer = sign_in(visitor)
    assert answer.status == 200
    assert not counts(Client(visitor.app, token=answer.json["token"]))


def test_an_old_hash_of_an_index_that_is_late_yields_nothing(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an index says of an account is its id alone; the hash is read of the account, consistently."""
    old = stored_account()
    take(to_another_password, old)
    monkeypatch.setattr("shop.entrants.account_by_name", lambda _: old)
    assert sign_in(visitor).status == 401
    assert counts(signed_in(visitor, password="another teapot"))


def test_an_account_that_an_index_still_names_and_that_is_gone_yields_nothing(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = stored_account()
    with UnitOfWork() as work:
        remove_account(work, old)
    monkeypatch.setattr("shop.entrants.account_by_name", lambda _: old)
    assert sign_in(visitor).status == 401


def test_an_account_that_goes_while_it_signs_in_has_a_token_of_no_use(visitor: Client) -> None:
    account = stored_account()

    def go() -> None:
        with UnitOfWork() as work:
            remove_account(work, account)

    with just_before(VERIFY, go):
        answer = sign_in(visitor)
    assert not counts(Client(visitor.app, token=answer.json["token"]))


class TestTheHashOfTheSettings:
    """A changed ADMIN_PASSWORD_HASH ends the tokens of the old one, when somebody signs in by the new one."""

    @pytest.fixture
    def other_hash(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
        def change() -> None:
            cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
            monkeypatch.setenv("ADMIN_PASSWORD_HASH", cheap.hash("another battery staple"))

        return change

    def test_tokens_of_one_hash_live_beside_each_other(self, visitor: Client) -> None:
        first, second = (signed_in(visitor, ADMIN, ADMIN_PASSWORD) for _ in range(2))
        assert counts(first)
        assert counts(second)

    def test_tokens_of_the_old_hash_end(self, visitor: Client, other_hash: Callable[[], None]) -> None:
        old = signed_in(visitor, ADMIN, ADMIN_PASSWORD)
        other_hash()
        assert sign_in(visitor, ADMIN, ADMIN_PASSWORD).status == 401
        assert counts(old)
        new = signed_in(visitor, ADMIN, "another battery staple")
        assert not counts(old)
        assert counts(new)
        assert counts(signed_in(visitor, ADMIN, "another battery staple"))
        assert counts(new)

    def test_two_who_meet_a_new_hash_at_once_both_stay_signed_in(
        self, visitor: Client, other_hash: Callable[[], None]
    ) -> None:
        signed_in(visitor, ADMIN, ADMIN_PASSWORD)
        other_hash()
        tokens: list[Client] = []

        def rival() -> None:
            tokens.append(signed_in(visitor, ADMIN, "another battery staple"))

        with just_before("shop.sign_in.succeed", rival):
            tokens.append(signed_in(visitor, ADMIN, "another battery staple"))
        assert [counts(token) for token in tokens] == [True, True]

    def test_signing_out_everywhere_beside_a_sign_in_ends_it_or_not_but_breaks_nothing(
        self, visitor: Client
    ) -> None:
        first = signed_in(visitor, ADMIN, ADMIN_PASSWORD)
        with just_before(VERIFY, lambda: first.post("/api/auth/logout-everywhere")):
            second = signed_in(visitor, ADMIN, ADMIN_PASSWORD)
        assert not counts(first)
        assert not counts(second)
        assert counts(signed_in(visitor, ADMIN, ADMIN_PASSWORD))


def test_a_token_in_the_cookie_ends_with_it(visitor: Client) -> None:
    stored_account()
    token = sign_in(visitor).json["token"]
    cookie = {"Cookie": f"auth_token={token}"}
    assert visitor.get(ME, headers=cookie).status == 200
    answer = visitor.post("/api/auth/logout", headers=cookie)
    assert answer.set_cookies == ["auth_token=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0"]
    assert visitor.get(ME, headers=cookie).status == 401
    assert visitor.get(ME, token=token).status == 401


def test_of_a_token_in_the_header_and_one_in_the_cookie_the_header_is_signed_out(visitor: Client) -> None:
    stored_account()
    header, cookie = (sign_in(visitor).json["token"] for _ in range(2))
    visitor.post("/api/auth/logout", token=header, headers={"Cookie": f"auth_token={cookie}"})
    assert [visitor.get(ME, token=token).status for token in (header, cookie)] == [401, 200]


def test_a_token_of_an_account_ends_by_itself(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stored_account()
    client, then = signed_in(visitor), utc_now() + timedelta(hours=27)
    monkeypatch.setattr("common.clock.utc_now", lambda: then)
    assert not counts(client)


def test_stored_accounts_are_left_as_they_were_by_a_sign_in(visitor: Client) -> None:
    account = stored_account()
    signed_in(visitor)
    assert again(account) == account
