"""How administrators see creators, disable them and enable them again."""

from typing import Any

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import meter
from common.http import Role
from common.outbox import opened
from common.repositories.accounts import ACCOUNTS
from common.repositories.creators import CREATORS, DISABLED, Creator
from common.repositories.outbox import Mail, waiting_mails
from tests.catalog.builders import audit_of, ok, row, store
from tests.catalog.creator_builders import client_of, new_account, new_creator, problem
from tests.support.http import Client
from tests.support.races import just_before

PATH = "/api/admin/creators"


def disable(admin: Client, creator: Creator, status: str = DISABLED, **fields: Any) -> dict[str, Any]:
    """The creator as it is answered after its status was set."""
    return dict(ok(admin.put(f"{PATH}/{creator.id}/status", json={"status": status} | fields))["creator"])


def test_administrators_see_every_creator_with_the_accounts_address(admin: Client) -> None:
    account = new_account(Role.CREATOR)
    new_creator("first", created_at="2026-01-01T00:00:00.000Z", user_id=account.id)
    new_creator("second", created_at="2026-01-02T00:00:00.000Z", status=DISABLED)
    new_creator("third", created_at="2026-01-03T00:00:00.000Z", user_id="gone")
    shown = ok(admin.get(PATH))
    assert [(each["slug"], each["status"], each["email"]) for each in shown["creators"]] == [
        ("third", "active", None),
        ("second", "disabled", None),
        ("first", "active", account.email),
    ]
    assert shown["total"] == 3
    assert shown["creators"][2]["userId"] == account.id
    assert [each["slug"] for each in ok(admin.get(PATH, params={"search": "SEC"}))["creators"]] == ["second"]
    assert len(ok(admin.get(PATH, params={"limit": 1}))["creators"]) == 1


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR, Role.CREATOR])
def test_only_administrators_see_and_set_who_is_disabled(table: str, role: Role) -> None:
    other, creator = client_of(new_account(role)), new_creator("one")
    problem(other.get(PATH), 403, "FORBIDDEN")
    problem(other.put(f"{PATH}/{creator.id}/status", json={"status": "disabled"}), 403, "FORBIDDEN")
    assert CREATORS.get(creator.id) == creator


def test_what_is_asked_wrong_is_refused_before_the_creator_is_looked_for(admin: Client) -> None:
    path = f"{PATH}/nobody/status"
    problem(admin.put(path, data=""), 400, "INVALID_REQUEST")
    for body in ({}, {"status": "paused"}, {"status": None}, {"status": "disabled", "reason": 1}):
        assert "details" not in problem(admin.put(path, json=body), 400, "INVALID_REQUEST")
    long = {"status": "disabled", "reason": "x" * 501}
    problem(admin.put(path, json=long), 400, "INVALID_REQUEST")
    problem(admin.put(path, json={"status": "disabled"}), 404, "NOT_FOUND")


def test_a_disabled_creator_is_on_no_page_and_comes_back(admin: Client, visitor: Client) -> None:
    creator = new_creator("one")
    assert disable(admin, creator)["status"] == "disabled"
    problem(visitor.get("/api/creators/one"), 404, "NOT_FOUND")
    assert ok(visitor.get("/api/creators"))["creators"] == []
    assert disable(admin, creator, "active")["status"] == "active"
    ok(visitor.get("/api/creators/one"))


def test_a_status_is_recorded_with_its_reason_and_told_by_mail(
    admin: Client, token_key_at_hand: None
) -> None:
    account = new_account(Role.CREATOR)
    creator = new_creator("one", user_id=account.id)
    disable(admin, creator, reason=" Copied works ")
    (entry,) = audit_of("Creator", creator.id)
    assert (entry.action, entry.user_id) == ("UPDATE_CREATOR_STATUS", "1")
    assert entry.changes == {"status": {"old": "active", "new": "disabled"}}
    assert entry.metadata == {"reason": "Copied works"}
    (mail,) = waiting()
    assert mail.kind == "creator_status"
    body = opened(mail)
    assert body is not None
    assert body.to == account.email
    assert body.data == {"displayName": "One", "status": "disabled", "reason": "Copied works"}


def test_who_wants_no_mail_and_who_has_no_account_is_sent_none(
    admin: Client, token_key_at_hand: None
) -> None:
    quiet = new_account(Role.CREATOR)
    disable(
        admin,
        new_creator("one", user_id=quiet.id, notification_preferences={"accountStatusChange": False}),
    )
    disable(admin, new_creator("two"))
    disable(admin, new_creator("three", user_id="gone"))
    assert waiting() == []


def test_repeating_a_status_records_and_tells_nothing_again(admin: Client, token_key_at_hand: None) -> None:
    creator = new_creator("one", user_id=new_account(Role.CREATOR).id)
    first = disable(admin, creator)
    assert disable(admin, creator, reason="again") == first
    assert len(audit_of("Creator", creator.id)) == 1
    assert len(waiting()) == 1


