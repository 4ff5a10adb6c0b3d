"""Creators: their type, their rows, how they are added and how they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from common import prefixes
from common.dynamodb import AT_ONCE, Index, Item, Unique, attr, get_item
from common.dynamodb.rows import Rows
from common.dynamodb.unique import marker_key
from common.errors import Conflict

ACTIVE, DISABLED = "active", "disabled"
SLUG_KIND = "CREATOR_SLUG"

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


_BY_SLUG: Index[Creator] = Index("GSI1", prefixes.CREATOR_SLUG + "#{slug}", "METADATA")
_OLDEST: Index[Creator] = Index("GSI2", prefixes.CREATOR, "{created_at}#{id}")
_BY_USER: Index[Creator] = Index(
    "GSI3", prefixes.CREATOR_USER + "#{user_id}", "METADATA", when=lambda creator: bool(creator.user_id)
)

CREATORS = Rows(
    Creator,
    "Creator",
    key=prefixes.CREATOR + "#{id}",
    indexes=(_BY_SLUG, _OLDEST, _BY_USER),
    unique=(Unique(SLUG_KIND, "slug"),),
)


def valid_slug(slug: str) -> bool:
    """Whether it has only [a-z0-9-] and neither begins nor ends with a hyphen."""
    return _SLUG.fullmatch(slug) is not None


def creator_by_slug(slug: str) -> Creator | None:
    """The creator who has claimed this slug, by two consistent reads: nobody is missed or found too late."""
    marker = get_item(marker_key(SLUG_KIND, slug), consistent=True)
    item = get_item((marker["owner"], "METADATA"), consistent=True) if marker else None
    return CREATORS.of(item) if item else None


def creator_by_user(user_id: str) -> Creator | None:
    """The creator for whom this account acts, by one query of GSI3 (eventually consistent)."""
    return CREATORS.first(_BY_USER.query(user_id=user_id))


def all_creators() -> list[Creator]:
    """Every creator, the oldest first, by one query of GSI2 (eventually consistent)."""
    return CREATORS.all(_OLDEST.query())


def give_to_user(creator: Creator, user_id: str, now: str) -> Creator:
    """Lets an account act for a creator who has none; `now` in ISO 8601 UTC. Raises Conflict."""

    def refused(found: Item | None) -> Exception:
        if found is not None and "user_id" not in found:
            return CREATORS.refused(found)
        return Conflict(f"Creator '{creator.slug}' has an account already")

    given = replace(creator, user_id=user_id, updated_at=now)
    # Stops two accounts at once from both taking the creator, and a deleted creator from coming back.
    return CREATORS.change(AT_ONCE, creator, given, condition=attr("user_id").missing(), failed=refused)
