"""How a column's value becomes an attribute's, and how it comes back; neither is asked for NULL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from common.clock import iso, parse_iso
from common.dynamodb.stored_json import from_stored
from migration.mapping.records import Context

UPLOADS = "/uploads/"


@dataclass(frozen=True, slots=True)
class Conversion:
    """`here` gives what the shop's own type has for a column's value, `there` the value for a stored one."""

    here: Callable[[Any, Context], Any]
    there: Callable[[Any], Any]


def as_utc(moment: datetime) -> datetime:
    """A time of PostgreSQL, aware; one without a zone is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def timestamp(text: str) -> datetime:
    """A stored time as PostgreSQL's `timestamp` has it, in UTC without a zone."""
    return parse_iso(text).replace(tzinfo=None)


def number(text: object) -> int | None:
    """An id that is stored as text; None for one that PostgreSQL's integer columns cannot hold."""
    words = str(text)
    digits = words.removeprefix("-")
    return int(words) if digits.isascii() and digits.isdigit() else None


def id_of(text: str) -> int | str:
    """An id as a number where it is one."""
    found = number(text)
    return text if found is None else found


def media_key(address: str | None, bases: tuple[str, ...]) -> str | None:
    """The S3 key of an upload of the shop's own, `uploads/...`; any other address as it is."""
    if address is None:
        return None
    for base in bases:
        own = base.rstrip("/") + UPLOADS
        if address.startswith(own):
            return UPLOADS.lstrip("/") + address[len(own) :]
    return address.removeprefix("/") if address.startswith(UPLOADS) else address


def media_address(key: str | None) -> str | None:
    """The address that PostgreSQL has for a stored key."""
    is_upload = key is not None and key.startswith(UPLOADS.lstrip("/"))
    return f"/{key}" if is_upload else key


PLAIN = Conversion(lambda value, _: value, lambda stored: stored)
AMOUNT = Conversion(lambda value, _: Decimal(value), Decimal)
MOMENT = Conversion(lambda value, _: iso(as_utc(value)), timestamp)
JSON = Conversion(lambda value, _: value, from_stored)
MEDIA = Conversion(lambda value, context: media_key(value, context.media_bases), media_address)
# Ids that PostgreSQL numbers and the shop has as texts; of the shop's own some are no numbers.
OWN_ID = Conversion(lambda value, _: str(value), id_of)
FOREIGN_ID = Conversion(lambda value, _: str(value), number)
