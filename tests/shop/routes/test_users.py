"""The users' API: its envelope, the order of its checks, its texts, and what it does to accounts."""

from typing import Any
from uuid import uuid4

import pytest

from common.http import Role
from common.repositories.accounts import ACCOUNTS, all_accounts, number_of_accounts
from common.repositories.audit import entries_of_entity
from shop.user_fields import NAME_PATTERN
from tests.shop.users_api import MARIA, NOBODY, PATH, create, invalid, refused
from tests.support.accounts import added, token_of
from tests.support.http import Client
from tests.support.races import just_after, just_before


def test_a_user_is_created_as_a_member_without_password_and_found_again(admin: Client) -> None:
    answer = admin.post(PATH, json={**MARIA, "role": "admin", "createdAt": "2001-01-01", "PK": "USER#1"})
    assert answer.status == 201
    assert answer.json.keys() == {"success", "data", "message"}
    assert (answer.json["success"], answer.json["message"]) == (True, "User created successfully")
    user = answer.json["data"]
    assert user == {**user, "email": "Maria.Rossi@example.com", "name": "Maria Rossi"}
    assert user["createdAt"] == user["updatedAt"]
    account = ACCOUNTS.get(user["id"])
    assert account is not None
    assert (account.role, account.password_hash, account.username) == ("member", None, None)
    for written in (user["id"], f"USER%23{user['id']}"):
        assert admin.get(f"{PATH}/{written}").json == {"success": True, "data": user}
        assert admin.get(f"{PATH}/{written}/exists").json["data"] == {"exists": True}
    assert admin.get(f"{PATH}/count").json == {"success": True, "data": {"count": 1}}


def test_head_says_by_its_status_whether_there_is_a_user(admin: Client) -> None:
    user = create(admin)
    assert admin.request("HEAD", f"{PATH}/{user['id']}").status == 200
    assert admin.request("HEAD", f"{PATH}/{NOBODY}").status == 404


def test_what_is_wrong_with_a_body_is_said_before_that_nobody_is_meant(admin: Client) -> None:
    for written in (NOBODY, "a%23b"):
        invalid(admin.put(f"{PATH}/{written}", json={"name": 7}), "name: must be string")


@pytest.mark.parametrize("taken", ["Maria.Rossi@example.com", "MARIA.rossi@EXAMPLE.com"])
def test_an_address_that_is_taken_is_a_conflict_whatever_its_capitals(admin: Client, taken: str) -> None:
    create(admin)
    answer = admin.post(PATH, json={**MARIA, "email": taken})
    stored = taken.split("@", maxsplit=1)[0] + "@example.com"
    refused(answer, 409, "CONFLICT", f"User with email {stored} already exists", ["email: already exists"])
    assert number_of_accounts() == len(all_accounts()) == 1


def test_two_forms_of_one_domain_are_one_address(admin: Client) -> None:
    assert create(admin, email="info@xn--mnchen-3ya.de")["email"] == "info@münchen.de"
    assert admin.post(PATH, json={**MARIA, "email": "INFO@münchen.de"}).status == 409


def test_of_two_sign_ups_for_one_address_exactly_one_wins(admin: Client) -> None:
    def rival() -> None:
        assert admin.post(PATH, json={**MARIA, "name": "The first"}).status == 201

    with just_before("common.accounts.add_account", rival):
        answer = admin.post(PATH, json={**MARIA, "name": "The second"})
    assert (answer.status, answer.json["error"]["code"]) == (409, "CONFLICT")
    assert [account.name for account in all_accounts()] == ["The first"]
    assert number_of_accounts() == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Request body is required"),
        (b"{", "Invalid JSON in request body"),
        (b"null", "Invalid JSON in request body"),
        (b"0", "Invalid JSON in request body"),
        (b"false", "Invalid JSON in request body"),
        (b'""', "Invalid JSON in request body"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", PATH), ("PUT", f"{PATH}/{NOBODY}")])
def test_a_body_is_looked_at_before_what_it_says(
    admin: Client, method: str, path: str, body: bytes, message: str
) -> None:
    refused(admin.request(method, path, data=body), 400, "VALIDATION_ERROR", message)


@pytest.mark.parametrize("body", [b"[]", b"[1]", b"7", b'"text"', b"true"])
def test_a_body_that_is_no_object_is_said_to_be_none(admin: Client, body: bytes) -> None:
    invalid(admin.post(PATH, data=body), "request: must be object")


SHORT_EMAIL = "email: must NOT have fewer than 3 characters"
FORMAT = 'email: must match format "email"'
PATTERN = f'name: must match pattern "{NAME_PATTERN}"'


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"email": ...}, ["email: must have required property 'email'"]),
        ({"name": ...}, ["name: must have required property 'name'"]),
        ({"email": 7}, ["email: must be string"]),
        ({"email": None}, ["email: must be string"]),
        ({"email": "a"}, [SHORT_EMAIL, FORMAT]),
        ({"email": "a@b"}, [FORMAT]),
        ({"email": " maria@example.com"}, [FORMAT]),
        ({"email": "аdmin@example.com"}, [FORMAT]),
        ({"email": f"{'x' * 250}@b.com"}, ["email: must NOT have more than 255 characters", FORMAT]),
        ({"name": ""}, ["name: must NOT have fewer than 1 characters", PATTERN]),
        ({"name": " Maria"}, [PATTERN]),
        ({"name": "Maria\nRossi"}, [PATTERN]),
        ({"name": "Maria\n"}, [PATTERN]),
        ({"name": "x" * 256}, ["name: must NOT have more than 255 characters"]),
        ({"name": ["Maria"]}, ["name: must be string"]),
        (
            {"email": ..., "name": ""},
            [
                "email: must have required property 'email'",
                "name: must NOT have fewer than 1 characters",
                PATTERN,
            ],
        ),
    ],
)
def test_all_that_is_wrong_is_said_at_once_and_nothing_is_stored(
    admin: Client, fields: dict[str, Any], errors: list[str]
) -> None:
    sent = {name: value for name, value in (MARIA | fields).items() if value is not ...}
    invalid(admin.post(PATH, json=sent), *errors)
    assert all_accounts() == []


