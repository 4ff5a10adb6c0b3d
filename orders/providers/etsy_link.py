"""Payment on Etsy: the customer is shown where the works of the order are sold there."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from common import config
from common.dynamodb import batch_get
from common.errors import InvalidInput, NotFound
from common.repositories.orders import Order, details_of
from common.repositories.products import document_key
from orders.providers.base import Charge, Event, GivenBack, Intent, RefundRefused, Sale


class EtsyLinkProvider:
    """Takes no money itself: a link is no payment, so the order stays unpaid until Etsy reports it."""

    name = "etsy"
    moves_money = False
    charges = False

    def refusal(self, sale: Sale) -> str | None:
        """Refused unless the buyer can be sent to Etsy: to the shop there, or to the page of each work."""
        if config.setting("ETSY_SHOP_URL") or all(sale.etsy_links):
            return None
        return "cannot be etsy for works that are not sold there"

    def begin(self, order: Order) -> Intent | None:
        """The Etsy pages of the works in the order, as `payment_metadata`."""
        details = details_of(order.id)
        lines = details.lines if details else ()
        known = [(line, document_key(line.product_id)) for line in lines if line.product_id is not None]
        rows = batch_get([key for _, key in known])
        links = []
        for line, key in known:
            link = rows.get(key, {}).get("etsy_link")
            if link:
                links.append({"product_id": line.product_id, "quantity": line.quantity, "url": link})
        shop_url = config.setting("ETSY_SHOP_URL")
        checkout = links[0]["url"] if links else shop_url
        metadata = {"provider": self.name, "links": links}
        return Intent(metadata=metadata | ({"checkoutUrl": checkout} if checkout else {}))

    def charge(self, order: Order, details: Mapping[str, Any], key: str) -> Charge:  # noqa: ARG002
        """Always refused."""
        raise InvalidInput("This order is paid on Etsy")

    def refund(self, order: Order, amount: Decimal, key: str) -> GivenBack:  # noqa: ARG002
        """Always refused."""
        raise RefundRefused("What was paid on Etsy is refunded on Etsy")

    def cancel_payment(self, order: Order) -> Charge | None:  # noqa: ARG002
        """Nothing is under way."""
        return None

    def parse_event(self, raw_body: bytes, headers: Mapping[str, str]) -> Event | None:  # noqa: ARG002
        """It reports nothing, so whatever claims to be its report is foreign."""
        raise NotFound("This payment provider has no webhooks")
