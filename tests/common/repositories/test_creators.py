"""Creators as rows, how they are added, and how they are found."""

from dataclasses import replace

import pytest

from common.dynamodb import UnitOfWork, delete_item, get_item, meter
from common.errors import Conflict
from common.repositories.creators import (
    CREATORS,
    Creator,
    all_creators,
    creator_by_slug,
    creator_by_user,
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


@pytest.mark.parametrize("slug", ["x", "7", "studio-one", "a--b", "a-1-b"])
def test_slugs(slug: str) -> None:
    assert valid_slug(slug)


@pytest.mark.parametrize("slug", ["", "-", "-a", "a-", "A", "a b", "a_b", "città", "a\n", "a/b", "a#b"])
def test_what_is_no_slug(slug: str) -> None:
    assert not valid_slug(slug)
