"""Creators over HTTP, as everybody sees them and as they change their own profile."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import config, media
from common.clock import utc_now
from common.http import Role
from common.repositories.accounts import ACCOUNTS
from common.repositories.creators import CREATORS, DISABLED
from tests.catalog.builders import actions_of, audit_of, catalog_app, ok, picture
from tests.catalog.creator_builders import client_of, new_account, new_creator, problem, sign_up
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token

PROFILE = "/api/creator/profile"
THEME = {"primaryColor": "#aB12cd", "accentColor": "#000000", "font": "Fira Sans"}


@pytest.fixture
def member(table: str) -> Client:
    """Somebody who has become a creator."""
    return sign_up(new_account(), "Sarah Home Decor", bio="Vasi & più")


def own(client: Client) -> dict[str, Any]:
    """The caller's own profile."""
    return dict(ok(client.get(PROFILE))["creator"])


def change(client: Client, **fields: Any) -> dict[str, Any]:
    """The profile after a change of these fields."""
    return dict(ok(client.put(PROFILE, json=fields))["creator"])


def test_a_page_shows_a_creator_and_not_whose_account_it_is(member: Client, visitor: Client) -> None:
    answer = visitor.get("/api/creators/sarah-home-decor")
    shown = ok(answer)
    assert shown["creator"]["displayName"] == own(member)["displayName"]
    assert shown["theme"] == shown["creator"]["theme"]
    assert not {"userId", "notificationPreferences", "email"} & shown["creator"].keys()
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_unknown_and_disabled_creators_are_not_told_apart(visitor: Client) -> None:
    new_creator("hidden", status=DISABLED)
    hidden, unknown = (
        problem(visitor.get(f"/api/creators/{slug}"), 404, "NOT_FOUND") for slug in ("hidden", "nobody")
    )
    assert hidden["message"] == unknown["message"]
    problem(visitor.get("/api/creators/%20"), 400, "INVALID_REQUEST")


def test_the_list_shows_active_creators_the_newest_first(visitor: Client) -> None:
    new_creator("first", created_at="2026-01-01T00:00:00.000Z", bio="Ceramica")
    new_creator("hidden", created_at="2026-01-02T00:00:00.000Z", status=DISABLED)
    new_creator("second", created_at="2026-01-03T00:00:00.000Z", display_name="Città d'Arte", user_id="u1")
    shown = ok(visitor.get("/api/creators"))
    assert [each["slug"] for each in shown["creators"]] == ["second", "first"]
    assert shown["total"] == 2
    assert not {"userId", "notificationPreferences"} & shown["creators"][0].keys()


@pytest.mark.parametrize("words", ["CITTA", "città", "d'arte", "SECOND", "ceràm"])
def test_a_search_looks_at_name_slug_and_bio_whatever_capitals_and_accents(
    visitor: Client, words: str
) -> None:
    new_creator("second", display_name="Città d'Arte", bio="Ceramiche")
    new_creator("other")
    shown = ok(visitor.get("/api/creators", params={"search": words}))
    assert [each["slug"] for each in shown["creators"]] == ["second"]


def test_a_limited_list_goes_on_behind_its_cursor(visitor: Client) -> None:
    for day in range(1, 6):
        new_creator(f"c{day}", created_at=f"2026-01-0{day}T00:00:00.000Z")
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    for _ in range(3):
        shown = ok(visitor.get("/api/creators", params={"limit": 2, **cursor}))
        assert shown["total"] == len(shown["creators"])
        seen += [each["slug"] for each in shown["creators"]]
        cursor = {"lastEvaluatedKey": shown.get("lastEvaluatedKey")}
    assert seen == ["c5", "c4", "c3", "c2", "c1"]
    assert cursor == {"lastEvaluatedKey": None}
    assert len(ok(visitor.get("/api/creators", params={"limit": "many"}))["creators"]) == 5


def test_a_profile_needs_a_creator(table: str) -> None:
    problem(client_of(new_account(Role.CREATOR)).get(PROFILE), 404, "NOT_FOUND")
    problem(client_of(new_account(Role.CREATOR)).put(PROFILE, json={}), 404, "NOT_FOUND")
    problem(client_of(new_account(Role.MEMBER)).get(PROFILE), 403, "FORBIDDEN")
    problem(client_of(new_account(Role.EDITOR)).put(PROFILE, json={}), 403, "FORBIDDEN")
    problem(Client(catalog_app()).get(PROFILE), 401, "UNAUTHORIZED")


