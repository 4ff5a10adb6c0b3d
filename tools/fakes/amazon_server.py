"""Amazon's Selling Partner API on loopback, as far as the shop uses it.

Access tokens that end, listings whose changes settle late, rates, orders in pages, reports of returns.
https://developer-docs.amazon.com/sp-api/reference/welcome-to-api-references
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import unquote

from common.clock import iso, parse_iso, utc_now
from tools.fakes.amazon_account import MARKETPLACE, MERCHANT, Account, Listing
from tools.fakes.amazon_reports import FBA_REPORT, MERCHANT_REPORT, Reports
from tools.fakes.serving import Answered, Asked, Server

CLIENT_ID, CLIENT_SECRET = "amzn1.application-oa2-client.fake", "secret-of-the-fake"
REFRESH_TOKEN, SELLER = "Atzr|consent-of-the-fake", "A3SELLER"
LIFE = 3600
PAGE = 20
# Calls per second and how many at once: https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
LIMITS: Mapping[str, tuple[float, int]] = {
    "getListingsItem": (5, 10),
    "searchListingsItems": (5, 5),
    "patchListingsItem": (5, 5),
    "searchOrders": (0.0056, 20),
    "createReport": (0.0167, 15),
    "getReport": (2, 15),
    "getReportDocument": (0.0167, 15),
}
INCLUDED = {
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
}
OPERATIONS = {"add", "replace", "merge", "delete"}


class AmazonServer(Server):
    """One seller's account in one marketplace; `delay` and `clock` say when a change of stock shows.

    `limits` are the rates by operation (an empty mapping allows everything), `page_size` is how many
    orders a page holds at most. `accidents` lists FBA listings that were made the seller's by a patch;
    searches do not find the listings in `unfindable`.
    """

    controls = (
        "create_listing",
        "buy",
        "pay",
        "ship",
        "cancel",
        "set_quantity",
        "close_listing",
        "return_item",
        "settle",
        "make_invalid",
        "expire_tokens",
        "revoke_consent",
        "end_reports",
        "show",
    )

    def __init__(
        self,
        clock: Callable[[], datetime] = utc_now,
        *,
        delay: int | None = None,
        limits: Mapping[str, tuple[float, int]] = LIMITS,
        page_size: int = 100,
    ) -> None:
        super().__init__()
        self.clock, self.page_size, self.limits = clock, page_size, dict(limits)
        self.account = Account(clock, delay)
        self.reports = Reports(clock)
        self.tokens: dict[str, datetime] = {}
        self.is_revoked = False
        self.unfindable: set[str] = set()
        self._tokens_given = 0
        self._invalid: dict[str, dict[str, Any]] = {}
        self._left: dict[str, tuple[float, datetime]] = {}

    @property
    def accidents(self) -> list[str]:
        """The SKUs whose FBA stock was taken for the seller's by a patch."""
        return self.account.accidents

    def environment(self) -> dict[str, str]:
        """The settings that lead the shop here."""
        return {
            "AMAZON_CLIENT_ID": CLIENT_ID,
            "AMAZON_CLIENT_SECRET": CLIENT_SECRET,
            "AMAZON_REFRESH_TOKEN": REFRESH_TOKEN,
            "AMAZON_SELLER_ID": SELLER,
            "AMAZON_MARKETPLACE_ID": MARKETPLACE,
            "AMAZON_API_BASE": self.url,
            "AMAZON_TOKEN_URL": f"{self.url}/auth/o2/token",
        }

    def create_listing(
        self, sku: str, quantity: int = 0, *, is_fba: bool = False, product_type: str = "WALL_ART"
    ) -> None:
        """Lists a SKU; with `is_fba` Amazon keeps and sends it."""
        self.account.listings[sku] = Listing(sku, quantity, is_fba, product_type)

    def buy(self, sku: str, quantity: int = 1, price: str = "20.00", *, is_pending: bool = False) -> str:
        """A buyer orders pieces; refused when there are not so many. The answer is the order's id."""
        return self.buy_all({sku: quantity}, price, is_pending=is_pending)

    def buy_all(self, pieces: Mapping[str, int], price: str = "20.00", *, is_pending: bool = False) -> str:
        """A buyer orders pieces of several SKUs at once."""
        self.account.apply_due()
        return self.account.sell(pieces, price, is_pending=is_pending)

    def pay(self, order_id: str) -> None:
        """The payment of a pending order is authorised."""
        self.account.change_order(order_id, "UNSHIPPED")

    def ship(self, order_id: str) -> None:
        """An order is sent."""
        self.account.ship(order_id)

    def cancel(self, order_id: str, sku: str | None = None, *, restores: bool = False) -> None:
        """An order, or one SKU of it, is cancelled; `restores` puts the pieces on sale again at once."""
        self.account.cancel(order_id, sku, restores=restores)

    def set_quantity(self, sku: str, quantity: int) -> None:
        """The seller changes a quantity on Amazon's own pages."""
        self.account.listings[sku].quantity = quantity

    def close_listing(self, sku: str, *, is_closed: bool = True) -> None:
        """A listing cannot be bought any more, whatever its quantity is."""
        self.account.listings[sku].is_closed = is_closed

    def settle(self) -> int:
        """Lets every accepted change show; the answer is how many did."""
        return self.account.apply_due(everything=True)

    def make_invalid(self, sku: str, code: str = "90220", message: str = "'quantity' is refused") -> None:
        """The next patch of a SKU is answered 200 and INVALID."""
        self._invalid[sku] = {"code": code, "message": message, "severity": "ERROR"}

    def expire_tokens(self) -> None:
        """Every access token ends now."""
        self.tokens.clear()

    def revoke_consent(self) -> None:
        """The seller takes the consent back."""
        self.is_revoked = True
        self.tokens.clear()

    def end_reports(self, status: str = "DONE") -> None:
        """Reports end in this status from now on: DONE, FATAL or CANCELLED."""
        self.reports.ends = status

    def return_item(
        self,
        order_id: str,
        sku: str,
        quantity: int = 1,
        disposition: str = "SELLABLE",
        reason: str = "UNWANTED_ITEM",
        license_plate: str | None = None,
        comment: str = "",
    ) -> None:
        """Pieces of an order come back; Amazon looks at, and puts a plate on, those only that it sent."""
        order, day = self.account.orders[order_id], iso(self.clock())
        if order["fulfillment"]["fulfilledBy"] == "MERCHANT":
            values = {"Order ID": order_id, "Return request date": f"{self.clock():%d-%b-%Y}"}
            values |= {"Merchant SKU": sku, "Return quantity": str(quantity), "Return Reason": reason}
            self.reports.add(MERCHANT_REPORT, values)
            return
        plate = f"LPN{len(self.reports.rows) + 1:05d}" if license_plate is None else license_plate
        values = {"return-date": day, "order-id": order_id, "sku": sku, "quantity": str(quantity)}
        values |= {"detailed-disposition": disposition, "reason": reason, "license-plate-number": plate}
        self.reports.add(FBA_REPORT, values | {"customer-comments": comment})

    def show(self) -> dict[str, Any]:
        """Everything that the account holds."""
        self.account.apply_due()
        return {
            "listings": [asdict(listing) for listing in self.account.listings.values()],
            "unsettled": [asdict(change) for change in self.account.changes],
            "orders": deepcopy(list(self.account.orders.values())),
            "returns": [asdict(row) for row in self.reports.rows],
            "reports": [asdict(made) for made in self.reports.made.values()],
            "accidents": self.accidents,
        }

    def handle(self, asked: Asked) -> Answered:
        """The answer to a request."""
        self.account.apply_due()
        match asked.method, *asked.path.split("/")[1:]:
            case "POST", "auth", "o2", "token":
                return self._token(asked.form)
            case "GET", "documents", report_id if report_id in self.reports.made:
                return self._document(asked, report_id)
            case _, "auth" | "documents", *_:
                return _error(404, "NotFound", f"no such resource: {asked.path}")
        return self._limited(asked, *self._operation(asked))

    def _operation(self, asked: Asked) -> tuple[str, Callable[[], Answered]]:
        """Which operation a request is, and what carries it out."""
        name, carry_out = "", lambda: _error(404, "NotFound", f"no such resource: {asked.path}")
        match asked.method, *asked.path.split("/")[1:]:
            case "GET" | "PATCH", "listings", "2021-08-01", "items", seller, sku:
                name = "getListingsItem" if asked.method == "GET" else "patchListingsItem"
                carry_out = partial(self._listing, asked, seller, unquote(sku))
            case "GET", "listings", "2021-08-01", "items", seller:
                name, carry_out = "searchListingsItems", partial(self._listings, asked, seller)
            case "GET", "orders", "2026-01-01", "orders":
                name, carry_out = "searchOrders", partial(self._orders, asked)
            case "POST", "reports", "2021-06-30", "reports":
                name, carry_out = "createReport", partial(self._request, asked)
            case "GET", "reports", "2021-06-30", "reports", report_id:
                name, carry_out = "getReport", partial(self._report, report_id)
            case "GET", "reports", "2021-06-30", "documents", document_id:
                name, carry_out = "getReportDocument", partial(self._place, unquote(document_id))
        return name, carry_out

    def _token(self, form: dict[str, str]) -> Answered:
        if form.get("grant_type") != "refresh_token":
            return Answered(400, {"error": "unsupported_grant_type"})
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return Answered(401, {"error": "invalid_client", "error_description": "Authentication failed"})
        if form.get("refresh_token") != REFRESH_TOKEN or self.is_revoked:
            return Answered(400, {"error": "invalid_grant", "error_description": "The grant is revoked"})
        self._tokens_given += 1
        token = f"Atza|{self._tokens_given}"
        self.tokens[token] = self.clock() + timedelta(seconds=LIFE)
        fields = {"access_token": token, "refresh_token": REFRESH_TOKEN, "token_type": "bearer"}
        return Answered(200, fields | {"expires_in": LIFE})

    def _limited(self, asked: Asked, name: str, carry_out: Callable[[], Answered]) -> Answered:
        """Carries a call out when its token and its rate allow it."""
        until = self.tokens.get(asked.headers.get("x-amz-access-token", ""))
        if until is None or until <= self.clock():
            return _error(403, "Unauthorized", "Access to requested resource is denied.")
        if name not in self.limits:
            return carry_out()
        rate, burst = self.limits[name]
        left, at = self._left.get(name, (float(burst), self.clock()))
        left = min(burst, left + rate * max(0.0, (self.clock() - at).total_seconds()))
        if left < 1:
            self._left[name] = left, self.clock()
            return _error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
        self._left[name] = left - 1, self.clock()
        answered = carry_out()
        return Answered(answered.status, answered.body, {"x-amzn-RateLimit-Limit": str(rate)})

    def _listings(self, asked: Asked, seller: str) -> Answered:
        identifiers = asked.arg("identifiers").split(",")
        if refused := _refused(asked, seller):
            return refused
        if asked.arg("identifiersType") != "SKU" or len(identifiers) > PAGE:
            return _error(400, "InvalidInput", "'identifiers' are up to 20 SKUs here.")
        found = [one for one in self.account.listings.values() if one.sku in identifiers]
        sections = set(asked.arg("includedData", "summaries").split(","))
        items = [one.shown(sections) for one in found if one.sku not in self.unfindable]
        page = items[: min(PAGE, int(asked.arg("pageSize", "10")))]
        return Answered(200, {"numberOfResults": len(items), "items": page})

    def _listing(self, asked: Asked, seller: str, sku: str) -> Answered:
        if refused := _refused(asked, seller):
            return refused
        listing = self.account.listings.get(sku)
        if listing is None:
            return _error(404, "NOT_FOUND", f"SKU '{sku}' not found in marketplace {MARKETPLACE}")
        if asked.method == "GET":
            return Answered(200, listing.shown(set(asked.arg("includedData", "summaries").split(","))))
        return self._patch(listing, asked.json)

    def _patch(self, listing: Listing, body: Any) -> Answered:
        patches = body.get("patches") if isinstance(body, dict) else None
        if not patches or not body.get("productType"):
            return _error(400, "InvalidInput", "'productType' and 'patches' are required.")
        issue = self._invalid.pop(listing.sku, None)
        for patch in patches:
            issue = issue or _wrong(patch)
        if issue is None:
            for patch in patches:
                self.account.accept(listing, patch["value"][0], keeps=patch["op"] == "merge")
        status = "ACCEPTED" if issue is None else "INVALID"
        issues = [] if issue is None else [issue]
        return Answered(200, {"sku": listing.sku, "status": status, "submissionId": "f1dc", "issues": issues})

    def _orders(self, asked: Asked) -> Answered:
        since, is_by_creation = asked.arg("lastUpdatedAfter"), bool(asked.arg("createdAfter"))
        if bool(since) == is_by_creation:
            return _error(400, "InvalidInput", "Exactly one of createdAfter and lastUpdatedAfter is needed.")
        included = {one for one in asked.arg("includedData").split(",") if one}
        if included - INCLUDED:
            return _error(400, "InvalidInput", f"'includedData' has unknown values: {included - INCLUDED}")
        filters = repr(sorted((name, asked.query[name]) for name in asked.query if name != "paginationToken"))
        start, _, of = (asked.arg("paginationToken") or f"0|{filters}").partition("|")
        if of != filters:
            return _error(400, "InvalidInput", "'paginationToken' belongs to another search.")
        field = "createdTime" if is_by_creation else "lastUpdatedTime"
        after = parse_iso(since or asked.arg("createdAfter"))
        found = [order for order in self.account.orders.values() if parse_iso(order[field]) >= after]
        found.sort(key=lambda order: str(order[field]))
        end = int(start) + min(self.page_size, int(asked.arg("maxResultsPerPage", "100")))
        page = [_with(order, included) for order in found[int(start) : end]]
        pagination = {"pagination": {"nextToken": f"{end}|{filters}"}} if end < len(found) else {}
        return Answered(200, {"orders": page, **pagination, "lastUpdatedBefore": iso(self.clock())})

    def _request(self, asked: Asked) -> Answered:
        report_id = self.reports.request(asked.json)
        if report_id is None:
            return _error(400, "InvalidInput", "The report cannot be requested so.")
        return Answered(202, {"reportId": report_id})

    def _report(self, report_id: str) -> Answered:
        made = self.reports.made.get(report_id)
        return Answered(200, self.reports.state(made)) if made else _error(404, "NotFound", "No such report.")

    def _place(self, document_id: str) -> Answered:
        report_id = document_id.removeprefix("document/")
        if report_id not in self.reports.made:
            return _error(404, "NotFound", "No such document.")
        packed = {"compressionAlgorithm": "GZIP"} if self.reports.is_packed else {}
        url = f"{self.url}/documents/{report_id}?X-Amz-Signature=fake"
        return Answered(200, {"reportDocumentId": document_id, "url": url, **packed})

    def _document(self, asked: Asked, report_id: str) -> Answered:
        if asked.arg("X-Amz-Signature") != "fake" or "x-amz-access-token" in asked.headers:
            return Answered(403, b"<Error><Code>AccessDenied</Code></Error>", {"content-type": "text/xml"})
        content = self.reports.content(self.reports.made[report_id])
        return Answered(200, content, {"content-type": "text/plain"})


