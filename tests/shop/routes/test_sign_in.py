"""Signing in and out over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import utc_now
from common.dynamodb import get_client, meter, table_name
from common.repositories.audit import AuditEntry, entries_of_entity
from shop.sign_in_limits import ACCOUNT_LIMIT, ADDRESS_LIMIT, KNOWN_LIMIT
from tests.shop.conftest import PASSWORD, USERNAME
from tests.support.http import Answer, Client
from tests.support.races import just_before
from tests.support.tokens import every_guarded_route, forged_token

LOGIN = "/api/auth/login"
LOGOUT = "/api/auth/logout"
GUARDED = "/api/admin/audit/user/1"

pytestmark = pytest.mark.usefixtures("account", "middle_of_a_window")


def sign_in(client: Client, username: str = USERNAME, password: str = PASSWORD) -> Answer:
    return client.post(LOGIN, json={"username": username, "password": password})


def at(client: Client, address: str) -> Client:
    """The same app, asked from an address."""
    return Client(client.app, address=address)


def attack(client: Client, address: str, times: int = ADDRESS_LIMIT.attempts) -> None:
    """Wrong passwords for the artist's account, from one address."""
    for _ in range(times):
        sign_in(at(client, address), password="wrong")


def entries_about(user: str) -> list[AuditEntry]:
    return entries_of_entity("User", user, 50).entries


def test_every_admin_route_refuses_bad_tokens(visitor: Client) -> None:
    assert every_guarded_route(visitor.app) >= 17


def test_the_answer_holds_a_message_the_user_and_a_token(visitor: Client) -> None:
    answer = sign_in(visitor)
    assert answer.status == 200
    assert answer.json == {"message": "Login successful", "user": USERNAME, "token": answer.json["token"]}
    assert answer.headers["Cache-Control"] == "no-store"


def test_token_and_cookie_are_both_accepted_afterwards(visitor: Client) -> None:
    answer = sign_in(visitor)
    assert visitor.get(GUARDED, token=answer.json["token"]).status == 200
    assert (
        visitor.get(GUARDED, headers={"Cookie": f"auth_token={answer.cookies['auth_token']}"}).status == 200
    )


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(visitor: Client) -> None:
    (line,) = sign_in(visitor).set_cookies
    assert line.split("; ")[1:] == ["Path=/", "HttpOnly", "Secure", "SameSite=Strict", "Max-Age=86400"]


def test_a_development_server_sets_the_cookie_over_plain_http(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "development")
    (line,) = sign_in(visitor).set_cookies
    assert "Secure" not in line


@pytest.mark.parametrize(
    ("username", "password"),
    [(USERNAME, "wrong"), ("somebody", PASSWORD), (USERNAME.upper(), PASSWORD), (USERNAME, f"{PASSWORD} ")],
)
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    visitor: Client, username: str, password: str
) -> None:
    answer = sign_in(visitor, username, password)
    assert (answer.status, answer.json) == (401, {"error": "Invalid credentials"})
    assert answer.set_cookies == []


def test_an_unknown_name_takes_a_password_check_too(visitor: Client) -> None:
    checked: list[str] = []
    with just_before("argon2.PasswordHasher.verify", lambda: checked.append("once")):
        sign_in(visitor, "somebody", PASSWORD)
    assert checked == ["once"]