def test_a_creator_who_is_disabled_still_sees_and_changes_the_profile(member: Client) -> None:
    admin = Client(catalog_app(), token=admin_token())
    ok(admin.put(f"/api/admin/creators/{own(member)['id']}/status", json={"status": "disabled"}))
    assert own(member)["status"] == "disabled"
    assert change(member, bio="Better")["bio"] == "Better"


def test_a_profile_is_what_it_was_changed_to(member: Client, visitor: Client) -> None:
    links = {"instagram": "https://www.instagram.com/sarah?x=1", "tiktok": "https://tiktok.com/@sarah"}
    wanted = {
        "displayName": "Sarah",
        "bio": " Due righe\ne una \n",
        "profileImage": "https://example.com/a.png",
        "coverImage": "https://example.com/b.png",
        "socialLinks": links,
        "theme": THEME,
    }
    changed = change(member, **wanted)
    assert {name: changed[name] for name in wanted} == wanted
    assert own(member) == changed
    assert ok(visitor.get("/api/creators/sarah-home-decor"))["theme"] == THEME
    assert changed["slug"] == "sarah-home-decor"
    assert actions_of("Creator", changed["id"]) == ["CREATE", "UPDATE"]


def test_what_a_creator_may_not_change_is_ignored(member: Client) -> None:
    before = own(member)
    changed = change(
        member,
        slug="another",
        status="disabled",
        userId="u9",
        id="x",
        notificationPreferences={"milestones": False},
        createdAt="2020-01-01T00:00:00Z",
    )
    assert changed == before | {"updatedAt": changed["updatedAt"]}


def test_an_empty_change_moves_the_time_alone(member: Client) -> None:
    before = own(member)
    changed = change(member)
    assert changed["updatedAt"] > before["updatedAt"]
    assert changed == before | {"updatedAt": changed["updatedAt"]}
    assert actions_of("Creator", changed["id"]) == ["CREATE"]


def test_a_theme_is_changed_field_by_field_and_links_are_replaced(member: Client) -> None:
    change(member, theme=THEME, socialLinks={"instagram": "https://instagram.com/a"})
    changed = change(
        member,
        theme={"accentColor": "#ffffff"},
        socialLinks={"pinterest": "https://pinterest.it/b", "tiktok": ""},
    )
    assert changed["theme"] == THEME | {"accentColor": "#ffffff"}
    assert changed["socialLinks"] == {"pinterest": "https://pinterest.it/b"}
    assert change(member, socialLinks={})["socialLinks"] == {}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"displayName": ""}, "displayName"),
        ({"displayName": "   "}, "displayName"),
        ({"displayName": "x" * 101}, "displayName"),
        ({"displayName": None}, "displayName"),
        ({"bio": "x" * 501}, "bio"),
        ({"bio": "x" * 1_000_000}, "bio"),
        ({"bio": 7}, "bio"),
        ({"profileImage": "javascript:alert(1)"}, "profileImage"),
        ({"coverImage": 1}, "coverImage"),
        ({"socialLinks": []}, "socialLinks"),
        ({"socialLinks": {"instagram": "http://instagram.com/a"}}, "socialLinks.instagram"),
        ({"socialLinks": {"tiktok": "javascript:alert(1)"}}, "socialLinks.tiktok"),
        ({"theme": "blue"}, "theme"),
        ({"theme": {"primaryColor": "#12345"}}, "theme.primaryColor"),
        ({"theme": {"accentColor": ""}}, "theme.accentColor"),
        ({"theme": {"accentColor": "red"}}, "theme.accentColor"),
        ({"theme": {"font": " "}}, "theme.font"),
        ({"theme": {"font": 3}}, "theme.font"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    member: Client, fields: dict[str, Any], named: str
) -> None:
    before = own(member)
    error = problem(member.put(PROFILE, json={"bio": "New", **fields}), 400, "VALIDATION_ERROR")
    assert [text for text in error["details"]["errors"] if text.startswith(named)]
    assert own(member) == before


