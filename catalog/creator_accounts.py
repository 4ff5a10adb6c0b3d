"""Signing up as a creator without an account: both are made, or neither."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from catalog.creator_sign_up import SignedUp, new_creator
from catalog.creators import ENTITY, picture_folder, taken_pictures
from common import config
from common.accounts import new_account, usable_address, usable_username
from common.audit import record
from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput, TooManyRequests, Unauthenticated
from common.http import Role
from common.networks import network_of
from common.passwords import refuse_unusable
from common.picture_files import PictureFiles
from common.repositories.creators import CREATORS, Creator
from common.repositories.rate_limits import Limit, LimitReachedError, reserve

SETTING, OPEN, CLOSED = "CREATOR_SIGN_UP", "open", "closed"
# Of one network, whatever addresses and names it tries: each answer says whether an address is taken.
LIMIT = Limit("CREATOR_SIGN_UP", attempts=5, seconds=3600)
ACCOUNT = "User"


class UserExists(Conflict):
    """Another account has the e-mail address or the name to sign in with."""

    code: ClassVar[str] = "USER_EXISTS"

    def __init__(self) -> None:
        super().__init__("An account with this e-mail address or username exists already")


def refuse_strangers() -> None:
    """Unauthenticated unless whoever has no account may sign up as a creator (`CREATOR_SIGN_UP`).

    `open` or `closed`, by default open in development and closed elsewhere; ConfigurationError for another.
    """
    default = OPEN if config.is_development() else CLOSED
    chosen = config.setting(SETTING, default)
    if chosen not in {OPEN, CLOSED}:
        raise config.ConfigurationError(f"{SETTING} must be {OPEN} or {CLOSED}, not {chosen!r}")
    if chosen == CLOSED:
        raise Unauthenticated("Sign in to become a creator")


def sign_up_stranger(data: Mapping[str, Any], address: str, now: datetime) -> SignedUp:
    """Makes a creator with an account of their own, both or neither; `address` is the caller's IP address.

    They sign in by the e-mail address and, where it may be one, by the `username`. InvalidInput for what
    may not be, TooManyRequests when the network of the address has made enough attempts, Conflict for a slug
    that is taken and UserExists for an account.
    """
    creator = new_creator(str(uuid4()), data, now)
    try:
        account = _account_fields(data)
        _count_attempt(address, now)
        with PictureFiles(picture_folder(creator.id)) as files:
            creator = replace(creator, **taken_pictures(data, files, set()))
            return _add_with_account(creator, account, now)
    except Conflict as error:
        if "slug" in error.details.get("fields", {}):
            raise
        raise UserExists from error


def _account_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the account is made of, after all that can be refused without a look at others was."""
    email, username = usable_address(data["email"]), _sign_in_name(data["username"])
    refuse_unusable(data["password"], username, email)
    return {"email": email, "username": username, "password": data["password"]}


def _sign_in_name(username: str) -> str | None:
    try:
        return usable_username(username)
    except InvalidInput:
        # As the name that is shown it is fine; signing in takes the address then.
        return None


def _count_attempt(address: str, now: datetime) -> None:
    try:
        reserve(LIMIT, network_of(address), epoch(now))
    except LimitReachedError as error:
        raise TooManyRequests("Too many sign-ups, try again later", error.retry_after) from error


def _add_with_account(creator: Creator, fields: Mapping[str, Any], now: datetime) -> SignedUp:
    with UnitOfWork() as work:
        CREATORS.add(work, creator)
        account = new_account(
            work,
            **fields,
            name=creator.display_name,
            role=Role.CREATOR,
            now=now,
            account_id=creator.user_id,
        )
        for entity, made in ((ACCOUNT, account.id), (ENTITY, creator.id)):
            record(work, actor=account, action="CREATE", entity_type=entity, entity_id=made, now=now)
    return SignedUp(creator, account)
