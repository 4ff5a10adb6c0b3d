"""`artshop users`: accounts by command, what it says, what it asks, and its exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from common import passwords
from common.dynamodb import get_item
from common.password_resets import is_good, reset_key
from common.repositories.accounts import ACCOUNTS, Account, account_by_email, all_accounts
from common.repositories.audit import entries_of_entity
from tests.support.accounts import added
from tools.cli import cli

COMMANDS = [
    "list", "show", "create", "set-role", "disable", "enable",
    "reset-password", "delete", "count", "exists", "created-after",
]  # fmt: skip

pytestmark = pytest.mark.usefixtures("table", "quick_passwords")


@pytest.fixture(autouse=True)
def _no_shop_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))


def users(*words: str, typed: str = "", status: int = 0) -> Result:
    """What `artshop users` says to these words, when it ends with this status."""
    answer = CliRunner().invoke(cli, ["users", *words], input=typed)
    assert answer.exit_code == status, answer.output
    return answer


def said(*words: str, typed: str = "", status: int = 0) -> Any:
    """The JSON that it prints."""
    return json.loads(users(*words, "--json", typed=typed, status=status).stdout)


def stored(email: str = "anna@example.com") -> Account:
    """The account with this address, as it is."""
    found = account_by_email(email)
    assert found is not None
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    assert f"artshop users {command}" in users(command, "--help").output
    assert command in users("--help").output


def test_a_helper_gets_an_account_and_its_password_once() -> None:
    answer = users("create", "anna@example.com", "--username", "anna", "--given-name", "Anna")
    account = stored()
    assert (account.role, account.username, account.given_name) == ("editor", "anna", "Anna")
    password = answer.output.split("shown this once: ")[1].strip()
    assert passwords.matches(str(account.password_hash), password)
    assert password not in users("show", "anna").output + users("list").output
    (entry,) = entries_of_entity("User", account.id, 10, None).entries
    assert (entry.user_id, entry.action) == ("artshop", "CREATE")


def test_a_password_is_asked_for_and_not_printed() -> None:
    typed = "a long enough passphrase"
    answer = users(
        "create", "anna@example.com", "--role", "Admin", "--ask-password", typed=f"{typed}\n{typed}\n"
    )
    assert passwords.matches(str(stored().password_hash), typed)
    assert typed not in answer.output
    assert stored().name == "anna@example.com"
    again = "another long passphrase"
    users("reset-password", "anna@example.com", "--ask-password", typed=f"{again}\n{again}\n")
    assert passwords.matches(str(stored().password_hash), again)
    assert stored().token_version == 1


@pytest.mark.usefixtures("token_key_at_hand")
def test_what_is_mailed_is_not_printed() -> None:
    answer = said("create", "anna@example.com", "--mail")
    assert answer.keys() == {"user"}
    assert stored().password_hash is None
    assert said("reset-password", "anna@example.com", "--mail") == {
        "resetToken": None,
        "expiresAt": None,
        "mailed": True,
    }


def test_a_token_is_printed_once_and_is_good() -> None:
    made = added("anna@example.com", username="anna")
    token = users("reset-password", "anna").output.strip().rpartition(": ")[2]
    assert is_good(token, get_item(reset_key(made.id), consistent=True))


def test_an_account_is_allowed_shut_out_and_let_in() -> None:
    added("anna@example.com", username="anna")
    assert users("set-role", "anna", "Admins").output == "anna may sign in as admin\n"
    assert users("disable", "ANNA").output == "anna is shut out as admin\n"
    assert said("enable", "anna@example.com")["enabled"] is True
    account = stored()
    assert (account.role, account.status, account.token_version) == ("admin", "active", 2)


def test_accounts_are_listed_counted_and_found() -> None:
    first = added("anna@example.com", "2026-03-01T00:00:00.000Z", username="anna")
    second = added("bea@example.com", "2026-03-02T00:00:00.000Z")
    listed = said("list")
    assert [user["id"] for user in listed["users"]] == [first.id, second.id]
    assert listed["count"] == said("count")["count"] == int(users("count").output) == 2
    assert [user["id"] for user in said("created-after", first.created_at)["users"]] == [second.id]
    lines = users("list").output.splitlines()
    assert [line.split()[0] for line in lines] == ["username", "anna", "bea@example.com"]
    assert said("show", second.id)["email"] == "bea@example.com"
    assert users("exists", "anna").output == "yes\n"
    assert said("exists", "nobody", status=1) == {"exists": False}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "nobody"), "User not found"),
        (("create", "anna@example.com", "--role", "emperor"), "role must be one of"),
        (("create", "nobody"), "email is not a valid e-mail address"),
        (("create", "bea@example.com"), "User with email bea@example.com already exists"),
        (("set-role", "bea@example.com", "emperor"), "role must be one of"),
        (("created-after", "yesterday"), "createdAfter must be a date or a time"),
        (("disable", "1"), "The administrator of the settings is changed in the settings"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    made = added("bea@example.com")
    answer = users(*words, status=1)
    assert sentence in answer.output
    assert "Traceback" not in answer.output
    assert all_accounts() == [made]


def test_deleting_asks_first() -> None:
    made = added("anna@example.com", username="anna")
    users("delete", "anna", typed="n\n", status=1)
    assert ACCOUNTS.get(made.id) == made
    assert "1 gone, 0 not" in users("delete", "anna", typed="y\n").output
    assert all_accounts() == []


def test_many_are_deleted_by_whatever_they_are_known_as_and_again_without_harm() -> None:
    made = [added(f"{n}@example.com", username=f"name{n}") for n in range(4)]
    names = [made[0].id, "NAME1", "2@example.com", f"USER#{made[3].id}", made[0].id, "nobody"]
    for _ in range(2):
        assert said("delete", *names, "--yes") == {"success": names, "failed": []}
    assert all_accounts() == []


def test_who_has_to_stay_stays_and_the_others_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", "artadmin")
    added("anna@example.com", username="anna")
    answer = said("delete", "artadmin", "anna", "1", "--yes", status=1)
    reason = "The administrator of the settings cannot be deleted"
    assert answer["success"] == ["anna"]
    assert answer["failed"] == [{"id": "artadmin", "error": reason}, {"id": "1", "error": reason}]
