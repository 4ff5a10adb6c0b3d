"""Recording what a visitor did: one write, and no read while this process knows creator and product."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from common.clock import epoch, iso
from common.errors import NotFound
from common.networks import network_of
from common.repositories.rate_limits import hashed
from shop.analytics.bots import is_bot
from shop.analytics.known import is_shown
from shop.analytics.metadata import kept_location, kept_referrer, kept_user_agent
from shop.repositories.analytics import EVENTS_KEPT, Event, add_event

_SCOPE = "analytics"


def record_event(
    event_type: str,
    creator_id: str,
    product_id: int | None,
    metadata: Mapping[str, str | None],
    address: str,
    now: datetime,
) -> str:
    """Stores an event of a creator's pages and answers its id.

    `metadata` has user_agent, referrer and location as they were said. NotFound, with nothing stored, for a
    creator who is not there or disabled, and for a product that is not theirs.
    """
    has_creator, has_product = is_shown(creator_id, product_id, epoch(now))
    if not has_creator:
        raise NotFound("creatorId names no creator")
    if not has_product:
        raise NotFound("productId names no product of this creator")
    user_agent = metadata.get("user_agent")
    event = Event(
        creator_id=creator_id,
        created_at=iso(now),
        # Made before the write, so that its repetition is the same row.
        id=str(uuid4()),
        event_type=event_type,
        visitor=_visitor(creator_id, user_agent or "", address, now),
        is_bot=is_bot(user_agent),
        expires_at=epoch(now + EVENTS_KEPT),
        product_id=product_id,
        user_agent=kept_user_agent(user_agent),
        referrer=kept_referrer(metadata.get("referrer")),
        location=kept_location(metadata.get("location")),
    )
    add_event(event)
    return event.id


def _visitor(creator_id: str, user_agent: str, address: str, now: datetime) -> str:
    """What is the same for one visitor of one creator on one day, and cannot be led back to either."""
    subject = f"{iso(now)[:10]}\n{creator_id}\n{network_of(address)}\n{user_agent}"
    return hashed(_SCOPE, subject)[:32]
