"""Signing up as a creator: by one's own account, and by an administrator for another's."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.creator_sign_up import RESERVED
from common.dynamodb import UnitOfWork, delete_item
from common.http import Role
from common.repositories.accounts import ACCOUNTS, remove_account
from common.repositories.creators import all_creators, creator_by_slug, creator_by_user
from common.slugs import name_slug
from tests.catalog.builders import actions_of, catalog_app, created, ok
from tests.catalog.creator_builders import client_of, new_account, new_creator, problem, sign_up
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token, expired_token

PATH, ADMIN_PATH = "/api/creators", "/api/admin/creators"
BEFORE_COMMIT = "catalog.creator_sign_up._promoted"


def body(username: str = "Sarah Home Decor", **fields: Any) -> dict[str, Any]:
    """What a client sends for a new creator."""
    return {"username": username, "displayName": "Sarah"} | fields


def test_a_member_becomes_a_creator_and_goes_on_with_a_new_token(table: str) -> None:
    account = new_account()
    before = client_of(account)
    answer = before.post(PATH, json=body())
    made = created(answer)
    assert made["creator"]["slug"] == "sarah-home-decor"
    assert made["creator"]["userId"] == account.id
    assert (made["creator"]["bio"], made["creator"]["profileImage"], made["creator"]["coverImage"]) == (
        "",
        "",
        "",
    )
    assert all(made["creator"]["notificationPreferences"].values())
    assert answer.cookies["auth_token"] == made["token"]
    problem(before.post(PATH, json=body("Again")), 401, "UNAUTHORIZED")
    after = Client(catalog_app(), token=made["token"])
    assert ok(after.get("/api/creator/profile"))["creator"] == made["creator"]
    stored = ACCOUNTS.get(account.id)
    assert stored is not None
    assert (stored.role, stored.token_version) == ("creator", account.token_version + 1)
    assert actions_of("Creator", made["creator"]["id"]) == ["CREATE"]


def test_a_creator_begins_with_what_was_sent(table: str) -> None:
    theme = {"primaryColor": "#111111", "accentColor": "#abcdef", "font": "Lora"}
    links = {"instagram": "https://instagram.com/sarah"}
    sent = body(bio="Vasi", theme=theme, socialLinks=links, profileImage="https://example.com/a.png")
    made = created(client_of(new_account()).post(PATH, json=sent))["creator"]
    assert {name: made[name] for name in ("bio", "theme", "socialLinks", "profileImage")} == {
        "bio": "Vasi",
        "theme": theme,
        "socialLinks": links,
        "profileImage": "https://example.com/a.png",
    }


def test_an_administrator_becomes_a_creator_and_stays_one(admin: Client) -> None:
    made = created(admin.post(PATH, json=body()))
    assert made["creator"]["userId"] == "1"
    assert "token" not in made
    assert ok(admin.get("/api/creator/profile"))["creator"] == made["creator"]
    other = client_of(new_account(Role.ADMIN))
    token = created(other.post(PATH, json=body("Other")))["token"]
    ok(Client(catalog_app(), token=token).get(ADMIN_PATH))
    ok(other.get("/api/creator/profile"))


def test_an_editor_cannot_be_a_creator(table: str) -> None:
    problem(client_of(new_account(Role.EDITOR)).post(PATH, json=body()), 409, "CONFLICT")
    assert all_creators() == []


def test_who_proves_nobody_is_refused_before_what_was_sent_is_looked_at(visitor: Client) -> None:
    problem(visitor.post(PATH, data=""), 400, "INVALID_REQUEST")
    problem(visitor.post(PATH, data="{"), 400, "INVALID_REQUEST")
    problem(visitor.post(PATH, json={}), 401, "UNAUTHORIZED")
    problem(visitor.post(PATH, json=body(), token=expired_token()), 401, "UNAUTHORIZED")


def test_a_foreign_page_signs_nobody_up_by_the_cookie(table: str) -> None:
    account = new_account()
    headers = {"Cookie": f"auth_token={client_of(account).token}", "Origin": "https://evil.example"}
    problem(Client(catalog_app(), headers=headers).post(PATH, json=body()), 403, "FORBIDDEN")
    del headers["Origin"]
    created(Client(catalog_app(), headers=headers).post(PATH, json=body()))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"username": ""}, "username"),
        ({"username": "  "}, "username"),
        ({"username": 5}, "username"),
        ({"username": None}, "username"),
        ({"username": "x" * 101}, "username"),
        ({"username": "日本"}, "username"),
        ({"username": "---"}, "username"),
        ({"username": "Admin"}, "username"),
        ({"username": " API "}, "username"),
        ({"displayName": ""}, "displayName"),
        ({"bio": "x" * 501}, "bio"),
        ({"theme": {"primaryColor": "#111111"}}, "theme.accentColor"),
        ({"theme": {"primaryColor": "#11111g", "accentColor": "#111111", "font": "x"}}, "theme.primaryColor"),
        ({"socialLinks": {"instagram": "ftp://x.example"}}, "socialLinks.instagram"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(table: str, fields: dict[str, Any], named: str) -> None:
    account = new_account()
    answer = client_of(account).post(PATH, json=body() | fields)
    errors = problem(answer, 400, "VALIDATION_ERROR")["details"]["errors"]
    assert [text for text in errors if text.startswith(named)]
    assert all_creators() == []
    assert ACCOUNTS.get(account.id) == account


def test_a_slug_is_one_creators(table: str) -> None:
    sign_up(new_account(), "Sarah Home Decor")
    rival = new_account()
    problem(client_of(rival).post(PATH, json=body("sarah home_DECOR")), 409, "CONFLICT")
    assert ACCOUNTS.get(rival.id) == rival


def test_an_account_has_one_creator(table: str) -> None:
    me = sign_up(new_account(), "First")
    problem(me.post(PATH, json=body("Second")), 409, "CONFLICT")
    problem(me.post(PATH, json=body("First")), 409, "CONFLICT")
    assert [creator.slug for creator in all_creators()] == ["first"]


def test_an_account_that_was_given_a_creator_by_the_migration_has_one(table: str) -> None:
    account = new_account(Role.CREATOR)
    new_creator("moved", user_id=account.id)
    # As the migration wrote it before accounts were reserved.
    delete_item((f"UNIQUE#CREATOR_USER#{account.id}", "METADATA"))
    problem(client_of(account).post(PATH, json=body()), 409, "CONFLICT")


def test_of_two_sign_ups_for_one_slug_one_wins(table: str) -> None:
    winner, loser = new_account(), new_account()
    rival = [0]

    def first() -> None:
        rival[0] = client_of(winner).post(PATH, json=body()).status

    with just_before(BEFORE_COMMIT, first):
        problem(client_of(loser).post(PATH, json=body()), 409, "CONFLICT")
    assert rival == [201]
    found = creator_by_slug("sarah-home-decor")
    assert found is not None
    assert found.user_id == winner.id
    assert ACCOUNTS.get(loser.id) == loser
    assert creator_by_user(loser.id) is None


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CREATOR, Role.ADMIN])
def test_of_two_sign_ups_of_one_account_one_wins(table: str, role: Role) -> None:
    me = client_of(new_account(role))
    with just_before(BEFORE_COMMIT, lambda: created(me.post(PATH, json=body("First")))):
        problem(me.post(PATH, json=body("Second")), 409, "CONFLICT")
    assert [creator.slug for creator in all_creators()] == ["first"]


def test_of_two_sign_ups_of_the_settings_administrator_one_wins(admin: Client) -> None:
    with just_before("catalog.creator_sign_up.record", lambda: admin.post(PATH, json=body("First"))):
        problem(admin.post(PATH, json=body("Second")), 409, "CONFLICT")
    assert [creator.slug for creator in all_creators()] == ["first"]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMIN])
def test_a_sign_up_beside_the_removal_of_the_account_leaves_no_creator(table: str, role: Role) -> None:
    account = new_account(role)

    def remove() -> None:
        with UnitOfWork() as work:
            remove_account(work, account)

    with just_before(BEFORE_COMMIT, remove):
        problem(client_of(account).post(PATH, json=body()), 404, "NOT_FOUND")
    assert all_creators() == []
    assert ACCOUNTS.get(account.id) is None


def test_a_sign_up_beside_another_change_of_the_account_keeps_both(table: str) -> None:
    account = new_account()

    def rename() -> None:
        from common.dynamodb import Update, update_item

        update_item(ACCOUNTS.key(account.id), Update().set("name", "Other").increment("version", 1))

    with just_before(BEFORE_COMMIT, rename):
        created(client_of(account).post(PATH, json=body()))
    stored = ACCOUNTS.get(account.id)
    assert stored is not None
    assert (stored.name, stored.role) == ("Other", "creator")


@pytest.mark.parametrize("name", ["userId", "email"])
def test_an_administrator_makes_a_creator_for_another_account(admin: Client, name: str) -> None:
    account = new_account()
    named = {"userId": account.id, "email": account.email.upper()}
    made = created(admin.post(ADMIN_PATH, json=body(**{name: named[name]})))
    assert made["creator"]["userId"] == account.id
    assert "token" not in made
    stored = ACCOUNTS.get(account.id)
    assert stored is not None
    assert stored.role == "creator"


def test_an_administrator_makes_a_creator_for_nobody_else_by_default(admin: Client) -> None:
    assert created(admin.post(ADMIN_PATH, json=body()))["creator"]["userId"] == "1"


def test_an_account_that_is_not_there_is_told(admin: Client) -> None:
    one, other = new_account(), new_account()
    problem(admin.post(ADMIN_PATH, json=body(userId="nobody")), 404, "NOT_FOUND")
    problem(admin.post(ADMIN_PATH, json=body(email="nobody@example.com")), 404, "NOT_FOUND")
    both = body(userId=one.id, email=other.email)
    problem(admin.post(ADMIN_PATH, json=both), 400, "VALIDATION_ERROR")
    assert all_creators() == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR, Role.CREATOR])
def test_only_administrators_make_creators_for_others(table: str, role: Role) -> None:
    problem(client_of(new_account(role)).post(ADMIN_PATH, json=body()), 403, "FORBIDDEN")


@given(st.text(max_size=60))
def test_a_name_gives_its_slug_or_is_refused(table: str, username: str) -> None:
    admin = Client(catalog_app(), token=admin_token())
    slug = name_slug(username)
    answer = admin.post(ADMIN_PATH, json={"username": username, "displayName": "x", "userId": "nobody"})
    if slug and slug not in RESERVED and storable(username):
        problem(answer, 404, "NOT_FOUND")
    else:
        assert answer.status == 400


def storable(text: str) -> bool:
    """Whether a text can be kept exactly."""
    return "\x00" not in text and bool(text.strip())
