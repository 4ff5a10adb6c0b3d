"""Gives the products that belong to no creator to one, who is created when the slug is free.

Everything may be repeated: a product that has a creator is left alone, whoever it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from common.clock import iso, utc_now
from common.dynamodb import ConditionFailed, Key, UnitOfWork, Update, attr, from_wire, update_item
from common.errors import Conflict, ShopError
from common.repositories.creators import (
    CREATORS,
    Creator,
    creator_by_slug,
    give_to_user,
    valid_slug,
)
from migration.reports import Report, Section
from tools.errors import ToolError, engine_errors
from tools.progress import Progress, silent
from tools.scanning import scan_pages

THEME = {"primary_color": "#000000", "accent_color": "#FF6B6B", "font": "Inter"}
APPROVED = "approved"


@dataclass(slots=True)
class Backfill:
    """What was done, and what a second look at every product found; product ids as in their keys.

    With `is_dry` nothing was done: `created` says whether the creator would be, and `missing` has the
    products that would be given to it.
    """

    creator: Creator
    created: bool
    is_dry: bool = False
    processed: int = 0
    updated: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    creator_exists: bool = False
    with_creator: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every product has a creator now, or nothing was to be done yet."""
        return self.is_dry or (self.creator_exists and not self.missing)

    def report(self) -> Report:
        """The same for people and for programs."""
        summary = self._plan() if self.is_dry else self._outcome()
        sections = [
            Section("Failed", ("product", "reason"), self.failed),
            Section("Without a creator", ("product",), [(product_id,) for product_id in self.missing]),
        ]
        return Report("creators", "Creators", self.passed, summary, sections, self._figures())

    def _plan(self) -> list[str]:
        state = "would be created" if self.created else f"is there, id {self.creator.id}"
        return [
            f"creator {self.creator.slug} {state}",
            f"{self.processed} products: {len(self.missing)} would get it, {self.skipped} have a creator",
            "nothing was written",
        ]

    def _outcome(self) -> list[str]:
        state = "created" if self.created else "was there"
        counts = f"{self.updated} updated, {self.skipped} had a creator, {len(self.failed)} failed"
        return [
            f"creator {self.creator.slug} {state}, id {self.creator.id}",
            f"{self.processed} products: {counts}",
            f"verified: {self.with_creator} with a creator, {len(self.missing)} without",
        ]

    def _figures(self) -> dict[str, Any]:
        return {
            "dryRun": self.is_dry,
            "creatorId": None if self.is_dry and self.created else self.creator.id,
            "creatorCreated": self.created,
            "processed": self.processed,
            "updated": self.updated,
            "skipped": self.skipped,
            "failed": len(self.failed),
            "verification": {
                "creatorExists": self.creator_exists,
                "withCreator": self.with_creator,
                "withoutCreator": len(self.missing),
                "missingIds": self.missing,
            },
            "ok": self.passed,
        }


def backfill_creators(
    slug: str,
    name: str,
    user_id: str | None = None,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
    clock: Callable[[], datetime] = utc_now,
) -> Backfill:
    """Give every product without a creator to the one with this slug, deleted products too.

    With `dry_run` it only looks. Raises ToolError for a slug that cannot be one, a creator of another
    account, or an engine that does not answer.
    """
    if not valid_slug(slug):
        raise ToolError(f"{slug!r} is no slug: a-z, 0-9 and hyphens, none of them first or last")
    with engine_errors():
        wanted = _fresh(slug, name, user_id, iso(clock()))
        creator, created = _planned(wanted) if dry_run else _creator(wanted)
        done = Backfill(creator, created, is_dry=dry_run)
        owned, keys = _look()
        done.processed, done.skipped = owned + len(keys), owned
        if dry_run:
            done.creator_exists, done.with_creator = not created, owned
            done.missing = [_id_of(key) for key in keys]
            return done
        with progress("Products", len(keys)) as advance:
            for key in keys:
                _assign(key, iso(clock()), done)
                advance(1)
        done.creator_exists = CREATORS.get(creator.id) is not None
        done.with_creator, missing = _look()
        done.missing = [_id_of(key) for key in missing]
    return done


def _fresh(slug: str, name: str, user_id: str | None, now: str) -> Creator:
    return Creator(
        id=str(uuid4()),
        slug=slug,
        display_name=name,
        created_at=now,
        updated_at=now,
        user_id=user_id,
        theme=THEME,
    )


def _planned(wanted: Creator) -> tuple[Creator, bool]:
    creator = creator_by_slug(wanted.slug)
    if creator is None:
        return wanted, True
    _refuse_another_account(creator, wanted.user_id)
    return creator, False


def _creator(wanted: Creator) -> tuple[Creator, bool]:
    creator = creator_by_slug(wanted.slug)
    if creator is None:
        try:
            with UnitOfWork() as work:
                CREATORS.add(work, wanted)
        except Conflict:
            # Another run created the same one a moment ago.
            creator = creator_by_slug(wanted.slug)
            if creator is None:
                raise
        else:
            return wanted, True
    return _of_user(creator, wanted.user_id, wanted.updated_at), False


def _of_user(creator: Creator, user_id: str | None, now: str) -> Creator:
    _refuse_another_account(creator, user_id)
    return creator if user_id in (None, creator.user_id) else give_to_user(creator, str(user_id), now)


def _refuse_another_account(creator: Creator, user_id: str | None) -> None:
    if user_id is not None and creator.user_id not in (None, user_id):
        raise ToolError(f"The creator {creator.slug} belongs to the account {creator.user_id}, not {user_id}")


def _look() -> tuple[int, list[Key]]:
    """How many products have a creator, and the keys of those that have none, in order."""
    owned = 0
    keys: list[Key] = []
    documents = attr("PK").begins_with("PRODUCT#") & attr("SK").eq("METADATA")
    for page in scan_pages(where=documents, select=("PK", "SK", "creator_id")):
        for wire in page.items:
            item = from_wire(wire)
            if "creator_id" in item:
                owned += 1
            else:
                keys.append((item["PK"], item["SK"]))
    return owned, sorted(keys, key=lambda key: (len(key[0]), key))


def _assign(key: Key, now: str, done: Backfill) -> None:
    update = Update().set("creator_id", done.creator.id).set("featured", False)
    update.set("moderation_status", APPROVED).set("updated_at", now).increment("version", 1)
    # Stops a product from losing the creator that it was given meanwhile, and one that was deleted for
    # good from coming back as an empty row.
    unowned = attr("PK").exists() & attr("creator_id").missing()
    try:
        update_item(key, update, condition=unowned)
    except ConditionFailed:
        done.skipped += 1
    except (BotoCoreError, ClientError, ShopError) as error:
        done.failed.append((_id_of(key), str(error)))
    else:
        done.updated += 1


def _id_of(key: Key) -> str:
    return key[0].removeprefix("PRODUCT#")
