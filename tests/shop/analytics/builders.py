"""Creators, products and events to count."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from common.clock import epoch, iso, parse_iso, utc_now
from common.dynamodb import AT_ONCE, put_item
from common.repositories.creators import CREATORS, Creator
from common.repositories.products import document_key
from shop.repositories.analytics import EVENTS, EVENTS_KEPT, PAGE_VIEW, Event

ADA = "0b7d4f0e-5a55-4c5e-9d6e-0f6f5f0f0a01"
BEA = "0b7d4f0e-5a55-4c5e-9d6e-0f6f5f0f0b02"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
NOW = parse_iso("2026-03-15T10:00:00Z")


def creator(creator_id: str = ADA, **fields: Any) -> Creator:
    """A creator who is there; by default since the first of January."""
    since = "2026-01-01T00:00:00.000Z"
    named = {"slug": f"s-{creator_id[-4:]}", "display_name": creator_id[-4:]}
    made = Creator(id=creator_id, **{"created_at": since, "updated_at": since, **named, **fields})
    CREATORS.put(AT_ONCE, made)
    return made


def product(number: int, creator_id: str = ADA, **fields: Any) -> int:
    """As much of a product's document as says whose it is."""
    pk, sk = document_key(number)
    put_item({"PK": pk, "SK": sk, "id": number, "creator_id": creator_id, **fields})
    return number


def event(at: datetime = NOW, event_type: str = PAGE_VIEW, visitor: str = "v", **fields: Any) -> Event:
    """An event of ADA's pages by a person."""
    plain: dict[str, Any] = {
        "creator_id": ADA,
        "created_at": iso(at),
        "id": str(uuid4()),
        "event_type": event_type,
        "visitor": visitor,
        "is_bot": False,
        "expires_at": epoch(at + EVENTS_KEPT),
    }
    return Event(**(plain | fields))


def happened(*events: Event) -> None:
    """Stores events."""
    for each in events:
        EVENTS.put(AT_ONCE, each)


def minutes(number: float) -> datetime:
    """So many minutes after NOW."""
    return NOW + timedelta(minutes=number)


def happened_now(*offsets: float, **fields: Any) -> datetime:
    """Stores events so many minutes before this moment, of a visitor each, and answers the moment."""
    now = utc_now()
    for number, offset in enumerate(offsets):
        happened(event(now - timedelta(minutes=offset), **({"visitor": f"v{number}"} | fields)))
    return now
