"""Signing up as a creator: whose account it is for, which slug it gets, and all of it at once or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from catalog.creator_views import DEFAULT_THEME
from catalog.creators import ENTITY, existing_creator, picture_folder, taken_pictures
from common.accounts import set_role
from common.audit import Actor, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput, NotFound
from common.http import Role, issue_token
from common.optimistic import retry_when_stale
from common.picture_files import PictureFiles
from common.repositories.accounts import ACCOUNTS, Account, account_by_email
from common.repositories.creators import CREATORS, MAILS, Creator, creator_by_user
from common.slugs import name_slug
from common.standing import SETTINGS_ADMIN

# Words that a path of the shop or of its clients has, or that somebody would take for the shop itself.
RESERVED = frozenset(
    {
        "about",
        "account",
        "admin",
        "administrator",
        "api",
        "auth",
        "checkout",
        "creator",
        "creators",
        "help",
        "login",
        "logout",
        "me",
        "moderator",
        "new",
        "null",
        "official",
        "owner",
        "settings",
        "shop",
        "sign-in",
        "sign-up",
        "signin",
        "signup",
        "staff",
        "static",
        "studio",
        "support",
        "system",
        "undefined",
        "uploads",
        "www",
    }
)

# What everybody may leave out of their profile at first.
_EMPTY: Mapping[str, Any] = {"bio": "", "profile_image": "", "cover_image": "", "social_links": {}}


@dataclass(frozen=True, slots=True)
class SignedUp:
    """A new creator, and the account that acts for it; None for the administrator of the settings."""

    creator: Creator
    account: Account | None

    def token(self, now: datetime) -> str:
        """A token of the account as it is now, whose earlier ones a new role has ended; empty without one."""
        if self.account is None:
            return ""
        name = self.account.username or self.account.email
        version = self.account.token_version
        return issue_token(self.account.id, name, Role(self.account.role), now, version=version)


def chosen_slug(username: str) -> str:
    """The slug that a creator of this name gets; InvalidInput where it is none, or means something else."""
    slug = name_slug(username)
    if not slug:
        raise InvalidInput.of_field("username", "must have a letter from a to z or a digit")
    if slug in RESERVED:
        raise InvalidInput.of_field("username", "is reserved, choose another")
    return slug


def named_account_id(data: Mapping[str, Any], caller: Actor) -> str:
    """The id of the account that an administrator names by `user_id` or `email`, else the caller's.

    NotFound when no account has it, InvalidInput when both are given and name two accounts.
    """
    user_id, email = data.get("user_id"), data.get("email")
    if not email:
        return user_id or str(caller.id)
    account = account_by_email(email)
    if account is None:
        raise NotFound("Account not found")
    if user_id and user_id != account.id:
        raise InvalidInput.of_field("email", "must be the address of the account userId")
    return account.id


def add_creator_for(account_id: str, data: Mapping[str, Any], actor: Actor, now: datetime) -> SignedUp:
    """Makes a creator for whom an account acts from now on; a member becomes a creator by that.

    Raises NotFound for an account that is not there, and Conflict for one that acts for a creator already or
    is an editor's, and for a slug that is taken. InvalidInput for a name of which no slug can be made.
    """
    creator = new_creator(account_id, data, now)
    with PictureFiles(picture_folder(creator.id)) as files:
        creator = replace(creator, **taken_pictures(data, files, set()))
        return retry_when_stale(lambda: _add(creator, actor, now))


def give_creator(creator_id: str, account_id: str, actor: Actor, now: datetime) -> Creator:
    """Lets an account act for a creator who has none, or whose account is gone; a member becomes a creator.

    Nothing where it does so already. Raises NotFound for a creator or an account that is not there, and
    Conflict for a creator of another account and for an account that acts for another or is an editor's.
    """
    return retry_when_stale(lambda: _give(creator_id, account_id, actor, now))


def new_creator(account_id: str, data: Mapping[str, Any], now: datetime) -> Creator:
    """The creator that is to be, with pictures as they were sent; InvalidInput for a name without a slug."""
    slug = chosen_slug(data["username"])
    fields = {name: data.get(name, default) for name, default in _EMPTY.items()}
    return Creator(
        id=str(uuid4()),
        slug=slug,
        display_name=data["display_name"],
        user_id=account_id,
        theme={**DEFAULT_THEME, **data.get("theme", {})},
        notification_preferences=dict.fromkeys(MAILS, True),
        created_at=iso(now),
        updated_at=iso(now),
        **fields,
    )


def _add(creator: Creator, actor: Actor, now: datetime) -> SignedUp:
    account = _free_account(str(creator.user_id))
    with UnitOfWork() as work:
        CREATORS.add(work, creator)
        if account is not None:
            account = _promoted(work, account, now)
        record(work, actor=actor, action="CREATE", entity_type=ENTITY, entity_id=creator.id, now=now)
    return SignedUp(creator, account)


def _give(creator_id: str, account_id: str, actor: Actor, now: datetime) -> Creator:
    before = existing_creator(creator_id)
    if before.user_id == account_id:
        return before
    if before.user_id == SETTINGS_ADMIN or (before.user_id and ACCOUNTS.get(before.user_id)):
        raise Conflict("Another account acts for the creator")
    account = _free_account(account_id)
    changes = {"user_id": {"old": before.user_id, "new": account_id}}
    with UnitOfWork() as work:
        after = CREATORS.change(work, before, replace(before, user_id=account_id, updated_at=iso(now)))
        if account is not None:
            _promoted(work, account, now)
        record(
            work,
            actor=actor,
            action="UPDATE",
            entity_type=ENTITY,
            entity_id=creator_id,
            now=now,
            changes=changes,
        )
    return after


def _free_account(account_id: str) -> Account | None:
    """The account that acts for nobody yet; None for the administrator of the settings."""
    account = _account(account_id)
    # Its marker refuses a second one at the commit; creators of before there were markers are found by this.
    if creator_by_user(account_id) is not None:
        raise Conflict("The account acts for a creator already")
    return account


def _account(account_id: str) -> Account | None:
    if account_id == SETTINGS_ADMIN:
        return None
    account = ACCOUNTS.get(account_id)
    if account is None:
        raise NotFound("Account not found")
    if account.role == Role.EDITOR:
        raise Conflict("An editor's account acts for no creator")
    return account


def _promoted(work: UnitOfWork, account: Account, now: datetime) -> Account:
    """The account as one that may do what creators do; its version refuses a deletion beside it."""
    if account.role != Role.MEMBER:
        ACCOUNTS.guard(work, account)
        return account
    return set_role(work, account, Role.CREATOR, now)