@pytest.mark.parametrize("missing", ["ADMIN_USERNAME", "ADMIN_PASSWORD_HASH"])
def test_without_an_account_nobody_signs_in(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv(missing, "")
    for username, password in ((USERNAME, PASSWORD), ("", ""), ("admin", "admin"), (" ", " ")):
        assert sign_in(visitor, username, password).status in {400, 503}
    assert sign_in(visitor).error == "Sign-in is not configured"


@pytest.mark.parametrize("stored", ["plain", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$broken"])
def test_a_hash_that_is_not_argon2id_lets_nobody_in(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, stored: str
) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", stored)
    assert sign_in(visitor, password=stored).status == 503


def test_unusable_bodies_are_refused(visitor: Client) -> None:
    errors = {
        "": "Request body is required",
        "{": "Invalid JSON in request body",
        "[]": "Request body must be a JSON object",
        '{"username": "a"}': "password is required",
        '{"username": 7, "password": "x"}': "username must be text",
        '{"username": "a", "password": ["x"]}': "password must be text",
        '{"username": "a\\u0000", "password": "x"}': "username must not contain NUL characters",
        f'{{"username": "{"a" * 256}", "password": "x"}}': "username must be at most 255 characters",
        f'{{"username": "a", "password": "{"x" * 1025}"}}': "password must be at most 1024 characters",
    }
    for body, error in errors.items():
        answer = visitor.post(LOGIN, data=body)
        assert (answer.status, answer.error) == (400, error), body
    assert entries_about("unknown") == []


def test_a_form_signs_in_too(visitor: Client) -> None:
    assert visitor.post(LOGIN, data={"username": USERNAME, "password": PASSWORD}).status == 200


def test_a_network_without_attempts_left_is_refused_even_with_the_right_password(visitor: Client) -> None:
    for _ in range(ADDRESS_LIMIT.attempts):
        assert sign_in(visitor, password="wrong").status == 401
    answer = sign_in(visitor)
    assert (answer.status, answer.error) == (429, "Too many sign-in attempts, try again later")
    assert int(answer.headers["Retry-After"]) in range(ADDRESS_LIMIT.seconds - 6 * 60, ADDRESS_LIMIT.seconds)


def test_a_network_without_attempts_left_is_refused_for_every_account(visitor: Client) -> None:
    for number in range(ADDRESS_LIMIT.attempts):
        assert sign_in(visitor, f"somebody-{number}").status == 401
    assert sign_in(visitor).status == 429


def test_ten_wrong_passwords_from_one_address_lock_nobody_else_out(visitor: Client) -> None:
    attack(visitor, "203.0.113.1")
    assert sign_in(at(visitor, "198.51.100.7")).status == 200


def test_strangers_cannot_lock_the_artist_out_where_she_signed_in_before(visitor: Client) -> None:
    home = at(visitor, "198.51.100.7")
    assert sign_in(home).status == 200
    for number in range(ACCOUNT_LIMIT.attempts):
        attack(visitor, f"203.0.113.{number}", 1)
    # All strangers together have used up what an account has outside of the networks that it knows.
    assert sign_in(at(visitor, "192.0.2.200")).status == 429
    assert sign_in(home).status == 200


def test_many_networks_together_have_no_more_attempts_than_the_account(visitor: Client) -> None:
    statuses = [
        sign_in(at(visitor, f"203.0.113.{number}"), password="wrong").status
        for number in range(ACCOUNT_LIMIT.attempts + 5)
    ]
    assert statuses == [401] * ACCOUNT_LIMIT.attempts + [429] * 5


def test_somebody_in_the_artists_own_network_has_its_attempts_and_no_more(visitor: Client) -> None:
    home = at(visitor, "198.51.100.7")
    sign_in(home)
    attack(visitor, "198.51.100.7", KNOWN_LIMIT.attempts)
    assert sign_in(home).status == 429
    # Their attempts are not the account's: it can be reached from elsewhere.
    assert sign_in(at(visitor, "192.0.2.1")).status == 200


def test_knowing_the_artist_helps_with_no_other_account(visitor: Client) -> None:
    home = at(visitor, "198.51.100.7")
    sign_in(home)
    for number in range(ADDRESS_LIMIT.attempts):
        sign_in(home, f"somebody-{number}")
    assert sign_in(home, "somebody").status == 429
    assert sign_in(home).status == 200


def test_a_failure_makes_no_network_known(visitor: Client) -> None:
    attack(visitor, "198.51.100.7", 1)
    for number in range(ACCOUNT_LIMIT.attempts - 1):
        attack(visitor, f"203.0.113.{number}", 1)
    assert sign_in(at(visitor, "198.51.100.7")).status == 429


def test_an_ipv6_network_is_one_caller_however_many_addresses_it_has(visitor: Client) -> None:
    for number in range(ADDRESS_LIMIT.attempts):
        attack(visitor, f"2001:db8:0:1::{number:x}", 1)
    assert sign_in(at(visitor, "2001:db8:0:1:ffff::1")).status == 429
    assert sign_in(at(visitor, "2001:db8:0:2::1")).status == 200


def test_a_header_that_the_caller_writes_is_no_address(visitor: Client) -> None:
    for number in range(ADDRESS_LIMIT.attempts):
        visitor.headers["X-Forwarded-For"] = f"203.0.113.{number}"
        sign_in(visitor, password="wrong")
    assert sign_in(visitor).status == 429


def test_a_network_is_known_for_ninety_days(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    home, begun = at(visitor, "198.51.100.7"), utc_now().replace(minute=5)
    for days, status in ((0, 200), (89, 200), (89 + 89, 200), (89 + 89 + 91, 429)):
        moment = begun + timedelta(days=days)
        monkeypatch.setattr("common.clock.utc_now", lambda moment=moment: moment)
        for number in range(ACCOUNT_LIMIT.attempts):
            attack(visitor, f"203.0.113.{number}", 1) if days else None
        assert sign_in(home).status == status


def test_signing_in_takes_three_trips_where_the_account_is_known(visitor: Client) -> None:
    for calls in (4, 3):
        with meter() as usage:
            assert sign_in(visitor).status == 200
        assert usage.calls == calls


def test_where_the_artist_was_is_not_readable(visitor: Client) -> None:
    sign_in(at(visitor, "198.51.100.7"))
    items = get_client().scan(TableName=table_name())["Items"]
    kept = [item for item in items if item["PK"]["S"].startswith(("KNOWN_NETWORK#", "RATE_LIMIT#"))]
    assert kept
    for item in kept:
        assert "198.51.100.7" not in str(item)
        assert USERNAME not in str(item)


def test_the_spelling_of_a_name_gives_no_further_attempts(visitor: Client) -> None:
    for number in range(ACCOUNT_LIMIT.attempts):
        name = USERNAME.upper() if number % 2 else f" {USERNAME}"
        sign_in(at(visitor, f"203.0.113.{number}"), name, "wrong")
    assert sign_in(visitor).status == 429


def test_a_success_clears_the_failures_of_the_account(visitor: Client) -> None:
    for _ in range(3):
        for _ in range(KNOWN_LIMIT.attempts - 1):
            sign_in(visitor, password="wrong")
        assert sign_in(visitor).status == 200


def test_successes_use_up_no_attempts(visitor: Client) -> None:
    assert {sign_in(visitor).status for _ in range(ADDRESS_LIMIT.attempts + 1)} == {200}


def test_attempts_that_come_during_a_check_are_counted(visitor: Client) -> None:
    """The attempt is taken before the password is looked at, so the last one cannot be used twice."""
    for _ in range(ADDRESS_LIMIT.attempts - 1):
        sign_in(visitor, password="wrong")
    meanwhile: list[int] = []
    with just_before("argon2.PasswordHasher.verify", lambda: meanwhile.append(sign_in(visitor).status)):
        assert sign_in(visitor, password="wrong").status == 401
    assert meanwhile == [429]


def test_sign_ins_are_in_the_audit_log(visitor: Client) -> None:
    sign_in(visitor, "somebody")
    sign_in(visitor)
    (failed,) = entries_about("unknown")
    assert (failed.action, failed.user_id, failed.changes) == (
        "LOGIN_FAILED",
        "unknown",
        {"username": "somebody"},
    )
    (success,) = entries_about("1")
    assert (success.action, success.user_id) == ("LOGIN", "1")
    assert success.metadata == failed.metadata == {"ip_address": "127.0.0.1"}
    assert PASSWORD not in repr((failed, success))


def test_refused_attempts_fill_no_audit_log(visitor: Client) -> None:
    for _ in range(ADDRESS_LIMIT.attempts + 3):
        sign_in(visitor, password="wrong")
    assert len(entries_about("unknown")) == ADDRESS_LIMIT.attempts


def test_no_log_line_names_account_or_password(visitor: Client, capsys: pytest.CaptureFixture[str]) -> None:
    sign_in(visitor)
    sign_in(visitor, "somebody@example.com", "a-secret-word")
    written = capsys.readouterr().out
    assert '"status":401' in written
    for secret in (USERNAME, PASSWORD, "somebody@example.com", "a-secret-word"):
        assert secret not in written


def test_signing_out_removes_the_cookie(visitor: Client, admin: Client) -> None:
    for client in (visitor, admin, Client(visitor.app, token=forged_token())):
        answer = client.post(LOGOUT)
        assert (answer.status, answer.json) == (200, {"message": "Logged out successfully"})
        assert answer.set_cookies == ["auth_token=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0"]
    assert [entry.action for entry in entries_about("1")] == ["LOGOUT"]


def test_signing_out_does_not_depend_on_the_storage(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "no-such-table")
    assert admin.post(LOGOUT).status == 200


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
BODIES = VALUES | st.fixed_dictionaries({"username": VALUES, "password": VALUES})


@pytest.mark.exhaustive
@given(body=BODIES)
def test_no_body_makes_the_server_fail_or_lets_anybody_in(visitor: Client, body: Any) -> None:
    assert visitor.post(LOGIN, json=body).status in {400, 401, 429}
