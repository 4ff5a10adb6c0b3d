"""Accounts handled by administrators: made, found, allowed, given passwords, ended."""

from typing import Any

import pytest

from common import passwords
from common.dynamodb import AT_ONCE, get_item
from common.http import Role
from common.password_resets import reset_key
from common.repositories.accounts import ACCOUNTS, Account, all_accounts
from common.repositories.audit import entries_of_entity
from common.repositories.creators import CREATORS, Creator, creator_by_user
from shop.admin_users import PASSWORD_LENGTH
from tests.shop.admin_users_api import ANNA, GOOD, PATH, mails, refused, reset, stored
from tests.support.accounts import NOON, added, token_of
from tests.support.http import Client
from tests.support.races import just_after, just_before

pytestmark = pytest.mark.usefixtures("quick_passwords")


# --- adding


def test_an_account_gets_a_password_that_is_told_once_and_is_an_editors(admin: Client) -> None:
    answer = admin.post(PATH, json=ANNA)
    assert answer.status == 200
    password = answer.json["temporaryPassword"]
    assert len(password) == PASSWORD_LENGTH
    account = stored()
    assert answer.json == {
        "message": "User created successfully",
        "id": account.id,
        "username": "anna",
        "email": "anna@example.com",
        "role": "editor",
        "temporaryPassword": password,
    }
    assert account.password_hash is not None
    assert passwords.matches(account.password_hash, password)
    assert password not in repr(admin.get(PATH).json)


def test_a_password_that_was_given_is_not_told(admin: Client) -> None:
    answer = admin.post(PATH, json={**ANNA, "password": GOOD, "temporary": True})
    assert "temporaryPassword" not in answer.json
    assert passwords.matches(str(stored().password_hash), GOOD)


@pytest.mark.usefixtures("token_key_at_hand")
@pytest.mark.parametrize("password", [None, GOOD])
def test_where_a_mail_is_sent_no_password_is_answered(admin: Client, password: str | None) -> None:
    answer = admin.post(PATH, json={**ANNA, "sendEmail": True, "password": password})
    assert "temporaryPassword" not in answer.json
    assert len(mails()) == 1
    assert bool(stored().password_hash) == bool(password)
    assert (get_item(reset_key(stored().id), consistent=True) is None) == bool(password)


def test_where_no_mail_can_be_sealed_a_password_is_answered_instead(admin: Client) -> None:
    answer = admin.post(PATH, json={**ANNA, "sendEmail": True})
    assert answer.json["temporaryPassword"]
    assert mails() == []


@pytest.mark.parametrize(
    ("word", "role"),
    [
        (None, "editor"),
        ("Admin", "admin"),
        ("ADMINS", "admin"),
        ("Editors", "editor"),
        ("creator", "creator"),
        ("Creators", "creator"),
        (" Member ", "member"),
    ],
)
def test_a_role_is_named_by_its_word_or_its_group(admin: Client, word: str | None, role: str) -> None:
    assert admin.post(PATH, json={**ANNA, "role": word}).json["role"] == role
    assert stored().role == role


@pytest.mark.parametrize("missing", ["email", "username"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_has_to_be_said_is_asked_for(admin: Client, missing: str, value: str | None) -> None:
    answer = admin.post(PATH, json={**ANNA, missing: value})
    refused(answer, 400, "INVALID_REQUEST", f"{missing} is required")
    refused(admin.post(PATH), 400, "INVALID_REQUEST", "Request body is required")
    assert all_accounts() == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"role": "emperor"}, "role"),
        ({"role": ""}, None),
        ({"email": "nobody"}, "email"),
        ({"email": "аnna@example.com"}, "email"),
        ({"username": "an@na"}, "username"),
        ({"username": "аnna"}, "username"),
        ({"username": "x" * 65}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "password"}, "password"),
        ({"givenName": 7}, "givenName"),
        ({"sendEmail": "perhaps"}, "sendEmail"),
    ],
)
def test_what_may_not_be_is_named_and_nothing_is_stored(
    admin: Client, fields: dict[str, Any], field: str | None
) -> None:
    answer = admin.post(PATH, json={**ANNA, **fields})
    if field is None:
        assert answer.status == 200
        return
    assert (answer.status, answer.json["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert answer.json["error"]["details"]["errors"][0].startswith(f"{field}: ")
    assert all_accounts() == []


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"username": "other"}, "User with email ANNA@example.com already exists"),
        ({"email": "other@example.com"}, "User with username ANNA already exists"),
        (
            {"email": "other@example.com", "username": "ArtAdmin"},
            "User with username ArtAdmin already exists",
        ),
    ],
)
def test_who_is_there_already_is_said_so(admin: Client, fields: dict[str, str], message: str) -> None:
    admin.post(PATH, json=ANNA)
    body = {"email": "ANNA@example.com", "username": "ANNA"} | fields
    refused(admin.post(PATH, json=body), 409, "USER_EXISTS", message)
    assert len(all_accounts()) == 1