def test_every_wrong_field_is_named_at_once(member: Client) -> None:
    answer = member.put(PROFILE, json={"displayName": "", "theme": {"font": "", "accentColor": "x"}})
    named = {text.partition(":")[0] for text in problem(answer, 400, "VALIDATION_ERROR")["details"]["errors"]}
    assert named == {"displayName", "theme.font", "theme.accentColor"}


def test_a_body_that_cannot_be_read_is_refused_before_anything_else(table: str) -> None:
    nobody = client_of(new_account(Role.CREATOR))
    for body in ("", "{", "[]"):
        problem(nobody.put(PROFILE, data=body), 400, "INVALID_REQUEST")


def test_an_old_form_does_not_undo_what_came_after(member: Client) -> None:
    answer = member.get(PROFILE)
    seen, tag = answer.json["creator"], answer.headers["ETag"]
    change(member, bio="Newer")
    problem(member.put(PROFILE, json={**seen, "displayName": "Old"}), 409, "CONFLICT")
    stale = member.put(PROFILE, json={"displayName": "Old"}, headers={"If-Match": tag})
    problem(stale, 412, "PRECONDITION_FAILED")
    assert own(member)["bio"] == "Newer"
    fresh = member.get(PROFILE)
    whole = {**fresh.json["creator"], "displayName": "New"}
    assert ok(member.put(PROFILE, json=whole, headers={"If-Match": fresh.headers["ETag"]}))["creator"][
        "displayName"
    ] == ("New")


def test_two_changes_at_once_are_both_kept(member: Client) -> None:
    with just_before("catalog.creators.taken_pictures", lambda: change(member, bio="From the phone")):
        changed = change(member, displayName="From the desk")
    assert (changed["displayName"], changed["bio"]) == ("From the desk", "From the phone")


def test_a_change_beside_a_disabling_does_not_enable_again(member: Client) -> None:
    admin, creator_id = Client(catalog_app(), token=admin_token()), own(member)["id"]

    def disable() -> None:
        ok(admin.put(f"/api/admin/creators/{creator_id}/status", json={"status": "disabled"}))

    with just_before("catalog.creators.taken_pictures", disable):
        assert change(member, bio="Still here")["status"] == "disabled"


def test_a_picture_is_taken_into_the_creators_own_folder(member: Client, bucket: str) -> None:
    address = ok(
        member.post("/api/creator/upload-image", json={"fileName": "me.png", "fileType": "image/png"})
    )
    put_where_announced(address["imageUrl"])
    folder = f"creators/{own(member)['id']}/"
    first = change(member, profileImage=address["imageUrl"])["profileImage"]
    assert folder in first
    assert change(member, profileImage=first)["profileImage"] == first
    assert [key for key in stored_files() if key.startswith(folder)] == [first[first.index(folder) :]]
    assert change(member, profileImage="")["profileImage"] == ""
    assert not [key for key in stored_files() if key.startswith(folder)]


def stored_files() -> list[str]:
    """The keys of all that lies in the bucket."""
    found = media.get_client().list_objects_v2(Bucket=config.bucket_name())
    return [each["Key"] for each in found.get("Contents", [])]


def put_where_announced(address: str) -> None:
    """Stores a picture where a browser would have PUT it."""
    media.store(media.key_of(address), picture(), "image/png")


def test_an_upload_that_never_came_is_named(member: Client, bucket: str) -> None:
    address = ok(
        member.post("/api/creator/upload-image", json={"fileName": "me.png", "fileType": "image/png"})
    )
    answer = member.put(PROFILE, json={"coverImage": address["imageUrl"]})
    assert "coverImage" in str(problem(answer, 400, "VALIDATION_ERROR")["details"])


def test_mails_are_chosen_one_by_one(member: Client) -> None:
    path = "/api/creator/notification-preferences"
    chosen = ok(member.put(path, json={"milestones": False}))["creator"]["notificationPreferences"]
    assert chosen == {
        "productApproval": True,
        "productRejection": True,
        "accountStatusChange": True,
        "milestones": False,
    }
    ok(member.put(path, json={"productApproval": False, "other": True}))
    assert own(member)["notificationPreferences"] == chosen | {"productApproval": False}
    problem(member.put(path, json={"milestones": "perhaps"}), 400, "VALIDATION_ERROR")
    problem(client_of(new_account(Role.CREATOR)).put(path, json={}), 404, "NOT_FOUND")
    assert audit_of("Creator", own(member)["id"])[-1].action == "UPDATE"


