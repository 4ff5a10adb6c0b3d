"""Etsy's Open API v3 on loopback, as far as the shop uses it, with one shop and its buyers.

It refuses what Etsy refuses. https://developers.etsy.com/documentation/reference
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from common.clock import utc_now
from tools.fakes.etsy_limits import Limits
from tools.fakes.etsy_oauth import KEYSTRING, REDIRECT_URI, SCOPES, SHARED_SECRET, OAuth
from tools.fakes.etsy_rules import Json, Refused, check_inventory
from tools.fakes.etsy_shop import STATES, Shop, pairs, told
from tools.fakes.etsy_webhooks import WEBHOOK_SECRET, Webhooks
from tools.fakes.serving import Answered, Asked, Server

SHOP_ID, USER_ID = 12345, 777

INCLUDES = {"Shipping", "Images", "Shop", "User", "Translations", "Inventory", "Videos"}
LISTING_ARGUMENTS = {"state", "limit", "offset", "sort_on", "sort_order", "includes"}
RECEIPT_ARGUMENTS = {"min_last_modified", "max_last_modified", "limit", "offset", "sort_on", "sort_order"}
RECEIPT_ORDERS = {"created": "created_timestamp", "updated": "updated_timestamp", "receipt_id": "receipt_id"}

# Method, path, the scope that the token needs, and the method that answers.
_SHOP, _ID = r"shops/(?P<shop_id>\d+)", r"(?P<id>\d+)"
ROUTES = (
    ("GET", r"users/me", "shops_r", "_me"),
    ("GET", rf"{_SHOP}/listings", "listings_r", "_listings"),
    ("PATCH", rf"{_SHOP}/listings/{_ID}", "listings_w", "_patched"),
    ("GET", rf"listings/{_ID}", "listings_r", "_listing"),
    ("GET", rf"listings/{_ID}/inventory", "listings_r", "_inventory"),
    ("PUT", rf"listings/{_ID}/inventory", "listings_w", "_replaced"),
    ("GET", rf"{_SHOP}/receipts", "transactions_r", "_receipts"),
    ("GET", rf"{_SHOP}/receipts/{_ID}", "transactions_r", "_receipt"),
)


class EtsyServer(Server):
    """One application, one account, one shop.

    `conflicts` PUTs of an inventory meet another change, and `before_conflict` is that change.
    """

    controls = (
        "create_listing",
        "set_quantity",
        "set_state",
        "buy",
        "cancel_receipt",
        "change_receipt",
        "expire_tokens",
        "revoke",
        "set_limits",
        "advance",
        "send_webhook",
        "send_webhooks_to",
        "show",
    )

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__()
        self.clock = clock
        self.ahead = timedelta()
        self.shop = Shop(SHOP_ID, USER_ID)
        self.oauth = OAuth(USER_ID)
        self.webhooks = Webhooks()
        self.limits = Limits()
        self.conflicts = 0
        self.before_conflict: Callable[[], object] | None = None

    @property
    def now(self) -> datetime:
        """The fake's time."""
        return self.clock() + self.ahead

    def environment(self) -> dict[str, str]:
        """The settings with which the shop calls this server."""
        return {
            "ETSY_CLIENT_ID": KEYSTRING,
            "ETSY_CLIENT_SECRET": SHARED_SECRET,
            "ETSY_REDIRECT_URI": REDIRECT_URI,
            "ETSY_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "ETSY_SHOP_IDS": str(SHOP_ID),
            "ETSY_API_BASE": f"{self.url}/v3",
            "ETSY_TOKEN_URL": f"{self.url}/v3/public/oauth/token",
            "ETSY_AUTHORIZE_URL": f"{self.url}/oauth/connect",
        }

    def grant(self) -> Json:
        """Tokens as after a consent, without a browser."""
        return self.oauth.issue(SCOPES, self.now)

    # Controls

    def create_listing(
        self,
        title: str = "Print",
        skus: Mapping[str, int] | Iterable[Any] = (("PRINT-A4", 5),),
        price: str = "12.50",
        state: str = "active",
        vary: bool = True,
    ) -> int:
        """A listing with a product for each SKU; without `vary` Etsy keeps one quantity for all."""
        if state not in STATES:
            raise ValueError(state)
        listing = self.shop.add(title, pairs(skus), price, state, self.now, vary=vary)
        self._happened("listing.created", f"listings/{listing.listing_id}")
        return listing.listing_id

    def set_quantity(self, listing_id: int, sku: str, quantity: int) -> None:
        """The artist changes a quantity on Etsy."""
        listing = self.shop.listing(listing_id)
        listing.offering(sku)["quantity"] = quantity
        self._happened("inventory.updated", f"listings/{listing_id}/inventory")

    def set_state(self, listing_id: int, state: str) -> None:
        """The artist, or time, moves a listing to another state."""
        if state not in (*STATES, "edit"):
            raise ValueError(state)
        self.shop.listing(listing_id).state = state
        self._happened("listing.updated", f"listings/{listing_id}")

    def buy(self, listing_id: int, sku: str | None = None, quantity: int = 1) -> int:
        """Somebody buys; the number of the receipt. ValueError when there is not so much on sale."""
        listing = self.shop.listing(listing_id)
        chosen = listing.content["products"][0]["sku"] if sku is None else sku
        with self.lock:
            receipt = self.shop.buy(listing, chosen, quantity, self.now)
        self._happened("order.paid", f"shops/{SHOP_ID}/receipts/{receipt['receipt_id']}")
        if listing.state == "sold_out":
            self._happened("inventory.out_of_stock", f"listings/{listing_id}/inventory")
        return int(receipt["receipt_id"])

    def cancel_receipt(self, receipt_id: int) -> None:
        """The artist calls a receipt off; Etsy puts nothing back into the listing."""
        self.change_receipt(receipt_id, status="Canceled")
        self._happened("order.canceled", f"shops/{SHOP_ID}/receipts/{receipt_id}")

    def change_receipt(self, receipt_id: int, **changes: Any) -> None:
        """Something about a receipt changes."""
        moment = int(self.now.timestamp())
        times = {"updated_timestamp": moment, "update_timestamp": moment}
        self.shop.receipts[receipt_id] |= times | changes

    def expire_tokens(self) -> None:
        """The hour of all access tokens is over."""
        self.oauth.access = {token: (self.now, scopes) for token, (_, scopes) in self.oauth.access.items()}

    def revoke(self) -> None:
        """The owner changes the password: no token is good any more."""
        self.oauth.access.clear()
        self.oauth.refresh.clear()

    def set_limits(
        self, per_second: int | None = None, per_day: int = 10_000, used: int | None = None
    ) -> None:
        """Other limits; `used` of the day's calls were made just now."""
        self.limits.per_second, self.limits.per_day = per_second, per_day
        if used is not None:
            self.limits.use(used, self.now)

    def advance(self, seconds: float) -> None:
        """Time goes by."""
        self.ahead += timedelta(seconds=seconds)

    def send_webhook(self, url: str, ids: Sequence[str] | None = None) -> list[str]:
        """Sends events of these ids in this order (by default the latest) to a URL, in the background."""
        events = self.webhooks.chosen(ids)
        self.webhooks.send_later(events, url, self.now)
        return [event.id for event in events]

    def send_webhooks_to(self, url: str = "") -> None:
        """Sends each event to this URL when it happens; to none by default."""
        self.webhooks.url = url

    def show(self) -> Json:
        """All there is."""
        return {
            "shop_id": SHOP_ID,
            "listings": [told(listing, self.shop, ["Inventory"]) for listing in self.shop.listings.values()],
            "receipts": list(self.shop.receipts.values()),
            "events": [{"id": event.id, **json.loads(event.body)} for event in self.webhooks.events],
            "deliveries": self.webhooks.deliveries,
            "calls_left_today": self.limits.per_day - len(self.limits.calls),
        }

    # Requests

    def handle(self, asked: Asked) -> Answered:
        """The answer to a request."""
        headers: dict[str, str] = {}
        try:
            if asked.path == "/oauth/connect":
                return Answered(302, b"", {"location": self.oauth.authorize(asked)})
            if (asked.method, asked.path) == ("POST", "/v3/public/oauth/token"):
                return Answered(200, self.oauth.token(asked, self.now))
            self._check_key(asked)
            self.limits.count(self.now)
            headers = self.limits.headers(self.now)
            return Answered(200, self._carried_out(asked), headers)
        except Refused as refused:
            if refused.status == 429:
                headers = self.limits.headers(self.now) | {"retry-after": refused.description}
            return Answered(refused.status, refused.body, headers)

    def _carried_out(self, asked: Asked) -> Json:
        for method, pattern, scope, name in ROUTES:
            match = re.fullmatch(f"/v3/application/{pattern}", asked.path)
            if match and method == asked.method:
                self.oauth.check(asked, scope, self.now)
                if match.groupdict().get("shop_id", str(SHOP_ID)) != str(SHOP_ID):
                    raise Refused(403, "The token is not the shop owner's")
                answer: Json = getattr(self, name)(asked, match.groupdict().get("id", ""))
                return answer
        raise Refused(404, "Resource not found")

    def _check_key(self, asked: Asked) -> None:
        given = asked.headers.get("x-api-key", "")
        if ":" not in given:
            raise Refused(403, "Shared secret is required in x-api-key header.")
        if given != f"{KEYSTRING}:{SHARED_SECRET}":
            raise Refused(403, "Invalid API key")

    def _me(self, asked: Asked, _: str) -> Json:
        return {"user_id": USER_ID, "shop_id": SHOP_ID}

    def _listing(self, asked: Asked, listing_id: str) -> Json:
        return told(self.shop.listing(listing_id), self.shop)

    def _listings(self, asked: Asked, _: str) -> Json:
        _check_arguments(asked, LISTING_ARGUMENTS)
        state = asked.arg("state", "active")
        if state not in STATES:
            raise Refused(400, "state is not valid")
        includes = [name for name in asked.arg("includes").split(",") if name]
        if set(includes) - INCLUDES:
            raise Refused(400, "includes is not valid")
        found = [listing for listing in self.shop.listings.values() if _state(listing.state) == state]
        by_updated = asked.arg("sort_on") == "updated"
        found.sort(key=lambda each: (each.updated if by_updated else each.created, each.listing_id))
        if asked.arg("sort_order", "desc") in ("desc", "descending"):
            found.reverse()
        page = _paged(asked, found)
        return {"count": len(found), "results": [told(listing, self.shop, includes) for listing in page]}

    def _inventory(self, asked: Asked, listing_id: str) -> Json:
        _check_arguments(asked, {"show_deleted", "includes"})
        listing = self.shop.listing(listing_id)
        if asked.arg("includes") not in ("", "Listing"):
            raise Refused(400, "includes is not valid")
        included = {"listing": told(listing, self.shop)} if asked.arg("includes") else {}
        return {**listing.content, **included}

    def _replaced(self, asked: Asked, listing_id: str) -> Json:
        listing = self.shop.listing(listing_id)
        try:
            body = json.loads(asked.body, parse_float=Decimal)
        except ValueError:
            raise Refused(400, "The body is no JSON") from None
        check_inventory(body)
        if self.conflicts:
            self.conflicts -= 1
            if self.before_conflict is not None:
                self.before_conflict()
            raise Refused(409, "The listing is being edited")
        self.shop.replace(listing, body, self.now)
        self._happened("inventory.updated", f"listings/{listing_id}/inventory")
        return listing.content

    def _patched(self, asked: Asked, listing_id: str) -> Json:
        if not asked.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise Refused(400, "The body must be form-encoded")
        listing = self.shop.listing(listing_id)
        self.shop.set_state(listing, asked.form.get("state", ""), self.now)
        self._happened("listing.updated", f"listings/{listing_id}")
        return told(listing, self.shop)

    def _receipts(self, asked: Asked, _: str) -> Json:
        _check_arguments(asked, RECEIPT_ARGUMENTS)
        since = int(asked.arg("min_last_modified", "0"))
        until = int(asked.arg("max_last_modified", "99999999999"))
        order = RECEIPT_ORDERS.get(asked.arg("sort_on", "created"))
        if order is None:
            raise Refused(400, "sort_on is not valid")
        found = [each for each in self.shop.receipts.values() if since <= each["updated_timestamp"] <= until]
        found.sort(key=lambda each: (each[order], each["receipt_id"]))
        if asked.arg("sort_order", "desc") in ("desc", "descending"):
            found.reverse()
        return {"count": len(found), "results": _paged(asked, found)}

    def _receipt(self, asked: Asked, receipt_id: str) -> Json:
        found = self.shop.receipts.get(int(receipt_id)) if receipt_id.isdigit() else None
        if found is None:
            raise Refused(404, "Could not find a receipt")
        return found

    def _happened(self, kind: str, path: str) -> None:
        url = f"{self.url}/v3/application/{path}"
        self.webhooks.happened(kind, url, SHOP_ID, self.now)


def _check_arguments(asked: Asked, allowed: set[str]) -> None:
    if unknown := asked.query.keys() - allowed:
        raise Refused(400, "Invalid parameters", ", ".join(sorted(unknown)))


def _state(state: str) -> str:
    return "inactive" if state == "edit" else state


def _paged(asked: Asked, found: Sequence[Any]) -> list[Any]:
    limit, offset = asked.arg("limit", "25"), asked.arg("offset", "0")
    if not (limit.isdigit() and 1 <= int(limit) <= 100 and offset.isdigit()):
        raise Refused(400, "limit must be from 1 to 100 and offset from 0")
    return list(found[int(offset) : int(offset) + int(limit)])