def test_of_two_who_want_one_name_one_gets_it(admin: Client) -> None:
    rival = {"email": "rival@example.com", "username": "Anna"}
    with just_before("common.accounts.add_account", lambda: admin.post(PATH, json=rival)):
        refused(admin.post(PATH, json=ANNA), 409, "USER_EXISTS", "User with username anna already exists")
    assert [account.email for account in all_accounts()] == ["rival@example.com"]


# --- looking


def test_accounts_are_listed_with_what_they_may_do_and_no_secret(admin: Client) -> None:
    admin.post(PATH, json={**ANNA, "givenName": "Anna", "familyName": "Bianchi", "role": "Admin"})
    member = added("maria@example.com", "2099-01-01T00:00:00.000Z", name="Maria Rossi")
    answer = admin.get(PATH).json
    account = stored()
    assert answer == {
        "users": [
            {
                "id": account.id,
                "username": "anna",
                "email": "anna@example.com",
                "givenName": "Anna",
                "familyName": "Bianchi",
                "enabled": True,
                "status": "CONFIRMED",
                "created": account.created_at,
                "modified": account.updated_at,
                "role": "admin",
                "groups": ["Admins"],
            },
            {
                "id": member.id,
                "username": "maria@example.com",
                "email": "maria@example.com",
                "givenName": "Maria Rossi",
                "familyName": "",
                "enabled": True,
                "status": "FORCE_CHANGE_PASSWORD",
                "created": member.created_at,
                "modified": member.updated_at,
                "role": "member",
                "groups": [],
            },
        ],
        "count": 2,
    }
    first = admin.get(PATH, params={"limit": 1}).json
    assert first["count"] == 1
    rest = admin.get(PATH, params={"limit": 1, "cursor": first["lastEvaluatedKey"]}).json
    assert [user["id"] for user in rest["users"]] == [member.id]


# --- allowing


@pytest.mark.parametrize("name", ["anna", "ANNA", "anna@example.com", "Anna@EXAMPLE.com", "id"])
def test_an_account_is_named_by_its_name_its_address_or_its_id(admin: Client, name: str) -> None:
    made = added("anna@example.com", username="anna")
    path = f"{PATH}/{made.id if name == 'id' else name}"
    assert admin.put(path, json={"role": "Editor"}).json["user"]["role"] == "editor"
    assert admin.delete(path).json == {"message": "User deleted successfully"}
    refused(admin.delete(path), 404, "NOT_FOUND", "User not found")


@pytest.mark.parametrize(
    "change", [{"role": "Editor"}, {"enabled": False}, {"role": "Member", "enabled": False}]
)
def test_what_an_account_loses_ends_its_tokens_and_nothing_brings_them_back(
    admin: Client, change: dict[str, Any]
) -> None:
    made = added("anna@example.com", username="anna", role="admin")
    theirs = Client(admin.app, token=token_of(made))
    assert theirs.get(PATH).status == 200
    for _ in range(2):
        assert admin.put(f"{PATH}/anna", json=change).status == 200
    assert theirs.get(PATH).status in {401, 403}
    assert stored().token_version == 1
    assert admin.put(f"{PATH}/anna", json={"role": "Admin", "enabled": True}).json["user"]["enabled"] is True
    assert theirs.get(PATH).status == 401
    assert Client(admin.app, token=token_of(stored())).get(PATH).status == 200


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Nothing to change: give role or enabled"),
        ({"role": None, "enabled": None}, "Nothing to change: give role or enabled"),
        ({"role": "emperor"}, "role must be one of admin, editor, creator, member"),
        ({"enabled": "perhaps"}, "enabled must be true or false"),
    ],
)
def test_a_change_that_is_none_is_refused(admin: Client, body: dict[str, Any], message: str) -> None:
    made = added("anna@example.com", username="anna")
    answer = admin.put(f"{PATH}/anna", json=body)
    assert (answer.status, answer.json["error"]["message"]) == (400, message)
    assert ACCOUNTS.get(made.id) == made


def test_disabling_beside_another_role_keeps_both(admin: Client) -> None:
    added("anna@example.com", username="anna")
    path = f"{PATH}/anna"
    with just_after("shop.user_changes.find_user", lambda: admin.put(path, json={"role": "Editor"})):
        assert admin.put(path, json={"enabled": False}).status == 200
    account = stored()
    assert (account.role, account.status, account.token_version) == ("editor", "disabled", 2)