def test_another_name_changes_the_time_and_nothing_else(admin: Client) -> None:
    user = create(admin)
    answer = admin.put(f"{PATH}/USER%23{user['id']}", json={"name": "Anna", "email": "other@example.com"})
    assert (answer.status, answer.json["message"]) == (200, "User updated successfully")
    changed = answer.json["data"]
    assert changed == {**user, "name": "Anna", "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > user["updatedAt"]


@pytest.mark.parametrize("sent", [{"name": None}, {"email": "x"}, {"anything": 1}])
def test_a_change_of_nothing_known_moves_the_time_of_change_alone(admin: Client, sent: Any) -> None:
    user = create(admin)
    changed = admin.put(f"{PATH}/{user['id']}", json=sent).json["data"]
    assert changed == {**user, "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > user["updatedAt"]


def test_a_change_names_what_is_wrong_with_it(admin: Client) -> None:
    user = create(admin)
    path = f"{PATH}/{user['id']}"
    invalid(admin.put(path, json={}), "request: must NOT have fewer than 1 properties")
    invalid(admin.put(path, json={"name": ""}), "name: must NOT have fewer than 1 characters", PATTERN)
    invalid(admin.put(path, json={"name": 7}), "name: must be string")


@pytest.mark.parametrize("written", ["%20", "USER%23"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_path_without_an_id_says_so_before_anything_else(admin: Client, method: str, written: str) -> None:
    answer = admin.request(method, f"{PATH}/{written}")
    refused(answer, 400, "VALIDATION_ERROR", "User ID is required")


@pytest.mark.parametrize("written", [NOBODY, "1", "USER%23nobody", "x" * 129, "%E2%82%AC", "a%23b"])
def test_who_is_not_there_is_not_found(admin: Client, written: str) -> None:
    path = f"{PATH}/{written}"
    refused(admin.get(path), 404, "NOT_FOUND", "User not found")
    refused(admin.put(path, json={"name": "Anna"}), 404, "NOT_FOUND", "User not found")
    if written != "1":
        refused(admin.delete(path), 404, "NOT_FOUND", "User not found")
    assert admin.get(f"{path}/exists").json["data"] == {"exists": False}
    assert all_accounts() == []


def test_a_removed_user_is_gone_and_the_address_is_free(admin: Client) -> None:
    user = create(admin)
    answer = admin.delete(f"{PATH}/{user['id']}")
    assert answer.json == {"success": True, "data": None, "message": "User deleted successfully"}
    refused(admin.delete(f"{PATH}/{user['id']}"), 404, "NOT_FOUND", "User not found")
    assert number_of_accounts() == 0
    create(admin)


def test_a_change_does_not_bring_back_who_is_removed_meanwhile(admin: Client) -> None:
    user = create(admin)
    path = f"{PATH}/{user['id']}"
    with just_after("shop.user_changes.find_user", lambda: admin.delete(path)):
        refused(admin.put(path, json={"name": "Anna"}), 404, "NOT_FOUND", "User not found")
    assert all_accounts() == []


def test_a_removal_takes_who_was_changed_meanwhile(admin: Client) -> None:
    user = create(admin)
    path = f"{PATH}/{user['id']}"
    with just_before("shop.user_removal.remove_account", lambda: admin.put(path, json={"name": "Anna"})):
        assert admin.delete(path).status == 200
    assert all_accounts() == []
    assert number_of_accounts() == 0


def test_of_two_removals_at_once_one_finds_nobody(admin: Client) -> None:
    user = create(admin)
    path = f"{PATH}/{user['id']}"
    with just_before("shop.user_removal.remove_account", lambda: admin.delete(path)):
        refused(admin.delete(path), 404, "NOT_FOUND", "User not found")
    assert number_of_accounts() == 0


def test_users_are_listed_by_their_age_and_go_on_behind_a_cursor(admin: Client) -> None:
    made = [added(f"{n}@example.com", f"2026-03-0{n}T00:00:00.000Z").id for n in (3, 1, 2)]
    oldest = [made[1], made[2], made[0]]
    answer = admin.get(PATH)
    assert answer.json.keys() == {"success", "data"}
    assert [user["id"] for user in answer.json["data"]] == oldest
    first = admin.get(PATH, params={"limit": 2})
    assert [user["id"] for user in first.json["data"]] == oldest[:2]
    cursor = first.json["lastEvaluatedKey"]
    rest = admin.get(PATH, params={"limit": 2, "cursor": cursor})
    assert [user["id"] for user in rest.json["data"]] == oldest[2:]
    assert "lastEvaluatedKey" not in rest.json


@pytest.mark.parametrize(
    ("params", "errors"),
    [
        ({"limit": "0"}, ["limit: must be a positive integer"]),
        ({"limit": "many"}, ["limit: must be a positive integer"]),
        ({"cursor": "nonsense"}, ["cursor: is not valid"]),
        ({"email": ""}, [FORMAT]),
        ({"email": "nobody"}, [FORMAT]),
        ({"createdAfter": ""}, ["createdAfter: must be a date or a time"]),
        ({"createdAfter": "yesterday"}, ["createdAfter: must be a date or a time"]),
        (
            {"createdAfter": "2026-01-01", "email": "a@example.com"},
            ["createdAfter: must not be given with email"],
        ),
    ],
)
def test_a_question_that_makes_no_sense_names_what_does_not(
    admin: Client, params: dict[str, str], errors: list[str]
) -> None:
    invalid(admin.get(PATH, params=params), *errors)


def test_a_user_is_found_by_any_form_of_the_address(admin: Client) -> None:
    user = create(admin, email="info@münchen.de")
    for form in ("INFO@xn--mnchen-3ya.de", "info@MÜNCHEN.de"):
        assert admin.get(PATH, params={"email": form}).json == {"success": True, "data": [user]}
    assert admin.get(PATH, params={"email": "other@example.com"}).json == {"success": True, "data": []}


def test_created_after_is_later_than_a_moment_or_from_a_day_on(admin: Client) -> None:
    before, midnight, later = (
        added(f"{n}@example.com", moment).id
        for n, moment in enumerate(
            ["2026-02-28T22:59:59.999Z", "2026-02-28T23:00:00.000Z", "2026-02-28T23:00:00.001Z"]
        )
    )

    def found(after: str) -> list[str]:
        return [user["id"] for user in admin.get(PATH, params={"createdAfter": after}).json["data"]]

    assert found("2026-03-01") == [midnight, later]  # the shop's day begins at midnight in Rome
    assert found("2026-02-28T23:00:00Z") == [later]
    assert found("2026-02-28T22:59:59.999Z") == [midnight, later]
    assert found("2026-02-28") == [before, midnight, later]
    assert found("2030-01-01") == []


def test_what_fails_unexpectedly_names_the_handler_and_nothing_inside(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_user_id: str) -> None:
        raise RuntimeError("secret cause")

    monkeypatch.setattr("shop.routes.users.find_user", broken)
    answer = admin.get(f"{PATH}/{uuid4()}")
    refused(answer, 500, "INTERNAL_ERROR", "Failed to process request in GetUser")


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.ADMIN)])
def test_nobody_but_an_administrator_is_answered(visitor: Client, role: Role | None) -> None:
    token = token_of(added("helper@example.com", role=role.value)) if role else ""
    for method, path in (
        ("GET", PATH),
        ("POST", PATH),
        ("DELETE", f"{PATH}/1"),
        ("POST", f"{PATH}/batch-delete"),
    ):
        answer = visitor.request(method, path, token=token)
        assert answer.status == (403 if role else 401)
        assert answer.json["success"] is False
        assert answer.json["error"]["code"] == ("FORBIDDEN" if role else "UNAUTHORIZED")


def test_the_audit_log_tells_of_every_change_and_names_nobody(admin: Client) -> None:
    user = create(admin)
    admin.put(f"{PATH}/{user['id']}", json={"name": "Anna Bianchi"})
    admin.delete(f"{PATH}/{user['id']}")
    entries = entries_of_entity("User", user["id"], 10, None).entries
    assert sorted(entry.action for entry in entries) == ["CREATE", "DELETE", "UPDATE"]
    told = repr([(entry.changes, entry.metadata) for entry in entries])
    assert not [word for word in ("Maria", "Anna", "example") if word in told]
