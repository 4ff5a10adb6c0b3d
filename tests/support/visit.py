"""A visit of a storefront and of the artist's pages, with calls to every domain, at any shop."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Send = Callable[[str, str, str, Mapping[str, str]], tuple[int, dict[str, str], bytes]]
"""Sends a request (method, path, body, headers) and gives status, headers and body of its answer."""

ADDRESS = {"street": "Via 1", "city": "Roma", "state": "RM", "zip_code": "00100", "country": "IT"}


@dataclass
class Visit:
    """A storefront's and its admin pages' calls, in turn; later ones name what earlier ones have made."""

    send: Send
    token: str = ""
    seen: list[tuple[str, int, Any]] = field(default_factory=list)
    cart: str = ""

    def ask(self, method: str, path: str, content: Any = None, *, admin: bool = False) -> Any:
        """The content of an answer; its call, status and shape are noted."""
        headers = {"Authorization": f"Bearer {self.token}"} if admin else {}
        headers |= {"X-Cart-Session": self.cart} if self.cart and not admin else {}
        body = "" if content is None else json.dumps(content)
        status, _, answer = self.send(method, path, body, headers)
        said = json.loads(answer)
        # An item's id is drawn anew each time.
        self.seen.append((f"{method} {re.sub('items/.*', 'items/...', path)}", status, shape(said)))
        return said


def shape(value: Any) -> Any:
    """What an answer consists of, without what is never the same twice."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return type(value).__name__


def catalogue(visit: Visit) -> int:
    """The catalogue's pages: a category, a product with a variant, and how they are found."""
    category = {"name": "Stampe", "slug": "stampe"}
    visit.ask("POST", "/api/categories", category, admin=True)
    made = visit.ask(
        "POST",
        "/api/products",
        {"title": "Mare", "slug": "mare", "base_price": 10, "status": "published", "sku": "MARE"},
        admin=True,
    )
    product = int(made["product"]["id"] if "product" in made else made["id"])
    visit.ask(
        "POST",
        f"/api/products/{product}/variants",
        {"sku": "MARE-A", "name": "A3", "attributes": "{}", "price_adjustment": 0, "stock": 5},
        admin=True,
    )
    visit.ask(
        "GET", "/api/products?status=published&search=mare&sort_by=title&sort_order=ASC&page=1&per_page=12"
    )
    visit.ask("GET", "/api/products/mare")
    visit.ask("GET", f"/api/products/{product}", admin=True)
    visit.ask("GET", "/api/categories?include_children=true&include_parent=true", admin=True)
    visit.ask("GET", "/api/admin/shop/products", admin=True)
    visit.ask("GET", "/api/shop/products")
    visit.ask("GET", "/api/shop/categories")
    return product


def content(visit: Visit) -> None:
    """Characters and comics."""
    visit.ask("POST", "/api/personaggi", {"name": "Luna"}, admin=True)
    visit.ask("POST", "/api/fumetti", {"title": "Uno"}, admin=True)
    for path in ("/api/personaggi", "/api/fumetti"):
        visit.ask("GET", path)
        visit.ask("GET", f"{path}/deleted", admin=True)


def orders(visit: Visit, product: int) -> None:
    """A cart, a code, an order, and what the admin pages show of it."""
    # All of it, so that no provider is asked for a payment.
    code = {"code": "TUTTO", "type": "percentage", "value": 100, "active": True}
    visit.ask("POST", "/api/admin/discounts", code, admin=True)
    visit.ask("GET", "/api/admin/discounts?page=1&per_page=20", admin=True)
    visit.ask("POST", "/api/discounts/validate", {"code": "TUTTO", "cartTotal": 20})
    visit.cart = str(visit.ask("GET", "/api/cart")["cart"]["session_token"])
    variants = visit.ask("GET", f"/api/products/{product}/variants")
    variant = (variants["variants"] if isinstance(variants, dict) else variants)[0]["id"]
    added = {"product_id": product, "variant_id": variant, "quantity": 2}
    item = visit.ask("POST", "/api/cart/items", added)["cart"]["items"][0]["id"]
    visit.ask("PATCH", f"/api/cart/items/{item}", {"quantity": 1})
    visit.ask("POST", "/api/cart/discount", {"code": "TUTTO"})
    checkout = {"session_token": visit.cart, "email": "a@example.com", "name": "A"}
    visit.ask("POST", "/api/orders", checkout | {"shipping_address": ADDRESS})
    visit.ask("GET", "/api/admin/orders?page=1&per_page=10", admin=True)
    visit.ask("GET", "/api/admin/shop/orders", admin=True)


def running_the_shop(visit: Visit) -> None:
    """What the artist's other pages ask for."""
    visit.ask("GET", "/api/shop/health")
    visit.ask("GET", "/api/admin/stats", admin=True)
    visit.ask("GET", "/api/admin/notifications?unread=true&page=1&per_page=10", admin=True)
    visit.ask("POST", "/api/admin/notifications/mark-all-read", admin=True)
    visit.ask("GET", "/api/admin/integrations/etsy/config", admin=True)
    visit.ask("GET", "/api/admin/integrations/etsy/sync/status", admin=True)
    visit.ask("GET", "/api/inventory", admin=True)
    visit.ask("GET", "/api/alerts/unread", admin=True)
    visit.ask("GET", "/api/nowhere")


def all_calls(send: Send, artist: Mapping[str, str]) -> Visit:
    """The whole visit at a shop in which the artist, of these credentials, begins with nothing."""
    visit = Visit(send)
    visit.token = str(visit.ask("POST", "/api/auth/login", artist)["token"])
    orders(visit, catalogue(visit))
    content(visit)
    running_the_shop(visit)
    return visit
