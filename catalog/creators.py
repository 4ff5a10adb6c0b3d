"""Creators' profiles: who is listed, and how a creator changes what is shown of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.collation import folded
from common.dynamodb import UnitOfWork
from common.errors import NotFound
from common.optimistic import retry_when_stale, unchecked
from common.picture_files import PictureFiles, discard
from common.repositories.accounts import ACCOUNTS
from common.repositories.creators import CREATORS, NOT_FOUND, Creator, all_creators, creator_of

ENTITY = "Creator"
PICTURES = {"profile_image": "profileImage", "cover_image": "coverImage"}

Check = Callable[[Creator], None]


def listed_creators(search: str, *, sees_all: bool) -> list[Creator]:
    """Those whose name, slug or bio holds `search`, the newest first; active ones alone unless `sees_all`."""
    wanted = folded(search)
    found = (creator for creator in reversed(all_creators()) if sees_all or creator.is_active)
    return [creator for creator in found if not wanted or _mentions(creator, wanted)]


def existing_creator(creator_id: str) -> Creator:
    """The creator with this id at this moment; else NotFound."""
    creator = CREATORS.get(creator_id)
    if creator is None:
        raise NotFound(NOT_FOUND)
    return creator


def own_profile(caller: Actor) -> Creator:
    """The creator for whom the caller acts, as it is at this moment; NotFound where there is none."""
    return existing_creator(creator_of(caller).id)


def change_profile(
    creator_id: str, data: Mapping[str, Any], actor: Actor, now: datetime, *, check: Check = unchecked
) -> Creator:
    """The creator with these fields, those of the theme one by one, and a new `updated_at`.

    `check` sees the creator on whom the change is decided, and may refuse it. Raises NotFound, and
    InvalidInput for an upload that is gone or no picture.
    """
    with PictureFiles(picture_folder(creator_id)) as files:
        before, after = retry_when_stale(lambda: _change(creator_id, data, files, actor, now, check))
    discard(_pictures(before) - _pictures(after), picture_folder(creator_id))
    return after


def choose_mails(creator_id: str, wanted: Mapping[str, bool], actor: Actor, now: datetime) -> Creator:
    """The creator who wants to be told of these of MAILS by mail, or not; what is not named stays."""
    return retry_when_stale(lambda: _choose_mails(creator_id, wanted, actor, now))


def accounts_of(creators: Iterable[Creator]) -> dict[str, str]:
    """The e-mail address of each account that acts for one of them, by its id; one read for each hundred."""
    keys = {ACCOUNTS.key(creator.user_id) for creator in creators if creator.user_id}
    return {account.id: account.email for account in ACCOUNTS.many(keys, consistent=False).values()}


def works_of_creators() -> Counter[str]:
    """How many works each creator has that are not deleted, by the creator's id.

    Counted in the catalogue that the process holds: one query where it does.
    """
    from catalog.index import freshness

    return Counter(row.creator_id for row in freshness.current().rows() if row.creator_id)


def picture_folder(creator_id: str) -> str:
    """Where the files of a creator lie."""
    return f"creators/{creator_id}"


def taken_pictures(data: Mapping[str, Any], files: PictureFiles, named: set[str]) -> dict[str, Any]:
    """The pictures in `data` as a creator who names the keys `named` may name them."""
    return {
        name: files.take(data[name], named, field=field) if data[name] else ""
        for name, field in PICTURES.items()
        if name in data
    }


def _change(
    creator_id: str,
    data: Mapping[str, Any],
    files: PictureFiles,
    actor: Actor,
    now: datetime,
    check: Check,
) -> tuple[Creator, Creator]:
    before = existing_creator(creator_id)
    check(before)
    fields = {**data, **taken_pictures(data, files, _pictures(before))}
    if "theme" in fields:
        fields["theme"] = {**before.theme, **fields["theme"]}
    after = replace(before, **fields, updated_at=iso(now))
    old = {name: getattr(before, name) for name in fields}
    changes = changes_between(old, fields)
    with UnitOfWork() as work:
        stored = CREATORS.change(work, before, after)
        if changes:
            record(
                work,
                actor=actor,
                action="UPDATE",
                entity_type=ENTITY,
                entity_id=creator_id,
                now=now,
                changes=changes,
            )
    return before, stored


def _choose_mails(creator_id: str, wanted: Mapping[str, bool], actor: Actor, now: datetime) -> Creator:
    before = existing_creator(creator_id)
    preferences = {**(before.notification_preferences or {}), **wanted}
    with UnitOfWork() as work:
        stored = CREATORS.change(
            work, before, replace(before, notification_preferences=preferences, updated_at=iso(now))
        )
        record(
            work,
            actor=actor,
            action="UPDATE",
            entity_type=ENTITY,
            entity_id=creator_id,
            now=now,
            changes={
                "notification_preferences": {"old": before.notification_preferences, "new": preferences}
            },
        )
    return stored


def _pictures(creator: Creator) -> set[str]:
    return {key for name in PICTURES if (key := getattr(creator, name))}


def _mentions(creator: Creator, wanted: str) -> bool:
    return any(wanted in folded(text) for text in (creator.display_name, creator.slug, creator.bio))
