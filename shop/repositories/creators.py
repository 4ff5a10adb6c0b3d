"""Creators: their type, their rows, how they are added and how they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from common.dynamodb import (
    ConditionFailed,
    Item,
    Key,
    Query,
    UnitOfWork,
    Update,
    attr,
    claim,
    fetch_all,
    get_item,
    index_keys,
    update_item,
)
from common.dynamodb.unique import marker_key
from common.errors import Conflict

ACTIVE, DISABLED = "active", "disabled"
SLUG_KIND = "CREATOR_SLUG"
PARTITION = "CREATOR"

_SLUG = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """Someone who shows work in the shop; `slug` opens their page's address, times in ISO 8601 UTC.

    `user_id` is the account that may act for them, None until there is one; `notification_preferences`
    has a bool for each kind of message, None where nothing was chosen.
    """

    id: str
    slug: str
    display_name: str
    created_at: str
    updated_at: str
    version: int = 1
    user_id: str | None = None
    status: str = ACTIVE
    bio: str = ""
    profile_image: str = ""
    cover_image: str = ""
    social_links: Mapping[str, str] = field(default_factory=dict)
    theme: Mapping[str, str] = field(default_factory=dict)
    notification_preferences: Mapping[str, bool] | None = None


_FIELDS = tuple(entry.name for entry in fields(Creator))


def valid_slug(slug: str) -> bool:
    """Whether it has only [a-z0-9-] and neither begins nor ends with a hyphen."""
    return _SLUG.fullmatch(slug) is not None


def creator_key(creator_id: str) -> Key:
    """The key of a creator."""
    return f"CREATOR#{creator_id}", "METADATA"


def creator_item(creator: Creator) -> Item:
    """The row of a creator."""
    pk, sk = creator_key(creator.id)
    values: dict[str, Any] = {name: getattr(creator, name) for name in _FIELDS}
    return {
        "PK": pk,
        "SK": sk,
        **index_keys("GSI1", f"CREATOR_SLUG#{creator.slug}", "METADATA"),
        **index_keys("GSI2", PARTITION, f"{creator.created_at}#{creator.id}"),
        **(_user_index(creator.user_id) if creator.user_id else {}),
        **{name: value for name, value in values.items() if value is not None},
    }


def creator_of(item: Item) -> Creator:
    """The creator of its row."""
    return Creator(**{name: item[name] for name in _FIELDS if name in item})


def add_creator(work: UnitOfWork, creator: Creator) -> None:
    """Adds a new creator, who alone has the slug from then on; a taken one is a Conflict."""
    item = creator_item(creator)
    # Stops an id that is there already from being overwritten.
    work.put(item, condition=attr("PK").missing(), failed=Conflict(f"Creator {creator.id} already exists"))
    taken = Conflict(f"Creator with slug '{creator.slug}' already exists")
    claim(work, SLUG_KIND, creator.slug, item["PK"], taken)


def creator_by_id(creator_id: str) -> Creator | None:
    """The creator with this id, by one consistent read."""
    item = get_item(creator_key(creator_id), consistent=True)
    return creator_of(item) if item else None


def creator_by_slug(slug: str) -> Creator | None:
    """The creator who has claimed this slug, by two consistent reads: nobody is missed or found too late."""
    marker = get_item(marker_key(SLUG_KIND, slug), consistent=True)
    item = get_item((marker["owner"], "METADATA"), consistent=True) if marker else None
    return creator_of(item) if item else None


def creator_by_user(user_id: str) -> Creator | None:
    """The creator for whom this account acts, by one query of GSI3 (eventually consistent)."""
    items = fetch_all(Query(f"CREATOR_USER#{user_id}", index="GSI3"), limit=1)
    return creator_of(items[0]) if items else None


def all_creators() -> list[Creator]:
    """Every creator, the oldest first, by one query of GSI2 (eventually consistent)."""
    return [creator_of(item) for item in fetch_all(Query(PARTITION, index="GSI2"))]


def give_to_user(creator: Creator, user_id: str, now: str) -> Creator:
    """Lets an account act for a creator who has none; `now` in ISO 8601 UTC. Raises Conflict."""
    update = Update().set("user_id", user_id).set("updated_at", now).increment("version", 1)
    for name, value in _user_index(user_id).items():
        update.set(name, value)
    # Stops two accounts at once from both taking the creator, and a deleted creator from coming back.
    free = attr("PK").exists() & attr("user_id").missing()
    try:
        return creator_of(update_item(creator_key(creator.id), update, condition=free))
    except ConditionFailed as error:
        raise Conflict(f"Creator '{creator.slug}' has an account already") from error


def _user_index(user_id: str) -> dict[str, str]:
    return index_keys("GSI3", f"CREATOR_USER#{user_id}", "METADATA")
