"""Etsy's webhooks: what each means for the shop. The content is read from Etsy, never from the webhook."""

import re
from datetime import datetime
from typing import Literal

from common import once
from common.stock_queue import announce
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.webhooks import Event
from etsy_sync.inbound.etsy_receipts import take_receipt
from etsy_sync.repositories.channel_events import DONE
from etsy_sync.repositories.channel_links import links_of_target
from etsy_sync.repositories.sync_log import ETSY

Handled = Literal["taken", "repeated", "ignored"]

DELIVERED = "order.delivered"
ORDERS = frozenset({"order.paid", "order.canceled", "order.shipped", DELIVERED})
CATALOGUE = ("inventory.", "listing.")

_RECEIPT = re.compile(r"/receipts/(\d+)")
_LISTING = re.compile(r"/listings/(\d+)")


def handle(event: Event, now: datetime, client: EtsyClient | None = None) -> Handled:
    """Takes the receipt that an event of an order names; announces the SKUs of the listing of another.

    `client` is by default the connected one of the event's shop. Raises what the client's calls raise,
    StaleVersion and TransactionBusy: then the event is not done with, and has to come again.
    """
    mark = DONE.of(ETSY, event.id)
    if once.found(mark, now):
        return "repeated"
    if not _take(event, now, client):
        return "ignored"
    once.is_first(mark, now)
    return "taken"


def _take(event: Event, now: datetime, client: EtsyClient | None) -> bool:
    if event.type in ORDERS and (receipt := _RECEIPT.search(event.resource_url)):
        if client is None:
            from etsy_sync.wiring import etsy_client

            client = etsy_client(event.shop_id)
        take_receipt(client, int(receipt[1]), now, is_delivered=event.type == DELIVERED)
        return True
    if event.type.startswith(CATALOGUE) and (listing := _LISTING.search(event.resource_url)):
        # It may be what the shop itself has just told Etsy, so it moves nothing: the next push compares.
        announce(link.sku for link in links_of_target(ETSY, listing[1]))
        return True
    return False
