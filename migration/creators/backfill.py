"""Gives the products that belong to no creator to one, who is created when the slug is free.

Everything may be repeated: a product that has a creator keeps it, whoever it is. Products that were given
to a creator before lists knew of creators get what their rows lack.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from common.clock import iso, utc_now
from common.dynamodb import Key, UnitOfWork, attr, from_wire
from common.errors import Conflict, ShopError
from common.repositories.creators import (
    CREATORS,
    Creator,
    creator_by_slug,
    give_to_user,
    valid_slug,
)
from migration.creators.owning import give_to_creator
from migration.mapping.entity import MALFORMED
from migration.reports import Report, Section
from tools.errors import ToolError, engine_errors
from tools.progress import Progress, silent
from tools.scanning import scan_pages

THEME = {"primary_color": "#000000", "accent_color": "#FF6B6B", "font": "Inter"}


@dataclass(slots=True)
class Backfill:
    """What was done, and what a second look at every product found; product ids as in their keys.

    `incomplete` are the products with a creator whose rows do not say so to lists. With `is_dry` nothing was
    done: `created` says whether the creator would be, and `missing` has the products that would be given to
    it.
    """

    creator: Creator
    created: bool
    is_dry: bool = False
    processed: int = 0
    updated: int = 0
    completed: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    creator_exists: bool = False
    with_creator: int = 0
    missing: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every product has a creator now, or nothing was to be done yet."""
        return self.is_dry or (self.creator_exists and not self.missing and not self.incomplete)

    def report(self) -> Report:
        """The same for people and for programs."""
        summary = self._plan() if self.is_dry else self._outcome()
        sections = [
            Section("Failed", ("product", "reason"), self.failed),
            Section("Without a creator", ("product",), [(product_id,) for product_id in self.missing]),
            Section("Unknown to lists", ("product",), [(product_id,) for product_id in self.incomplete]),
        ]
        return Report("creators", "Creators", self.passed, summary, sections, self._figures())

    def _plan(self) -> list[str]:
        state = "would be created" if self.created else f"is there, id {self.creator.id}"
        return [
            f"creator {self.creator.slug} {state}",
            f"{self.processed} products: {len(self.missing)} would get it, {self.skipped} have a creator",
            *_those(len(self.incomplete), "would be completed"),
            "nothing was written",
        ]

    def _outcome(self) -> list[str]:
        state = "created" if self.created else "was there"
        counts = f"{self.updated} updated, {self.skipped} had a creator, {len(self.failed)} failed"
        return [
            f"creator {self.creator.slug} {state}, id {self.creator.id}",
            f"{self.processed} products: {counts}",
            *_those(self.completed, "were completed"),
            f"verified: {self.with_creator} with a creator, {len(self.missing)} without",
        ]

    def _figures(self) -> dict[str, Any]:
        return {
            "dryRun": self.is_dry,
            "creatorId": None if self.is_dry and self.created else self.creator.id,
            "creatorCreated": self.created,
            "processed": self.processed,
            "updated": self.updated,
            "completed": self.completed,
            "skipped": self.skipped,
            "failed": len(self.failed),
            "verification": {
                "creatorExists": self.creator_exists,
                "withCreator": self.with_creator,
                "withoutCreator": len(self.missing),
                "missingIds": self.missing,
                "incompleteIds": self.incomplete,
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
        there = _look()
        done.processed, done.skipped = there.owned + len(there.unowned), there.owned - len(there.incomplete)
        if dry_run:
            done.creator_exists = not created
            _note(done, there)
            done.skipped = there.owned
            return done
        with progress("Products", len(there.left)) as advance:
            for product_id in there.left:
                _give(product_id, iso(clock()), done)
                advance(1)
        done.skipped += done.completed
        done.creator_exists = CREATORS.get(creator.id) is not None
        _note(done, _look())
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


@dataclass(slots=True)
class _Found:
    """The products that there are: how many have a creator, and the ids of what is left to do."""

    owned: int
    unowned: list[str]
    incomplete: list[str]

    @property
    def left(self) -> list[str]:
        return self.unowned + self.incomplete


def _look() -> _Found:
    """A scan of both rows of every product."""
    documents: dict[str, bool] = {}
    listed: set[str] = set()
    rows = attr("PK").begins_with("PRODUCT#") & (attr("SK").eq("METADATA") | attr("SK").eq("LISTING"))
    for page in scan_pages(where=rows, select=("PK", "SK", "creator_id")):
        for wire in page.items:
            item = from_wire(wire)
            if item["SK"] == "METADATA":
                documents[_id_of((item["PK"], ""))] = "creator_id" in item
            elif "creator_id" in item:
                listed.add(_id_of((item["PK"], "")))
    in_order = sorted(documents, key=lambda product_id: (len(product_id), product_id))
    return _Found(
        owned=sum(documents.values()),
        unowned=[each for each in in_order if not documents[each]],
        incomplete=[each for each in in_order if documents[each] and each not in listed],
    )


def _note(done: Backfill, found: _Found) -> None:
    done.with_creator, done.missing, done.incomplete = found.owned, found.unowned, found.incomplete


def _give(product_id: str, now: str, done: Backfill) -> None:
    try:
        outcome = give_to_creator(int(product_id), done.creator.id, now)
    except (BotoCoreError, ClientError, ShopError, *MALFORMED) as error:
        done.failed.append((product_id, str(error)))
        return
    done.updated += outcome == "given"
    done.completed += outcome == "completed"
    done.skipped += outcome == "left"


def _those(count: int, words: str) -> list[str]:
    return [f"{count} that had a creator {words}, so that lists know it"] if count else []


def _id_of(key: Key) -> str:
    return key[0].removeprefix("PRODUCT#")
