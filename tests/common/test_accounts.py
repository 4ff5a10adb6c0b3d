"""What accounts may be called, what ends their tokens, and what races leave of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.accounts import (
    clear_second_factor,
    disable,
    enable,
    end_tokens,
    new_account,
    role_named,
    set_password,
    set_role,
    usable_address,
    usable_username,
)
from common.clock import epoch
from common.dynamodb import UnitOfWork, get_client, get_item, table_name
from common.errors import Conflict, InvalidInput
from common.http.auth import Role
from common.optimistic import StaleVersion
from common.password_resets import is_good, issue_reset_token, redeem, reset_key, withdraw
from common.passwords import matches
from common.repositories.accounts import ACCOUNTS, Account, account_by_email, account_by_name
from common.scripts import mixes_scripts
from common.standing import standing_of
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("table", "quick_passwords")

NOW = datetime(2026, 1, 31, 10, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SENT = "common.dynamodb.transaction._send"
CYRILLIC_A = "\u0430"

Step = Callable[[UnitOfWork, Account, datetime], Account]


def ada(**given: object) -> Account:
    """An account, stored."""
    fields = {"email": "Ada@example.com", "name": "Ada", "role": Role.EDITOR, "username": "countess"} | given
    with UnitOfWork() as work:
        return new_account(work, now=NOW, **fields)  # type: ignore[arg-type]


def stored(account: Account) -> Account:
    """An account as it is in the table."""
    read = ACCOUNTS.get(account.id)
    assert read is not None
    return read


def take(step: Step, account: Account) -> Account:
    """One step in a transaction of its own."""
    with UnitOfWork() as work:
        return step(work, account, LATER)


def number_of_rows() -> int:
    return int(get_client().scan(TableName=table_name())["Count"])


def test_an_account_is_found_by_address_and_name_whatever_their_capitals() -> None:
    account = ada(password="lacy teapot")
    assert account_by_email("ADA@EXAMPLE.COM") == account_by_name(" Countess ") == account == stored(account)
    assert matches(account.password_hash or "", "lacy teapot")
    standing = standing_of(account.id)
    assert standing is not None
    assert standing.accepts("editor", 0, "")


@pytest.mark.parametrize(
    "second",
    [{"email": "ADA@example.com", "username": None}, {"email": "b@example.com", "username": "COUNTESS"}],
    ids=["address", "name"],
)
def test_address_and_name_are_of_one_account(second: dict[str, object]) -> None:
    ada()
    before = number_of_rows()
    with pytest.raises(Conflict, match="already exists"):
        ada(**second)
    assert number_of_rows() == before


def test_of_two_at_once_who_want_one_address_one_gets_it() -> None:
    with pytest.raises(Conflict), just_before(SENT, lambda: ada(username=None)):
        ada()
    assert account_by_name("countess") is None


@pytest.mark.parametrize("name", ["artist", "ARTIST", " Artist "])
def test_the_name_of_the_settings_administrator_is_nobody_elses(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", "artist")
    with pytest.raises(Conflict, match="already exists"):
        ada(username=name)
    assert number_of_rows() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ada"),
        ("email", f"{CYRILLIC_A}da@example.com"),
        ("email", f"ada@ex{CYRILLIC_A}mple.com"),
        ("username", "a"),
        ("username", "a" * 65),
        ("username", "ada@example.com"),
        ("username", "ada lovelace"),
        ("username", f"{CYRILLIC_A}da"),
        ("username", "\uff41da"),
        ("username", "ada\u200b"),
        ("password", "short"),
        ("password", "countess"),
    ],
)
def test_what_may_not_be_is_refused_by_its_field_and_nothing_is_stored(field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ada(**{field: value})
    assert list(refused.value.fields) == [field]
    assert number_of_rows() == 0


@pytest.mark.parametrize("name", ["ада", "Ελένη", "山田たろう", "müller", "j.o-h_n", "josé"])
def test_names_of_one_alphabet_may_be(name: str) -> None:
    assert usable_username(name) == name


def test_addresses_of_one_alphabet_may_be_and_are_others() -> None:
    assert usable_address("ада@example.com") != usable_address("ada@example.com")
    assert usable_address("info@münchen.de") == "info@münchen.de"


@given(text=st.text(max_size=80))
def test_whatever_is_given_as_a_name_is_usable_or_refused(text: str) -> None:
    try:
        name = usable_username(text)
    except InvalidInput:
        return
    assert usable_username(name) == name
    assert not mixes_scripts(name)
    assert "@" not in name


@pytest.mark.parametrize("word", ["", "root", "Admin", "admin ", "viewer"])
def test_roles_that_do_not_exist_are_refused(word: str) -> None:
    with pytest.raises(InvalidInput, match="role must be one of admin, editor, creator, member"):
        role_named(word)
    assert role_named("editor") is Role.EDITOR


def as_member(work: UnitOfWork, account: Account, now: datetime) -> Account:
    return set_role(work, account, Role.MEMBER, now)


def with_password(work: UnitOfWork, account: Account, now: datetime) -> Account:
    return set_password(work, account, "another teapot", now)


@pytest.mark.parametrize("step", [as_member, disable, with_password, end_tokens])
def test_whatever_an_account_loses_ends_all_its_tokens(step: Step) -> None:
    account = ada()
    take(step, account)
    standing = standing_of(account.id)
    assert standing is not None
    assert standing.token_version == 1
    assert not standing.accepts("editor", 0, "")
    assert stored(account).updated_at == "2026-01-31T11:00:00.000Z"


@pytest.mark.parametrize("step", [as_member, disable, enable, with_password, end_tokens, clear_second_factor])
def test_a_step_that_was_decided_on_an_older_reading_is_not_taken(step: Step) -> None:
    """Stops, as by the version in its condition, what has changed meanwhile from being written over."""
    account = ada() if step is not enable else take(disable, ada())
    take(end_tokens, account)
    after, standing = stored(account), standing_of(account.id)
    with pytest.raises(StaleVersion):
        take(step, account)
    assert (stored(account), standing_of(account.id)) == (after, standing)


@pytest.mark.parametrize("step", [as_member, disable, enable])
def test_a_step_that_changes_nothing_writes_nothing(step: Step) -> None:
    account = ada(role=Role.MEMBER)
    taken = take(step, account)
    assert take(step, taken) is taken
    assert stored(account) == taken


def test_enabling_brings_no_token_back() -> None:
    account = take(enable, take(disable, ada()))
    standing = standing_of(account.id)
    assert standing is not None
    assert not standing.accepts("editor", 0, "")
    assert standing.accepts("editor", account.token_version, "")


def issue(account: Account, now: datetime = NOW) -> str:
    with UnitOfWork() as work:
        return issue_reset_token(work, account, now)


def use(token: str, now: datetime = NOW) -> None:
    with UnitOfWork() as work:
        redeem(work, token, now)


class TestTokensToChooseAPassword:
    """Good for an hour, once, and only the last one."""

    def test_a_token_is_kept_as_its_hash(self) -> None:
        account = ada()
        token = issue(account)
        row = get_item(reset_key(account.id), now=epoch(NOW))
        assert is_good(token, row)
        assert token.partition(".")[2] not in repr(row)

    def test_a_token_is_used_once(self) -> None:
        token = issue(ada())
        use(token)
        with pytest.raises(InvalidInput, match="token is not good any more"):
            use(token)

    def test_a_token_ends_in_an_hour(self) -> None:
        token = issue(ada())
        with pytest.raises(InvalidInput):
            use(token, LATER)
        use(token, LATER - timedelta(seconds=1))

    def test_another_token_takes_the_place_of_the_first(self) -> None:
        account = ada()
        first, second = issue(account), issue(account)
        with pytest.raises(InvalidInput):
            use(first)
        use(second)

    def test_of_two_uses_at_once_one_counts(self) -> None:
        token = issue(ada())
        with pytest.raises(InvalidInput), just_before(SENT, lambda: use(token)):
            use(token)

    def test_a_token_that_was_withdrawn_or_made_up_is_good_for_nothing(self) -> None:
        account = ada()
        token = issue(account)
        with UnitOfWork() as work:
            withdraw(work, account)
        for text in (token, f"{account.id}.made-up", "", ".", "1.x"):
            with pytest.raises(InvalidInput):
                use(text)

    def test_a_disabled_account_has_none(self) -> None:
        account = ada()
        token = issue(account)
        take(disable, account)
        with pytest.raises(InvalidInput):
            use(token)
