"""Creators: their type, their rows, how they are added and how they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from common import prefixes
from common.audit import Actor
from common.dynamodb import AT_ONCE, Index, Item, Unique, UnitOfWork, attr, get_item
from common.dynamodb.rows import Rows
from common.dynamodb.unique import marker_key
from common.errors import Conflict, Forbidden, NotFound

ACTIVE, DISABLED = "active", "disabled"
STATUSES = (ACTIVE, DISABLED)
SLUG_KIND, USER_KIND = "CREATOR_SLUG", "CREATOR_USER"

# What a creator may be told of by mail, in the words of the marketplace's clients.
PRODUCT_APPROVAL, PRODUCT_REJECTION = "productApproval", "productRejection"
STATUS_CHANGE, MILESTONES = "accountStatusChange", "milestones"
MAILS = (PRODUCT_APPROVAL, PRODUCT_REJECTION, STATUS_CHANGE, MILESTONES)

NOT_FOUND = "Creator not found"

_SLUG = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """Someone who shows work in the shop; `slug` opens their page's address, times in ISO 8601 UTC.

    `user_id` is the account that may act for them, None until there is one; `notification_preferences`
    has a bool for each kind of message, None where nothing was chosen. `works_pending` says since when
    their works have yet to follow a change of `status`.
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
    works_pending: str | None = None

    @property
    def is_active(self) -> bool:
        """Whether the shop shows them and their works."""
        return self.status == ACTIVE

    def wants(self, kind: str) -> bool:
        """Whether they are told by mail of this one of MAILS: unless they have said otherwise."""
        return (self.notification_preferences or {}).get(kind, True) is True


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
    unique=(
        Unique(SLUG_KIND, "slug"),
        Unique(USER_KIND, "user_id", taken="The account acts for a creator already"),
    ),
)


def valid_slug(slug: str) -> bool:
    """Whether it has only [a-z0-9-] and neither begins nor ends with a hyphen."""
    return _SLUG.fullmatch(slug) is not None


def creator_by_slug(slug: str) -> Creator | None:
    """The creator who has claimed this slug, by two consistent reads: nobody is missed or found too late."""
    marker = get_item(marker_key(SLUG_KIND, slug), consistent=True)
    item = get_item((marker["owner"], "METADATA"), consistent=True) if marker else None
    return CREATORS.of(item) if item else None


def active_creator(slug: str) -> Creator | None:
    """The creator whom everybody may see under this slug, by one query of GSI1 (eventually consistent)."""
    creator = CREATORS.first(_BY_SLUG.query(slug=slug))
    return creator if creator is not None and creator.is_active else None


def creator_by_user(user_id: str) -> Creator | None:
    """The creator for whom this account acts, disabled ones too.

    By one query of GSI3; where that finds none, which it does for a moment after a sign-up, by two
    consistent reads.
    """
    found = CREATORS.first(_BY_USER.query(user_id=user_id))
    if found is not None:
        return found
    marker = get_item(marker_key(USER_KIND, user_id), consistent=True)
    item = get_item((marker["owner"], "METADATA"), consistent=True) if marker else None
    return CREATORS.of(item) if item else None


def creator_of(caller: Actor) -> Creator:
    """The creator for whom a signed-in caller acts, see `creator_by_user`; NotFound where there is none."""
    creator = creator_by_user(str(caller.id))
    if creator is None:
        raise NotFound(NOT_FOUND)
    return creator


def creator_is_active_check(work: UnitOfWork, creator: Creator) -> None:
    """Makes a unit of work fail at its commit with Forbidden for a disabled creator, NotFound for none."""

    def refused(found: Item | None) -> Exception:
        return Forbidden("This creator is disabled") if found else NotFound(NOT_FOUND)

    # Stops a work from being added beside the disabling of its creator, which would not find it.
    work.check(CREATORS.key_of(creator), attr("status").eq(ACTIVE), failed=refused)


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