def test_disabling_who_is_removed_meanwhile_finds_nobody(admin: Client) -> None:
    added("anna@example.com", username="anna")
    path = f"{PATH}/anna"
    with just_after("shop.user_changes.find_user", lambda: admin.delete(path)):
        refused(admin.put(path, json={"enabled": False}), 404, "NOT_FOUND", "User not found")
    assert all_accounts() == []


def test_the_last_way_in_is_never_lost(admin: Client, account: None) -> None:
    made = added("anna@example.com", username="anna", role="admin")
    theirs = Client(admin.app, token=token_of(made))
    by_self = "The account that you are signed in with cannot be changed by yourself"
    refused(theirs.put(f"{PATH}/anna", json={"enabled": False}), 409, "CONFLICT", by_self)
    refused(theirs.put(f"{PATH}/anna", json={"role": "Member"}), 409, "CONFLICT", by_self)
    by_self = "The account that you are signed in with cannot be deleted by yourself"
    refused(theirs.delete(f"{PATH}/anna"), 409, "CONFLICT", by_self)
    for name in ("artadmin", "ArtAdmin", "1"):
        settled = "The administrator of the settings is changed in the settings"
        refused(theirs.delete(f"{PATH}/{name}"), 409, "CONFLICT", settled)
        refused(theirs.put(f"{PATH}/{name}", json={"enabled": False}), 409, "CONFLICT", settled)
        refused(reset(theirs, name, password=GOOD), 409, "CONFLICT", settled)
    assert ACCOUNTS.get(made.id) == made


# --- creators


def creator_of(made: Account) -> Creator:
    """A creator for whom the account acts."""
    creator = Creator(
        id=f"creator-of-{made.id}",
        slug=f"slug-{made.id}",
        display_name="Anna",
        created_at=NOON,
        updated_at=NOON,
        user_id=made.id,
    )
    CREATORS.add(AT_ONCE, creator)
    return creator


def test_a_creator_stays_when_the_account_goes_and_may_be_given_to_another(admin: Client) -> None:
    made = added("anna@example.com", username="anna", role="creator")
    creator = creator_of(made)
    assert admin.delete(f"{PATH}/anna").status == 200
    left = CREATORS.get(creator.id)
    assert left is not None
    assert (left.user_id, left.status, left.slug) == (None, "active", creator.slug)
    assert creator_by_user(made.id) is None


def test_who_becomes_a_creator_meanwhile_is_not_removed_without_the_creator(admin: Client) -> None:
    made = added("anna@example.com", username="anna")
    with just_before("shop.user_removal.remove_account", lambda: creator_of(made)):
        assert admin.delete(f"{PATH}/anna").status == 200
    left = CREATORS.get(f"creator-of-{made.id}")
    assert left is not None
    assert left.user_id is None


# --- who may, and what is kept of it


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.ADMIN)])
def test_nobody_but_an_administrator_is_answered(visitor: Client, role: Role | None) -> None:
    token = token_of(added("helper@example.com", role=role.value)) if role else ""
    for method, path in (("GET", PATH), ("POST", PATH), ("PUT", f"{PATH}/a"), ("DELETE", f"{PATH}/a")):
        answer = visitor.request(method, path, token=token)
        assert answer.status == (403 if role else 401)
        assert answer.json["error"]["code"] == ("FORBIDDEN" if role else "UNAUTHORIZED")


def test_the_audit_log_tells_of_each_step_and_holds_no_secret(admin: Client) -> None:
    admin.post(PATH, json={**ANNA, "password": GOOD})
    user_id = stored().id
    admin.put(f"{PATH}/anna", json={"role": "Creator", "enabled": False})
    admin.put(f"{PATH}/anna", json={"enabled": True})
    token = reset(admin).json["resetToken"]
    reset(admin, password="another long passphrase")
    admin.delete(f"{PATH}/anna")
    entries = entries_of_entity("User", user_id, 20, None).entries
    assert sorted(entry.action for entry in entries) == [
        "CREATE",
        "DELETE",
        "PASSWORD_RESET_OFFER",
        "PASSWORD_SET",
        "UPDATE",
        "UPDATE",
    ]
    told = repr([(entry.changes, entry.metadata) for entry in entries])
    roles = [entry.changes["role"] for entry in entries if entry.changes and "role" in entry.changes]
    assert not [word for word in ("anna", GOOD, "passphrase", token, "argon2") if word in told]
    assert {"old": "editor", "new": "creator"} in roles
