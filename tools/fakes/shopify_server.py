"""Shopify's Admin API on loopback, as far as the shop uses it, with a shop whose buyers a person can play.

GraphQL is validated against the schema; calls cost points; a token lives a day; webhooks are signed.
https://shopify.dev/docs/api/admin-graphql/latest
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, execute, parse, validate
from graphql.execution import ExecutionResult

from common.clock import utc_now
from tools.fakes import shopify_schema
from tools.fakes.serving import CONTROL, Answered, Asked, Server
from tools.fakes.shopify_access import Access
from tools.fakes.shopify_resolvers import Resolvers
from tools.fakes.shopify_schema import SCHEMA, SCOPES, actual_cost, requested_cost, root_fields
from tools.fakes.shopify_shop import LOCATION, Order, Shop, Variant
from tools.fakes.shopify_webhooks import SECRET, SHOP_DOMAIN, Outbox, Webhook, queue_into

CLIENT_ID = "client-id-of-the-fake"
TOKEN_LIFE = 86_399

# The oldest version answers for those that are gone.
VERSIONS = ("2026-01", "2026-04", "2026-07", "2026-10")
PATH = re.compile(r"/admin/api/([^/]+)/graphql\.json")

# Points of the slowest plan: how many a bucket holds, and how many come back each second.
BUCKET, RESTORE_RATE = 2000, 100

__all__ = ["CLIENT_ID", "LOCATION", "SECRET", "SHOP_DOMAIN", "ShopifyServer"]


class ShopifyServer(Server):
    """A shop with one location; `clock` moves its bucket and dates its orders.

    `served_version` answers instead of the version that is asked for; `access` is what the app may do.
    """

    controls = (
        "create_product",
        "delete_product",
        "set_quantity",
        "buy",
        "pay",
        "cancel_order",
        "refund",
        "edit",
        "add_line",
        "approve",
        "expire_tokens",
        "forget_keys",
        "throttle",
        "send_webhooks_to",
        "deliver",
        "redeliver",
        "reverse",
        "drop",
        "show",
    )

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__()
        self.clock = clock
        self.outbox = Outbox(VERSIONS[-1])
        self.shop = Shop(clock, self._changed)
        self.access = Access()
        self.resolvers = Resolvers(self.shop, self.access)
        self.served_version = ""
        self.tokens: dict[str, datetime] = {}
        self.throttled_status = 200
        self._token_numbers = count(1)
        self._available = float(BUCKET)
        self._counted_at = clock()

    def answer(self, asked: Asked) -> Answered | None:
        """The answer to a request; webhooks are sent without the lock, as their receiver may call back."""
        if asked.path in {f"{CONTROL}deliver", f"{CONTROL}redeliver"}:
            return self._control(asked)
        return super().answer(asked)

    def handle(self, asked: Asked) -> Answered:
        """The answer to a request of the app."""
        if asked.path == "/admin/oauth/access_token":
            return self._token(asked)
        found = PATH.fullmatch(asked.path)
        if found is None or asked.method != "POST":
            return Answered(404, {"errors": "Not Found"})
        version = found.group(1) if found.group(1) in VERSIONS else VERSIONS[0]
        answered = self._graphql(asked)
        served = {"X-Shopify-API-Version": self.served_version or version}
        return Answered(answered.status, answered.body, {**served, **answered.headers})

    def _token(self, asked: Asked) -> Answered:
        fields = asked.json if isinstance(asked.json, dict) else asked.form
        wanted = {
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "grant_type": "client_credentials",
        }
        if asked.method != "POST" or fields != wanted:
            return Answered(400, {"error": "application_cannot_be_found"})
        token = f"shpat_{next(self._token_numbers)}"
        self.tokens[token] = self.clock() + timedelta(seconds=TOKEN_LIFE)
        granted = ",".join(sorted(self.access.scopes))
        return Answered(200, {"access_token": token, "scope": granted, "expires_in": TOKEN_LIFE})

    def _graphql(self, asked: Asked) -> Answered:
        good_until = self.tokens.get(asked.headers.get("x-shopify-access-token", ""))
        if good_until is None or self.clock() >= good_until:
            text = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return Answered(401, {"errors": text})
        if asked.headers.get("content-type") != "application/json" or not isinstance(asked.json, dict):
            return Answered(400, {"errors": "Bad Request"})
        variables = asked.json.get("variables") or {}
        try:
            document = parse(asked.json["query"])
        except GraphQLSyntaxError as error:
            return _refused(error, "syntaxError")
        wrong = validate(SCHEMA, document)
        if wrong:
            return _refused(wrong[0], "invalidQuery")
        needed = [SCOPES[name] for name in root_fields(document)]
        denied = [scope for scope in needed if scope not in self.access.scopes]
        if denied:
            return _refused(GraphQLError(f"Access denied: {denied[0]} is required"), "ACCESS_DENIED")
        return self._paid_for(document, variables)

    def _paid_for(self, document: DocumentNode, variables: dict[str, Any]) -> Answered:
        try:
            requested = requested_cost(document, variables)
        except GraphQLError as error:
            return _refused(error, "INVALID_VARIABLE")
        self._refill()
        if requested > shopify_schema.LARGEST_COST:
            return _refused(GraphQLError(f"Query cost is {requested}"), "MAX_COST_EXCEEDED")
        if requested > self._available:
            return self._throttled(requested)
        result = execute(SCHEMA, document, self.resolvers.root(), variable_values=variables)
        if not isinstance(result, ExecutionResult):
            raise TypeError("the fake's resolvers are synchronous")
        # The answer itself is an object too, and costs nothing.
        actual = min(requested, max(1, actual_cost(result.data) - 1))
        self._available -= actual
        body = {"data": result.data, "extensions": {"cost": self._cost(requested, actual)}}
        errors = [error.formatted for error in result.errors or ()]
        return Answered(200, {**body, "errors": errors} if errors else body)

    def _throttled(self, requested: int) -> Answered:
        error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        body = {"errors": [error], "extensions": {"cost": self._cost(requested, None)}}
        headers = {"Retry-After": "1.0"} if self.throttled_status == 429 else {}
        return Answered(self.throttled_status, body, headers)

    def _refill(self) -> None:
        now = self.clock()
        gained = (now - self._counted_at).total_seconds() * RESTORE_RATE
        self._available = min(float(BUCKET), self._available + gained)
        self._counted_at = now

    def _cost(self, requested: int, actual: int | None) -> dict[str, Any]:
        status = {
            "maximumAvailable": float(BUCKET),
            "currentlyAvailable": int(self._available),
            "restoreRate": float(RESTORE_RATE),
        }
        return {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}

    def _changed(self, topic: str, thing: Any) -> None:
        queue_into(self.outbox, self.shop, topic, thing)

    def create_product(
        self, title: str = "A print", variants: list[dict[str, Any]] | None = None, **variant: Any
    ) -> list[dict[str, Any]]:
        """A product with `variants` (`sku`, `available`, `price`, `title`, `tracked`), or with one such."""
        return [_shown(made) for made in self.shop.add_product(title, variants or [variant])]

    def delete_product(self, sku: str | None = None, item: int | str | None = None) -> None:
        """A product disappears with all its variants."""
        product = self.shop.named(sku, item).product
        kept = {key: one for key, one in self.shop.variants.items() if one.product != product}
        self.shop.variants = kept

    def set_quantity(self, quantity: int, sku: str | None = None, item: int | str | None = None) -> None:
        """The artist sets what is available by hand."""
        self.shop.set_level(self.shop.named(sku, item), int(quantity))

    def buy(
        self,
        sku: str | None = None,
        quantity: int = 1,
        lines: list[dict[str, Any]] | None = None,
        item: int | str | None = None,
        is_test: bool = False,
        email: str | None = None,
        buyer: str | None = None,
        is_paid: bool = True,
    ) -> int:
        """A buyer orders a quantity of a SKU or item, or `lines` of such; gives the order's number."""
        rows = lines or [{"sku": sku, "item": item, "quantity": quantity}]
        wanted = [
            (self.shop.named(row.get("sku"), row.get("item")), int(row.get("quantity", 1))) for row in rows
        ]
        return self.shop.buy(wanted, is_test=is_test, email=email, buyer=buyer, is_paid=is_paid).id

    def pay(self, order: int) -> None:
        """An order that was made unpaid is paid."""
        found = self._order(order)
        found.is_paid, found.updated_at = True, self.clock()

    def cancel_order(self, order: int, restock: bool = True) -> int:
        """The artist cancels an order, and puts its pieces back or not; gives the refund's number."""
        return self.shop.cancel(self._order(order), is_restocked=restock).id

    def refund(
        self, order: int, restock_type: str = "return", quantity: int | None = None, line: int = 0
    ) -> int:
        """Pieces of an order's line (0: the first) are refunded, all that are left unless told."""
        found = self._order(order)
        chosen = found.lines[line]
        pieces = chosen.current if quantity is None else int(quantity)
        return self.shop.refund(found, chosen, pieces, restock_type).id

    def edit(
        self, order: int, quantity: int, line: int = 0, restock: bool = True, leaves_refund: bool = True
    ) -> None:
        """An order's line (0: the first) is edited to so many pieces; what is taken off is put back or not.

        With `leaves_refund` a removal leaves a refund of no money, as it mostly does.
        """
        found = self._order(order)
        chosen = found.lines[line]
        self.shop.edit(found, chosen, int(quantity), restock=restock, leaves_refund=leaves_refund)

    def add_line(
        self, order: int, sku: str | None = None, quantity: int = 1, item: int | str | None = None
    ) -> int:
        """A line of a SKU or item is added to an order; gives the line's number."""
        return self.shop.add_line(self._order(order), self.shop.named(sku, item), int(quantity)).id

    def approve(self, fields: list[str]) -> None:
        """Shopify lets the app see these fields of buyers (`name`, `email`) and no others."""
        self.access.approved = set(fields)

    def expire_tokens(self) -> None:
        """No token is good any more."""
        self.tokens.clear()

    def forget_keys(self) -> None:
        """A day goes by: idempotency keys are forgotten."""
        self.resolvers.remembered.clear()

    def throttle(self, available: int = 0, status: int = 200) -> None:
        """So many points are left; a throttled call is answered with a status, 200 or 429."""
        self._refill()
        self._available = float(available)
        self.throttled_status = status

    def send_webhooks_to(self, url: str, at_once: bool = False) -> None:
        """Where webhooks go; without `at_once` they wait for `deliver`."""
        self.outbox.url, self.outbox.is_prompt = url, at_once

    def deliver(self, count: int | None = None) -> list[tuple[str, int]]:
        """Sends the webhooks that wait, or the first `count`; gives topics and statuses."""
        return self.outbox.deliver(count)

    def redeliver(self, count: int | None = None) -> list[tuple[str, int]]:
        """Sends the webhooks again that were taken, or the last `count`."""
        return self.outbox.redeliver(count)

    def reverse(self) -> None:
        """Turns the order of the waiting webhooks round."""
        self.outbox.waiting.reverse()

    def drop(self) -> int:
        """The waiting webhooks get lost; gives how many."""
        lost = len(self.outbox.waiting)
        self.outbox.waiting.clear()
        return lost

    def show(self) -> dict[str, Any]:
        """What the shop holds."""
        return {
            "variants": [_shown(variant) for variant in self.shop.variants.values()],
            "orders": [_summary(order) for order in self.shop.orders.values()],
            "webhooks_waiting": [webhook.topic for webhook in self.outbox.waiting],
        }

    def available(self, sku: str | None = None, item: int | str | None = None) -> int | None:
        """What is available of a SKU or item; None when it is kept nowhere."""
        return self.shop.named(sku, item).levels.get(LOCATION)

    def webhooks(self, *topics: str) -> list[Webhook]:
        """The waiting webhooks of some topics, or all."""
        return [webhook for webhook in self.outbox.waiting if not topics or webhook.topic in topics]

    def _order(self, number: int) -> Order:
        return self.shop.orders[int(number)]


def _refused(error: GraphQLError, code: str) -> Answered:
    return Answered(200, {"errors": [{**error.formatted, "extensions": {"code": code}}]})


def _shown(variant: Variant) -> dict[str, Any]:
    return {
        "variant_id": str(variant.id),
        "product_id": str(variant.product),
        "inventory_item_id": str(variant.item),
        "sku": variant.sku,
        "available": variant.levels.get(LOCATION),
    }


def _summary(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "name": f"#{order.number}",
        "is_cancelled": order.cancelled_at is not None,
        "lines": [
            {"sku": line.variant.sku, "quantity": line.quantity, "current": line.current}
            for line in order.lines
        ],
    }
