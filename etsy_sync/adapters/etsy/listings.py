"""The listings of a shop, of every state, with the inventory of each: up to a hundred by one call.

https://developers.etsy.com/documentation/reference#operation/getListingsByShop
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from etsy_sync.adapters.etsy.answers import moment, money
from etsy_sync.adapters.etsy.client import PAGE, EtsyClient
from etsy_sync.adapters.etsy.inventory import ACTIVE, DRAFT, EXPIRED, INACTIVE, SOLD_OUT, Inventory
from etsy_sync.adapters.interface import Rejected, Transient

STATES = (ACTIVE, INACTIVE, SOLD_OUT, DRAFT, EXPIRED)

_OF_STATE = {"sort_on": "created", "includes": "Inventory,Images"}

# How often a state is read from its beginning because it changed meanwhile.
READINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A listing; `price` in `currency`, `quantity` as Etsy keeps it, on sale or not.

    `skus` are those that one product each has; `doubled` SKUs are several products', and `has_blank` says
    that a product has none: none of these can be told apart. `inventory` is None where Etsy has none.
    """

    listing_id: int
    shop_id: str
    title: str
    description: str
    state: str
    quantity: int
    price: Decimal | None
    currency: str | None
    url: str | None
    updated_at: datetime | None
    skus: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    has_blank: bool = False
    image_urls: tuple[str, ...] = ()
    inventory: Inventory | None = field(default=None, repr=False)


def all_listings(client: EtsyClient) -> Iterator[Listing]:
    """Every listing of the shop once, of whichever state; one call for each state and hundred.

    A listing that changes its state while they are read is given as it was first seen. Raises what the
    client's calls raise, and Transient when the shop changes faster than it can be read.
    """
    seen: set[int] = set()
    for state in STATES:
        for content in _of_state(client, state):
            if content["listing_id"] not in seen:
                seen.add(content["listing_id"])
                yield listing_of(content)


def is_gone(client: EtsyClient, listing_id: int) -> bool:
    """Whether Etsy has a listing no longer, by one call: one that was in no list may have moved between two.

    Raises what the client's calls raise.
    """
    try:
        client.get(f"/listings/{listing_id}")
    except Rejected as refused:
        if refused.code != "not_found":
            raise
        return True
    return False


def listing_of(content: dict[str, Any]) -> Listing:
    """The listing that Etsy's JSON tells of. Raises Transient when it lacks what every listing has."""
    price, raw = content.get("price"), content.get("inventory")
    try:
        state = str(content["state"])
        inventory = Inventory(state, raw) if isinstance(raw, dict) else None
        return Listing(
            listing_id=int(content["listing_id"]),
            shop_id=str(content["shop_id"]),
            title=str(content["title"]),
            description=str(content.get("description") or ""),
            state=state,
            quantity=int(content["quantity"]),
            price=money(price) if price else None,
            currency=price["currency_code"] if price else None,
            url=content.get("url"),
            updated_at=moment(content.get("updated_timestamp") or content.get("last_modified_timestamp")),
            skus=inventory.skus if inventory else (),
            doubled=inventory.doubled if inventory else (),
            has_blank=inventory.has_blank if inventory else False,
            image_urls=_images(content),
            inventory=inventory,
        )
    except (KeyError, TypeError, ValueError):
        raise Transient("Etsy's answer has a listing that cannot be read") from None


def _of_state(client: EtsyClient, state: str) -> Iterator[dict[str, Any]]:
    """The listings of a state in the order of their making.

    Each page begins with the last listing of the one before. Where it does not, one of those before has
    left the state and all behind it have moved up, so the state is read again from its beginning.
    """
    for _ in range(READINGS):
        offset, last = 0, None
        while True:
            page = client.page("listings", offset, _OF_STATE | {"state": state})
            if last is not None and (not page or page[0]["listing_id"] != last):
                break
            yield from page
            if len(page) < PAGE:
                return
            offset, last = offset + PAGE - 1, page[-1]["listing_id"]
    raise Transient("Etsy's listings change faster than they can be read")


def _images(content: dict[str, Any]) -> tuple[str, ...]:
    ranked = sorted(content.get("images") or (), key=lambda image: image.get("rank") or 0)
    return tuple(image["url_fullxfull"] for image in ranked if image.get("url_fullxfull"))
