"""Creators as rows, how they are added, and how they are found."""

from dataclasses import replace

import pytest

from common.dynamodb import AT_ONCE, UnitOfWork, Update, delete_item, get_item, meter, update_item
from common.errors import Conflict, Forbidden, NotFound
from common.http import Identity, Role
from common.repositories.creators import (
    CREATORS,
    Creator,
    active_creator,
    all_creators,
    creator_by_slug,
    creator_by_user,
    creator_is_active_check,
    creator_of,
    give_to_user,
    valid_slug,
)

MOMENT, LATER = "2026-01-31T10:00:00.000Z", "2026-02-01T10:00:00.000Z"
PLAIN = Creator(id="c1", slug="studio-one", display_name="Studio One", created_at=MOMENT, updated_at=MOMENT)
FULL = Creator(
    id="c2",
    slug="studio-two",
    display_name="Studio Two ✍",
    created_at=LATER,
    updated_at=LATER,
    user_id="u2",
    status="disabled",
    bio="Prints",
    profile_image="uploads/a.png",
    cover_image="uploads/b.png",
    social_links={"instagram": "studio.two"},
    theme={"primary_color": "#000000", "accent_color": "#FF6B6B", "font": "Inter"},
    notification_preferences={"milestones": False},
)


def add(creator: Creator) -> Creator:
    with UnitOfWork() as work:
        CREATORS.add(work, creator)
    return creator


@pytest.mark.parametrize("creator", [PLAIN, FULL], ids=["plain", "full"])
def test_a_creator_is_the_same_after_it_was_a_row(table: str, creator: Creator) -> None:
    add(creator)
    assert CREATORS.get(creator.id) == creator
    assert creator_by_slug(creator.slug) == creator
    assert CREATORS.get("c9") is None


def test_a_creator_is_found_by_slug_and_by_account(table: str) -> None:
    add(PLAIN)
    add(FULL)
    assert creator_by_slug("nobody") is None
    assert creator_by_user("u2") == FULL
    assert creator_by_user("nobody") is None


def test_creators_are_listed_in_the_order_of_their_creation_in_one_trip(table: str) -> None:
    add(FULL)
    add(PLAIN)
    with meter() as usage:
        assert all_creators() == [PLAIN, FULL]
    assert usage.calls == 1


def test_the_slug_is_its_creators_alone(table: str) -> None:
    add(PLAIN)
    with pytest.raises(Conflict, match="Creator with slug 'studio-one' already exists"):
        add(replace(FULL, slug="studio-one"))
    assert CREATORS.get("c2") is None


def test_an_id_that_is_taken_is_never_written_over(table: str) -> None:
    add(PLAIN)
    with pytest.raises(Conflict, match="Creator c1 already exists"):
        add(replace(FULL, id="c1"))
    assert CREATORS.get("c1") == PLAIN
    assert creator_by_slug("studio-two") is None


def test_a_creator_without_an_account_is_given_to_one(table: str) -> None:
    add(PLAIN)
    given = give_to_user(PLAIN, "u1", LATER)
    assert given == replace(PLAIN, user_id="u1", updated_at=LATER, version=2)
    assert CREATORS.get("c1") == given
    assert creator_by_user("u1") == given


def test_a_creator_is_not_taken_from_an_account(table: str) -> None:
    add(FULL)
    with pytest.raises(Conflict, match="'studio-two' has an account already"):
        give_to_user(replace(FULL, user_id=None), "u1", LATER)
    assert CREATORS.get("c2") == FULL


def test_a_deleted_creator_does_not_come_back_with_an_account(table: str) -> None:
    add(PLAIN)
    delete_item(("CREATOR#c1", "METADATA"))
    with pytest.raises(Conflict):
        give_to_user(PLAIN, "u1", LATER)
    assert get_item(("CREATOR#c1", "METADATA")) is None


def test_an_account_acts_for_one_creator(table: str) -> None:
    add(FULL)
    with pytest.raises(Conflict, match="acts for a creator already"):
        add(replace(PLAIN, user_id="u2"))
    assert creator_by_user("u2") == FULL
    assert CREATORS.get("c1") is None


def test_an_account_is_not_given_a_second_creator(table: str) -> None:
    add(FULL)
    add(PLAIN)
    with pytest.raises(Conflict, match="acts for a creator already"):
        give_to_user(PLAIN, "u2", LATER)
    assert CREATORS.get("c1") == PLAIN


def test_a_creator_whom_the_index_does_not_show_yet_is_found_all_the_same(table: str) -> None:
    add(FULL)
    update_item(CREATORS.key("c2"), Update().remove("GSI3PK", "GSI3SK"))
    with meter() as usage:
        assert creator_by_user("u2") == FULL
    assert usage.calls == 3


def test_a_creator_of_before_accounts_were_reserved_is_found(table: str) -> None:
    add(FULL)
    delete_item(("UNIQUE#CREATOR_USER#u2", "METADATA"))
    with meter() as usage:
        assert creator_by_user("u2") == FULL
    assert usage.calls == 1


def test_who_acts_for_nobody_is_told_so(table: str) -> None:
    add(FULL)
    assert creator_of(Identity("u2", "two", Role.CREATOR)) == FULL
    with pytest.raises(NotFound, match="Creator not found"):
        creator_of(Identity("u9", "nine", Role.CREATOR))


def test_everybody_sees_active_creators_in_one_trip(table: str) -> None:
    add(PLAIN)
    add(FULL)
    with meter() as usage:
        assert active_creator("studio-one") == PLAIN
    assert usage.calls == 1
    assert active_creator("studio-two") is None
    assert active_creator("nobody") is None


def test_what_needs_an_active_creator_is_refused_beside_a_disabling(table: str) -> None:
    add(PLAIN)

    def write(creator: Creator) -> None:
        with UnitOfWork() as work:
            creator_is_active_check(work, creator)
            work.put({"PK": "PRODUCT#1", "SK": "METADATA"})

    write(PLAIN)
    delete_item(("PRODUCT#1", "METADATA"))
    CREATORS.change(AT_ONCE, PLAIN, replace(PLAIN, status="disabled"))
    with pytest.raises(Forbidden, match="disabled"):
        write(PLAIN)
    with pytest.raises(NotFound, match="Creator not found"):
        write(FULL)
    assert get_item(("PRODUCT#1", "METADATA")) is None


def test_mail_is_wanted_until_somebody_says_that_it_is_not() -> None:
    assert PLAIN.wants("milestones")
    assert FULL.wants("productApproval")
    assert not FULL.wants("milestones")
    assert not replace(PLAIN, notification_preferences={"milestones": "yes"}).wants("milestones")  # type: ignore[dict-item]


@pytest.mark.parametrize("slug", ["x", "7", "studio-one", "a--b", "a-1-b"])
def test_slugs(slug: str) -> None:
    assert valid_slug(slug)


@pytest.mark.parametrize("slug", ["", "-", "-a", "a-", "A", "a b", "a_b", "città", "a\n", "a/b", "a#b"])
def test_what_is_no_slug(slug: str) -> None:
    assert not valid_slug(slug)