def test_a_creator_that_was_moved_in_is_shown_with_a_whole_theme(visitor: Client) -> None:
    new_creator("moved", theme={"primary_color": "#000000"}, social_links={"instagram": "studio.two"})
    shown = ok(visitor.get("/api/creators/moved"))
    assert shown["theme"] == {"primaryColor": "#000000", "accentColor": "#10B981", "font": "Inter"}
    assert shown["creator"]["socialLinks"] == {"instagram": "studio.two"}


def test_what_was_moved_in_may_be_sent_back_as_it_was_shown(table: str) -> None:
    account = new_account(Role.CREATOR)
    new_creator("moved", user_id=account.id, social_links={"instagram": "studio.two"})
    me = client_of(account)
    assert change(me, **own(me) | {"bio": "New"})["socialLinks"] == {"instagram": "studio.two"}


@pytest.mark.parametrize("path", ["/api/creator/upload-image", "/api/admin/upload-image"])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "INVALID_REQUEST"),
        ({"fileType": "image/png"}, "VALIDATION_ERROR"),
        ({"fileName": "a.gif", "fileType": "image/gif"}, "VALIDATION_ERROR"),
        ({"fileName": "a.png", "fileType": "image/png", "fileSize": 0}, "VALIDATION_ERROR"),
        ({"fileName": "a.png", "fileType": "image/png", "fileSize": 5 * 1024**2 + 1}, "FILE_TOO_LARGE"),
    ],
)
def test_what_cannot_be_uploaded_is_refused(admin: Client, path: str, body: Any, code: str) -> None:
    sent = {"json": body} if body else {"data": ""}
    problem(admin.post(path, **sent), 400, code)


def test_an_upload_address_is_good_for_five_minutes(admin: Client) -> None:
    body = {"fileName": "../../x y.webp", "fileType": "image/webp", "fileSize": 5 * 1024**2}
    before = milliseconds()
    answer = ok(admin.post("/api/admin/upload-image", json=body))
    assert before + 299_000 < answer["expiresAt"] < before + 330_000
    assert "/incoming/creators/" in answer["imageUrl"]
    assert answer["imageUrl"].endswith(".webp")
    assert "x y" not in answer["uploadUrl"]
    editor = client_of(new_account(Role.EDITOR))
    ok(editor.post("/api/admin/upload-image", json=body))
    problem(editor.post("/api/creator/upload-image", json=body), 403, "FORBIDDEN")
    creator = client_of(new_account(Role.CREATOR))
    problem(creator.post("/api/admin/upload-image", json=body), 403, "FORBIDDEN")


def milliseconds() -> int:
    """The time in epoch milliseconds."""
    return int(utc_now().timestamp() * 1000)


COLOURS = st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
THEMES = st.fixed_dictionaries(
    {
        "primaryColor": COLOURS,
        "accentColor": COLOURS,
        "font": TEXTS.filter(lambda text: text.strip() and len(text) <= 100),
    }
)
LINKS = st.dictionaries(
    st.sampled_from(["instagram", "pinterest", "tiktok"]),
    st.from_regex(r"https://[a-z]{1,8}\.example/[a-z0-9@]{0,20}", fullmatch=True),
)
PROFILES = st.fixed_dictionaries(
    {},
    optional={
        "displayName": TEXTS.map(str.strip).filter(lambda text: 1 <= len(text) <= 100),
        "bio": TEXTS.filter(lambda text: len(text) <= 500),
        "socialLinks": LINKS,
        "theme": THEMES,
    },
)


@pytest.mark.exhaustive
@given(PROFILES)
def test_any_profile_comes_back_as_it_was_saved(table: str, profile: dict[str, Any]) -> None:
    me = one_creator()
    changed = change(me, **profile)
    assert {name: changed[name] for name in profile} == profile
    shown = ok(Client(catalog_app()).get(f"/api/creators/{changed['slug']}"))
    assert {name: shown["creator"][name] for name in profile} == profile
    assert shown["theme"] == changed["theme"]


def one_creator() -> Client:
    """A creator who is the same for every example of a test."""
    there = CREATORS.get("id-one")
    account = ACCOUNTS.get(str(there.user_id)) if there else None
    if account is None:
        account = new_account(Role.CREATOR)
        new_creator("one", user_id=account.id)
    return client_of(account)
