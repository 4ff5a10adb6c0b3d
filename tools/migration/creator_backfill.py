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
    Creator,
    add_creator,
    creator_by_id,
    creator_by_slug,
    give_to_user,
    valid_slug,
)
from tools.errors import ToolError, engine_errors
from tools.migration.progress import Progress, silent
from tools.migration.reports import Report, Section
from tools.scanning import scan_pages

THEME = {"primary_color": "#000000", "accent_color": "#FF6B6B", "font": "Inter"}
APPROVED = "approved"


@dataclass(slots=True)
class Backfill:
    """What was done, and what a second look at every product found; product ids as in their keys."""

    creator: Creator
    created: bool
    processed: int = 0
    updated: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    creator_exists: bool = False
    with_creator: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every product has a creator now."""
        return self.creator_exists and not self.missing

    def report(self) -> Report:
        """The same for people and for programs."""
        state = "created" if self.created else "was there"
        counts = f"{self.updated} updated, {self.skipped} had a creator, {len(self.failed)} failed"
        summary = [
            f"creator {self.creator.slug} {state}, id {self.creator.id}",
            f"{self.processed} products: {counts}",
            f"verified: {self.with_creator} with a creator, {len(self.missing)} without",
        ]
        sections = [
            Section("Failed", ("product", "reason"), self.failed),
            Section("Without a creator", ("product",), [(product_id,) for product_id in self.missing]),
        ]
        return Report("creators", "Creators", self.passed, summary, sections, self._figures())

    def _figures(self) -> dict[str, Any]:
        return {
            "creatorId": self.creator.id,
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
    progress: Progress = silent,
    clock: Callable[[], datetime] = utc_now,
) -> Backfill:
    """Give every product without a creator to the one with this slug, deleted products too.

    Raises ToolError for a slug that cannot be one, a creator of another account, or an engine that does
    not answer.
    """
    if not valid_slug(slug):
        raise ToolError(f"{slug!r} is no slug: a-z, 0-9 and hyphens, none of them first or last")
    with engine_errors():
        creator, created = _creator(slug, name, user_id, iso(clock()))
        done = Backfill(creator, created)
        owned, keys = _look()
        done.processed, done.skipped = owned + len(keys), owned
        with progress("Products", len(keys)) as advance:
            for key in keys:
                _assign(key, iso(clock()), done)
                advance(1)
        done.creator_exists = creator_by_id(creator.id) is not None
        done.with_creator, missing = _look()
        done.missing = [_id_of(key) for key in missing]
    return done


def _creator(slug: str, name: str, user_id: str | None, now: str) -> tuple[Creator, bool]:
    creator = creator_by_slug(slug)
    if creator is None:
        fresh = Creator(
            id=str(uuid4()),
            slug=slug,
            display_name=name,
            created_at=now,
            updated_at=now,
            user_id=user_id,
            theme=THEME,
        )
        try:
            with UnitOfWork() as work:
                add_creator(work, fresh)
        except Conflict:
            # Another run created the same one a moment ago.
            creator = creator_by_slug(slug)
            if creator is None:
                raise
        else:
            return fresh, True
    return _of_user(creator, user_id, now), False


def _of_user(creator: Creator, user_id: str | None, now: str) -> Creator:
    if user_id is None or creator.user_id == user_id:
        return creator
    if creator.user_id is not None:
        raise ToolError(f"The creator {creator.slug} belongs to the account {creator.user_id}, not {user_id}")
    return give_to_user(creator, user_id, now)


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
