"""What clients may send about users; whatever else they send is left out, as these clients expect."""

from typing import ClassVar

from common.http.validation import Schema
from shop.user_fields import AccountEmail, PersonName, UserIds
from shop.user_removal import MOST_AT_ONCE


class _Lenient(Schema):
    """A body of which nothing is refused for being there."""

    refused: ClassVar[frozenset[str]] = frozenset()
    refused_of_new: ClassVar[frozenset[str]] = frozenset()


class NewUser(_Lenient):
    """Who a new user is."""

    email = AccountEmail(required=True)
    name = PersonName(required=True)


class UserName(_Lenient):
    """What a user is called from now on; null leaves it as it is."""

    name = PersonName(allow_none=True)


class UserSelection(_Lenient):
    """Which users are meant, by their ids with or without the prefix `USER#`."""

    ids = UserIds(MOST_AT_ONCE, required=True)