def test_of_two_who_disable_at_once_one_records_it(admin: Client, token_key_at_hand: None) -> None:
    creator = new_creator("one", user_id=new_account(Role.CREATOR).id)
    with just_before("catalog.creator_status.record", lambda: disable(admin, creator)):
        assert disable(admin, creator)["status"] == "disabled"
    assert len(audit_of("Creator", creator.id)) == 1
    assert len(waiting()) == 1


def test_administrators_see_how_many_works_a_creator_has(admin: Client) -> None:
    one, other = new_creator("one"), new_creator("other")
    shown = [
        row(1, creator_id=one.id, moderation_status="approved"),
        row(2, creator_id=one.id, moderation_status="pending", status="draft"),
        row(3, creator_id=one.id, moderation_status="rejected"),
        row(4, creator_id=other.id, moderation_status="approved", withheld=True),
        row(5),
    ]
    store(shown)
    counts = {each["slug"]: each["productCount"] for each in ok(admin.get(PATH))["creators"]}
    assert counts == {"one": 3, "other": 1}


def test_the_list_costs_no_read_for_each_creator(admin: Client) -> None:
    for number in range(12):
        new_creator(f"c{number}", user_id=new_account(Role.CREATOR).id)
    assert ok(admin.get(PATH))["total"] == 12
    with meter() as usage:
        assert ok(admin.get(PATH))["total"] == 12
    # The token's standing, the creators, their accounts, and what changed of the catalogue.
    assert usage.calls == 4


@pytest.mark.parametrize("user_id", [None, "jane-user-id"])
def test_a_creator_without_an_account_is_given_to_one(admin: Client, user_id: str | None) -> None:
    creator, account = new_creator("one", user_id=user_id), new_account()
    path = f"{PATH}/{creator.id}/account"
    given = ok(admin.put(path, json={"email": account.email}))["creator"]
    assert given["userId"] == account.id
    assert ok(admin.put(path, json={"userId": account.id}))["creator"] == given
    stored = ACCOUNTS.get(account.id)
    assert stored is not None
    assert stored.role == "creator"
    assert ok(client_of(stored).get("/api/creator/profile"))["creator"] == given
    (entry,) = audit_of("Creator", creator.id)
    assert entry.changes == {"user_id": {"old": user_id, "new": account.id}}


def test_a_creator_is_taken_from_nobody(admin: Client) -> None:
    owner, other = new_account(Role.CREATOR), new_account()
    one, two, three = (
        new_creator("one", user_id=owner.id),
        new_creator("two"),
        new_creator("three", user_id="1"),
    )
    for creator, body in ((one, {"userId": other.id}), (two, {"userId": owner.id}), (three, {"userId": "x"})):
        problem(admin.put(f"{PATH}/{creator.id}/account", json=body), 409, "CONFLICT")
    editor = new_account(Role.EDITOR)
    problem(admin.put(f"{PATH}/{two.id}/account", json={"userId": editor.id}), 409, "CONFLICT")
    problem(admin.put(f"{PATH}/{two.id}/account", json={"userId": "nobody"}), 404, "NOT_FOUND")
    problem(admin.put(f"{PATH}/nobody/account", json={"userId": other.id}), 404, "NOT_FOUND")
    problem(admin.put(f"{PATH}/{two.id}/account", json={}), 400, "VALIDATION_ERROR")
    problem(client_of(other).put(f"{PATH}/{two.id}/account", json={}), 403, "FORBIDDEN")
    assert ACCOUNTS.get(other.id) == other


def test_of_two_accounts_that_are_given_one_creator_one_gets_it(admin: Client) -> None:
    creator, one, other = new_creator("one"), new_account(), new_account()
    path = f"{PATH}/{creator.id}/account"
    with just_before("catalog.creator_sign_up.record", lambda: ok(admin.put(path, json={"userId": one.id}))):
        problem(admin.put(path, json={"userId": other.id}), 409, "CONFLICT")
    assert ok(admin.get(PATH))["creators"][0]["userId"] == one.id
    assert ACCOUNTS.get(other.id) == other


def test_of_two_creators_that_are_given_to_one_account_one_is(admin: Client) -> None:
    one, other, account = new_creator("one"), new_creator("other"), new_account(Role.ADMIN)
    body = {"userId": account.id}
    first = f"{PATH}/{one.id}/account"
    with just_before("catalog.creator_sign_up.record", lambda: ok(admin.put(first, json=body))):
        problem(admin.put(f"{PATH}/{other.id}/account", json=body), 409, "CONFLICT")
    assert {each["slug"]: each["userId"] for each in ok(admin.get(PATH))["creators"]} == {
        "one": account.id,
        "other": None,
    }


def waiting() -> list[Mail]:
    """The mails that wait to be sent."""
    return list(waiting_mails(100, epoch(utc_now())))