def _error(status: int, code: str, message: str) -> Answered:
    return Answered(status, {"errors": [{"code": code, "message": message, "details": ""}]})


def _refused(asked: Asked, seller: str) -> Answered | None:
    """Why Amazon does not even look at a listing."""
    if not asked.arg("marketplaceIds"):
        return _error(400, "InvalidInput", "'marketplaceIds' is missing.")
    if (seller, asked.arg("marketplaceIds")) != (SELLER, MARKETPLACE):
        return _error(403, "Unauthorized", "Access to requested resource is denied.")
    return None


def _wrong(patch: Mapping[str, Any]) -> dict[str, Any] | None:
    """What Amazon finds wrong with a patch of the quantity; nothing else can be patched here."""
    value = patch.get("value")
    offer = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
    quantity = offer.get("quantity")
    is_right = (
        patch.get("op") in OPERATIONS - {"delete"}
        and patch.get("path") == "/attributes/fulfillment_availability"
        and offer.get("fulfillment_channel_code") == MERCHANT
        and isinstance(quantity, int)
        and quantity >= 0
    )
    if is_right:
        return None
    return {"code": "90220", "message": "'fulfillment_availability' is not valid", "severity": "ERROR"}


def _with(order: Mapping[str, Any], included: set[str]) -> dict[str, Any]:
    """An order with the parts that were asked for; the others are left out."""
    hidden = {name for name in ("PROCEEDS", "FULFILLMENT", "CANCELLATION") if name not in included}
    left_out = {name.lower() for name in hidden}
    items = [{name: item[name] for name in item if name not in left_out} for item in order["orderItems"]]
    kept = {name: order[name] for name in order if name not in left_out}
    return deepcopy({**kept, "orderItems": items})
