"""The second factor of an account, over HTTP."""

from base64 import b32decode
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from common import clock
from common.accounts import clear_second_factor, end_tokens, set_password
from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.encryption import new_local_key
from common.repositories.accounts import Account
from common.repositories.audit import entries_of_entity
from shop.sign_in_limits import ADDRESS_LIMIT, CODE_LIMIT
from tests.shop.accounts import (
    LOGIN,
    ME,
    NAME,
    PASSWORD,
    again,
    counts,
    sign_in,
    signed_in,
    stored_account,
    take,
    whole_table,
    without_second_factor,
)
from tests.shop.conftest import PASSWORD as ADMIN_PASSWORD
from tests.shop.conftest import USERNAME as ADMIN
from tests.support.http import Answer, Client
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("account", "quick_passwords", "middle_of_a_window", "token_key_at_hand")

TOTP_PATH = "/api/auth/totp"
CONFIRM, RECOVERY = f"{TOTP_PATH}/confirm", f"{TOTP_PATH}/recovery-codes"
WRONG_CODE = "code is wrong, or was used before"
NEEDED = {"error": "A code of the second factor is needed", "totp_required": True}
REFUSED = {"error": "The code is wrong, or was used before", "totp_required": True}


class Phone:
    """An app that makes codes, and the time that passes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.secret = ""

    @property
    def now(self) -> datetime:
        return clock.utc_now()

    def code(self, steps: int = 0) -> str:
        """The code of now, or of so many half minutes before or after."""
        counter = TOTP(b32decode(self.secret), 6, SHA1(), 30)  # noqa: S303 - what apps know
        return counter.generate(epoch(self.now) + 30 * steps).decode()

    def next(self) -> str:
        """The code of half a minute later, when it is."""
        moment = self.now + timedelta(seconds=30)
        self.monkeypatch.setattr("common.clock.utc_now", lambda: moment)
        return self.code()


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    return Phone(monkeypatch)


def begin(client: Client, phone: Phone) -> Answer:
    answer = client.post(TOTP_PATH)
    phone.secret = answer.json.get("secret", "")
    return answer


def turn_on(client: Client, phone: Phone) -> list[str]:
    """Turns the second factor on; the recovery codes."""
    begin(client, phone)
    answer = client.post(CONFIRM, json={"code": phone.code()})
    assert answer.status == 200, answer
    codes: list[str] = answer.json["recovery_codes"]
    return codes


@pytest.fixture
def ada(table: str) -> Account:
    return stored_account()


@pytest.fixture
def client(visitor: Client, ada: Account) -> Client:
    return signed_in(visitor)


@pytest.fixture
def codes(client: Client, phone: Phone) -> list[str]:
    """The recovery codes of an account whose second factor is on."""
    return turn_on(client, phone)


def test_a_secret_is_answered_as_apps_read_it(client: Client, phone: Phone) -> None:
    answer = begin(client, phone)
    uri = urlsplit(answer.json["uri"])
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Art%20shop:countess")
    assert parse_qs(uri.query)["secret"] == [phone.secret]
    assert "issuer=Art%20shop" in uri.query
    assert len(b32decode(phone.secret)) == 20


def test_it_counts_once_a_code_was_given_back(visitor: Client, client: Client, phone: Phone) -> None:
    begin(client, phone)
    assert client.get(ME).json["second_factor"] is False
    assert sign_in(visitor).status == 200
    codes = client.post(CONFIRM, json={"code": phone.code()}).json["recovery_codes"]
    assert client.get(ME).json["second_factor"] is True
    assert len(set(codes)) == 10
    assert sign_in(visitor).json == NEEDED
    assert counts(client)


def test_the_table_holds_neither_secret_nor_codes(codes: list[str], phone: Phone) -> None:
    held = whole_table()
    for secret in (phone.secret, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in held


def test_a_sign_in_needs_a_code_besides_the_right_password(
    visitor: Client, codes: list[str], phone: Phone
) -> None:
    code = phone.next()
    assert sign_in(visitor, password="wrong", totp=code).json == {"error": "Invalid credentials"}
    assert sign_in(visitor, password="wrong").json == {"error": "Invalid credentials"}
    refused = sign_in(visitor)
    assert (refused.status, refused.json, refused.set_cookies) == (401, NEEDED, [])
    assert sign_in(visitor, totp="").json == NEEDED
    assert counts(signed_in(visitor, totp=f" {code[:3]} {code[3:]}"))


def test_nobodys_code_is_worth_anything_elsewhere(visitor: Client, codes: list[str], phone: Phone) -> None:
    stored_account(email="b@example.com", username="babbage")
    assert sign_in(visitor, "babbage", totp="000000").status == 200
    assert sign_in(visitor, "babbage", recovery_code=codes[0]).status == 200
    assert sign_in(visitor, ADMIN, ADMIN_PASSWORD).status == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 401), (0, 200), (1, 200), (2, 401)])
def test_a_clock_may_be_half_a_minute_off(
    visitor: Client, codes: list[str], phone: Phone, steps: int, status: int
) -> None:
    """The step before is the one that turned it on, which was used."""
    phone.next()
    assert sign_in(visitor, totp=phone.code(steps)).status == status


def test_the_step_before_is_taken_if_it_was_not_used(visitor: Client, codes: list[str], phone: Phone) -> None:
    for _ in range(3):
        phone.next()
    assert sign_in(visitor, totp=phone.code(-1)).status == 200


def test_a_code_is_used_once_and_none_before_it(visitor: Client, codes: list[str], phone: Phone) -> None:
    for _ in range(3):
        phone.next()
    assert sign_in(visitor, totp=phone.code()).status == 200
    for steps in (0, -1):
        assert sign_in(visitor, totp=phone.code(steps)).json == REFUSED
    assert sign_in(visitor, totp=phone.next()).status == 200


def test_a_recovery_code_is_used_once(visitor: Client, ada: Account, codes: list[str]) -> None:
    assert sign_in(visitor, recovery_code=codes[3].replace("-", " ").upper()).status == 200
    assert sign_in(visitor, recovery_code=codes[3]).json == REFUSED
    assert sign_in(visitor, recovery_code=codes[4]).status == 200
    assert len(again(ada).recovery_hashes) == 8


@pytest.mark.parametrize("kind", ["totp", "recovery_code"])
def test_of_two_who_use_one_code_at_once_one_is_let_in(
    visitor: Client, codes: list[str], phone: Phone, kind: str
) -> None:
    code = phone.next() if kind == "totp" else codes[0]
    statuses: list[int] = []
    with just_before(
        "shop.sign_in.succeed", lambda: statuses.append(sign_in(visitor, **{kind: code}).status)
    ):
        answer = sign_in(visitor, **{kind: code})
    assert (answer.status, statuses) == (401, [200])


def test_two_codes_at_once_let_both_in(visitor: Client, ada: Account, codes: list[str]) -> None:
    """The one that came second reads the account again, and uses its code on what is there now."""
    tokens: list[Client] = []
    with just_before(
        "shop.sign_in.succeed", lambda: tokens.append(signed_in(visitor, recovery_code=codes[0]))
    ):
        tokens.append(signed_in(visitor, recovery_code=codes[1]))
    assert [counts(it) for it in tokens] == [True, True]
    assert len(again(ada).recovery_hashes) == 8


def test_a_sign_in_that_meets_a_new_password_is_decided_again(
    visitor: Client, ada: Account, codes: list[str]
) -> None:
    def rival() -> None:
        with UnitOfWork() as work:
            set_password(work, again(ada), "another teapot", clock.utc_now())

    with just_before("shop.sign_in.succeed", rival):
        assert sign_in(visitor, recovery_code=codes[0]).json == {"error": "Invalid credentials"}
    assert len(again(ada).recovery_hashes) == 10


def test_a_sign_in_that_meets_the_end_of_all_tokens_has_one_that_counts(
    visitor: Client, ada: Account, codes: list[str]
) -> None:
    with just_before("shop.sign_in.succeed", lambda: take(end_tokens, ada)):
        assert counts(signed_in(visitor, recovery_code=codes[0]))


def test_a_missing_code_uses_up_no_attempt_and_clears_none(
    visitor: Client, codes: list[str], phone: Phone
) -> None:
    stranger = Client(visitor.app, address="203.0.113.1")
    for _ in range(ADDRESS_LIMIT.attempts - 1):
        assert sign_in(stranger, totp="000000").json == REFUSED
    for _ in range(3):
        assert sign_in(stranger).json == NEEDED
    assert sign_in(stranger, totp="000000").json == REFUSED
    assert sign_in(stranger, totp=phone.next()).status == 429


def test_codes_are_not_guessed_from_many_networks(visitor: Client, codes: list[str], phone: Phone) -> None:
    statuses = [
        sign_in(Client(visitor.app, address=f"203.0.113.{number}"), totp="000000").status
        for number in range(CODE_LIMIT.attempts + 1)
    ]
    assert statuses == [401] * CODE_LIMIT.attempts + [429]


def test_a_success_clears_the_wrong_codes_before_it(visitor: Client, codes: list[str], phone: Phone) -> None:
    for _ in range(3):
        for _ in range(CODE_LIMIT.attempts - 1):
            assert sign_in(visitor, totp="000000").status == 401
        assert sign_in(visitor, totp=phone.next()).status == 200


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "0" * 17])
def test_a_wrong_code_turns_nothing_on(client: Client, ada: Account, phone: Phone, code: str) -> None:
    begin(client, phone)
    before = again(ada)
    answer = client.post(CONFIRM, json={"code": code})
    assert answer.status == 400
    assert answer.error.startswith("code ")
    assert again(ada) == before


def test_nothing_is_confirmed_that_was_not_begun_or_is_on(client: Client, phone: Phone) -> None:
    assert client.post(CONFIRM, json={"code": "000000"}).status == 409
    turn_on(client, phone)
    assert client.post(CONFIRM, json={"code": phone.next()}).status == 409
    assert client.post(TOTP_PATH).status == 409


def test_beginning_again_ends_the_secret_before(client: Client, phone: Phone) -> None:
    begin(client, phone)
    first = phone.code()
    begin(client, phone)
    assert client.post(CONFIRM, json={"code": first}).error == WRONG_CODE
    assert client.post(CONFIRM, json={"code": phone.code()}).status == 200


def test_of_two_confirmations_at_once_one_is_made(client: Client, ada: Account, phone: Phone) -> None:
    begin(client, phone)
    answers: list[Answer] = []
    with just_before(
        "shop.second_factor.change_account",
        lambda: answers.append(client.post(CONFIRM, json={"code": phone.code()})),
    ):
        assert client.post(CONFIRM, json={"code": phone.code()}).status == 409
    assert answers[0].status == 200
    assert len(again(ada).recovery_hashes) == 10


def test_confirming_a_secret_that_was_begun_anew_meanwhile_is_decided_again(
    client: Client, ada: Account, phone: Phone
) -> None:
    begin(client, phone)
    code = phone.code()
    with just_before("shop.second_factor.change_account", lambda: client.post(TOTP_PATH)):
        assert client.post(CONFIRM, json={"code": code}).error == WRONG_CODE
    assert again(ada).totp_confirmed_at is None


def test_it_is_turned_off_by_password_and_code(
    visitor: Client, client: Client, ada: Account, codes: list[str], phone: Phone
) -> None:
    code = phone.next()
    for password, given, field in (
        ("wrong", code, "password"),
        (PASSWORD, "000000", "code"),
        (PASSWORD, "", "code"),
    ):
        answer = client.delete(TOTP_PATH, json={"password": password, "code": given})
        assert (answer.status, answer.error.split()[0]) == (400, field)
    assert again(ada).totp_confirmed_at is not None
    answer = client.delete(TOTP_PATH, json={"password": PASSWORD, "code": code})
    assert answer.json == {"message": "Second factor turned off"}
    assert without_second_factor(again(ada)) == without_second_factor(ada)
    assert again(ada).totp_secret is None
    assert sign_in(visitor).status == 200
    assert client.delete(TOTP_PATH, json={"password": PASSWORD, "code": code}).status == 409


def test_who_has_lost_the_phone_turns_it_off_by_a_recovery_code(client: Client, codes: list[str]) -> None:
    assert client.delete(TOTP_PATH, json={"password": PASSWORD, "code": codes[0]}).status == 200


def test_new_recovery_codes_end_the_old_ones(
    visitor: Client, client: Client, codes: list[str], phone: Phone
) -> None:
    for wrong in (codes[0][:14], "000000"):
        assert client.post(RECOVERY, json={"code": wrong}).error == WRONG_CODE
    new = client.post(RECOVERY, json={"code": phone.next()}).json["recovery_codes"]
    assert len(set(new) | set(codes)) == 20
    assert sign_in(visitor, recovery_code=codes[0]).status == 401
    assert sign_in(visitor, recovery_code=new[0]).status == 200


def test_there_are_no_recovery_codes_without_a_second_factor(client: Client) -> None:
    assert client.post(RECOVERY, json={"code": "000000"}).status == 409


def test_a_stolen_token_guesses_few_codes(client: Client, codes: list[str], phone: Phone) -> None:
    statuses = [client.post(RECOVERY, json={"code": "000000"}).status for _ in range(11)]
    assert statuses == [400] * 10 + [429]


def test_a_factor_that_was_lost_may_be_taken_away(visitor: Client, ada: Account, codes: list[str]) -> None:
    take(clear_second_factor, ada)
    assert sign_in(visitor).status == 200


def test_without_a_key_there_is_no_second_factor(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKEN_ENCRYPTION_KEY")
    answer = client.post(TOTP_PATH)
    assert (answer.status, answer.error) == (503, "The second factor is not set up in this shop")


def test_with_another_key_codes_of_the_app_wait_and_recovery_codes_work(
    visitor: Client, codes: list[str], phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
    assert sign_in(visitor, totp=phone.next()).status == 503
    assert sign_in(visitor, recovery_code=codes[0]).status == 200


def test_the_settings_administrator_has_none(visitor: Client) -> None:
    client = signed_in(visitor, ADMIN, ADMIN_PASSWORD)
    for answer in (
        client.post(TOTP_PATH),
        client.post(CONFIRM, json={"code": "000000"}),
        client.post(RECOVERY, json={"code": "000000"}),
        client.delete(TOTP_PATH, json={"password": ADMIN_PASSWORD, "code": "000000"}),
    ):
        assert answer.status == 409
        assert "ADMIN_PASSWORD_HASH" in answer.error


def test_what_was_done_is_in_the_log_and_no_code_is(
    visitor: Client, client: Client, ada: Account, codes: list[str], phone: Phone
) -> None:
    code = phone.next()
    client.post(RECOVERY, json={"code": code})
    client.delete(TOTP_PATH, json={"password": PASSWORD, "code": phone.next()})
    entries = entries_of_entity("User", ada.id, 9).entries
    assert {"SECOND_FACTOR_ON", "RECOVERY_CODES", "SECOND_FACTOR_OFF"} <= {it.action for it in entries}
    assert code not in repr(entries)


def test_codes_of_the_wrong_kind_are_refused_by_their_field(visitor: Client, codes: list[str]) -> None:
    for field, value in (("totp", 123456), ("totp", "0" * 17), ("recovery_code", "x" * 65), ("totp", ["0"])):
        answer = visitor.post(LOGIN, json={"username": NAME, "password": PASSWORD, field: value})
        assert answer.status == 400
        assert answer.error.startswith(f"{field} ")
