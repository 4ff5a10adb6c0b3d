"""Etsy as a channel: a target is a listing, named by its id, with the SKUs of its products.

A changed SKU costs two calls (read, write), and a third where the listing goes on or off sale.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from common.clock import utc_now
from etsy_sync.adapters.definition import Purpose
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.inventory import (
    ACTIVE,
    DRAFT,
    EDIT,
    EXPIRED,
    INACTIVE,
    SOLD_OUT,
    Inventory,
    body_for,
    offers_nothing,
)
from etsy_sync.adapters.etsy.limits import SALE
from etsy_sync.adapters.etsy.listings import STATES, all_listings
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.http import process_caller
from etsy_sync.adapters.interface import Observation, Rejected, Stale, Transient


class EtsyChannel:
    """One shop's listings.

    Etsy cannot be told that nothing is left: such a listing becomes inactive, and active again with the
    next stock. One that sold out there is renewed for a fee, so it is left alone unless `renew_sold_out`.
    """

    name = "etsy"
    settles_after = 0
    repeats_exactly = False

    def __init__(self, client: EtsyClient, renew_sold_out: bool = False) -> None:
        self.client = client
        self.renew_sold_out = renew_sold_out

    def observe(self, target: str, skus: Sequence[str]) -> Observation:
        """What buyers can have of these SKUs of a listing, by one call."""
        return _seen(self._read(target), skus)

    def observe_many(self, targets: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Observation]]:
        """The same of many listings: by one call each for a few, else by all pages of the shop."""
        left = dict(targets)
        if len(targets) >= len(STATES):
            for listing in all_listings(self.client):
                skus = left.get(str(listing.listing_id))
                if skus is not None and listing.inventory is not None:
                    del left[str(listing.listing_id)]
                    yield str(listing.listing_id), _seen(listing.inventory, skus)
        # One that went on or off sale meanwhile may have been on neither page.
        yield from self._one_by_one(left)

    def write(
        self,
        target: str,
        quantities: Mapping[str, int],
        seen: Observation,
        key: str,  # noqa: ARG002 - Etsy knows no idempotency keys
    ) -> None:
        """Makes a listing offer these quantities, each at most 999.

        Raises Rejected also for what Etsy is not asked: `unknown_sku`, `quantity_is_shared`,
        `renewal_needed`, `not_for_sale`. Raises Stale when the listing changes at the same moment.
        """
        inventory = seen.raw if isinstance(seen.raw, Inventory) else self._read(target)
        body = body_for(inventory, quantities)
        if offers_nothing(body):
            if inventory.is_on_sale:
                self._set_state(target, INACTIVE)
            return
        self._check_renewal(inventory)
        if inventory.state == SOLD_OUT:
            # Renewing sets the quantity to 1, so what is really there is written after it.
            self._set_state(target, ACTIVE, is_repeatable=False)
        self._put(target, quantities, inventory, body)
        if inventory.state in (INACTIVE, EDIT):
            self._set_state(target, ACTIVE)

    def _one_by_one(self, targets: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Observation]]:
        for target, skus in targets.items():
            try:
                observation = self.observe(target, skus)
            except Rejected as refused:
                if refused.code != "not_found":
                    raise
                continue
            yield target, observation

    def _read(self, target: str) -> Inventory:
        if not (target.isascii() and target.isdigit()):
            raise Rejected("not_found", "a listing is named by its number")
        content = self.client.get(f"/listings/{target}/inventory", {"includes": "Listing"})
        listing = content.get("listing")
        if not isinstance(listing, dict) or not listing.get("state"):
            listing = self.client.get(f"/listings/{target}")
        if not listing.get("state"):
            raise Transient("Etsy's answer does not tell the state of a listing")
        return Inventory(str(listing["state"]), content)

    def _put(
        self, target: str, quantities: Mapping[str, int], inventory: Inventory, body: Mapping[str, object]
    ) -> None:
        path = f"/listings/{target}/inventory"
        try:
            self.client.put(path, body)
        except Rejected as refused:
            if refused.code != "conflict":
                raise
            fresh = self._read(target)
            if (fresh.state, fresh.stored()) != (inventory.state, inventory.stored()):
                raise Stale("the listing was changed meanwhile") from None
            self._put_again(path, body_for(fresh, quantities))

    def _put_again(self, path: str, body: Mapping[str, object]) -> None:
        try:
            self.client.put(path, body)
        except Rejected as refused:
            if refused.code == "conflict":
                raise Stale("the listing is being changed by somebody else") from None
            raise

    def _check_renewal(self, inventory: Inventory) -> None:
        state = inventory.state
        if state in (ACTIVE, INACTIVE, EDIT) or (state == SOLD_OUT and self.renew_sold_out):
            return
        if state in (SOLD_OUT, EXPIRED):
            raise Rejected("renewal_needed", f"the listing is {state}; Etsy charges a fee for renewing it")
        reason = "the listing is a draft" if state == DRAFT else f"the listing is {state}"
        raise Rejected("not_for_sale", reason)

    def _set_state(self, target: str, state: str, *, is_repeatable: bool = True) -> None:
        path = f"/shops/{self.client.shop_id}/listings/{target}"
        self.client.patch(path, {"state": state}, is_repeatable=is_repeatable)


def etsy_channel(
    shop_id: str, *, purpose: Purpose = SALE, clock: Callable[[], datetime] = utc_now
) -> EtsyChannel:
    """The channel of a shop by the environment's settings. Raises NotConfigured, ConfigurationError."""
    settings = EtsySettings.from_environment().require()
    client = EtsyClient(settings, process_caller(), clock, shop_id, purpose=purpose)
    return EtsyChannel(client, renew_sold_out=settings.renew_sold_out)


def _seen(inventory: Inventory, skus: Sequence[str]) -> Observation:
    return Observation(inventory.quantities(skus), inventory.is_on_sale, inventory)
