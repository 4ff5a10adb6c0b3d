"""What administrators and buyers do over HTTP in some hours of the shop, a second for each request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import time
from typing import Any

from app import app
from common.clock import iso
from common.dynamodb import AT_ONCE
from common.repositories.creators import CREATORS, Creator
from shop.analytics.job import summarise_all
from tests.content.samples import PNG
from tests.etsy_sync.machine_world import Clock
from tests.shop.conftest import PASSWORD, USERNAME
from tests.support.http import Client
from tools.fakes.stripe_server import DECLINED_CARD, GOOD_CARD, Fake, signed

ADDRESS = {"street": "Via Roma 12", "city": "Torino", "state": "TO", "zip_code": "10121", "country": "IT"}
BUYER = {"customer_email": "Maria.Rossi@example.com", "customer_name": "Maria Rossi 🎨"}


@dataclass
class Shop:
    """The whole shop at a moment, and who is signed in there."""

    clock: Clock
    stripe: Fake
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, *, status: int = 200, **options: Any) -> Any:
        """The content of an answer with this status, a second later."""
        self.clock.move(1)
        sent = {"json": body} if body is not None else {}
        answer = Client(app, token=self.token).request(method, path, **sent, **options)
        assert answer.status == status, (method, path, answer.status, answer.text)
        return answer.json

    def buy(self, session: str, body: Mapping[str, Any], *, key: str = "", status: int = 201) -> int:
        """The id of an order that a guest places."""
        headers = {"X-Cart-Session": session} | ({"Idempotency-Key": key} if key else {})
        answer = self.ask("POST", "/api/orders", body, status=status, headers=headers, token="")
        return int(answer["order"]["id"])

    def pay(self, order: int, session: str, card: str, *, status: int = 200) -> None:
        """The guest pays by a card."""
        body = {"payment_details": {"payment_method_id": card}}
        headers = {"X-Cart-Session": session}
        self.ask("POST", f"/api/orders/{order}/payment", body, status=status, headers=headers, token="")

    def deliver(self, event: Mapping[str, Any]) -> None:
        """Stripe tells of something."""
        payload = json.dumps(event).encode()
        # Stripe's own library compares the signature's time with the machine's.
        headers = {"Stripe-Signature": signed(payload, int(time())), "Content-Type": "application/json"}
        self.ask("POST", "/api/webhooks/payment", data=payload, headers=headers, token="")


def sign_in(shop: Shop) -> None:
    """One who does not know the password, and the administrator."""
    path = "/api/auth/login"
    shop.ask("POST", path, {"username": USERNAME, "password": "a guess"}, status=401)
    shop.token = shop.ask("POST", path, {"username": USERNAME, "password": PASSWORD})["token"]


def categories(shop: Shop) -> None:
    """Some of them, changed, moved, deleted, restored, and one that stays deleted."""
    shop.ask("POST", "/api/categories", {"name": "Prints", "slug": "prints"}, status=201)
    posters = {"name": "Posters", "slug": "posters", "description": "Large ones", "parent_id": 1}
    shop.ask("POST", "/api/categories", posters, status=201)
    shop.ask("POST", "/api/categories", {"name": "Cups", "slug": "cups"}, status=201)
    shop.ask("POST", "/api/categories", {"name": "Bags", "slug": "bags", "parent_id": 3}, status=201)
    shop.ask("PUT", "/api/categories/2", {"name": "Affiches", "slug": "affiches", "description": ""})
    shop.ask("PUT", "/api/categories/4", {"parent_id": None})
    shop.ask("PUT", "/api/categories/1", {"name": "Prints on paper"})
    for number in (3, 4):
        shop.ask("DELETE", f"/api/categories/{number}")
    shop.ask("POST", "/api/categories/4/restore")


def products(shop: Shop) -> None:
    """Works in all states, with all that a work can have, or nothing."""
    full = {
        "title": "The chameleon 🦎",
        "slug": "chameleon",
        "base_price": 25.5,
        "short_description": "An ink drawing",
        "long_description": "Printed\nby hand",
        "sku": "ART-1",
        "gtin": "4006381333931",
        "status": "published",
        "character_value": "Leon",
        "etsy_link": "https://www.etsy.com/listing/1",
        "categories": [{"id": 1}, {"id": 2}],
        "variants": [
            {
                "sku": "ART-1-S",
                "name": "Small",
                "stock": 5,
                "attributes": {"size": "S", "rest": [1, None, 0.5]},
            },
            {"sku": "ART-1-L", "name": "Large", "stock": 9, "price_adjustment": 4.5},
        ],
        "images": [{"url": "https://elsewhere.example.com/a.png", "alt_text": "A drawing", "position": 2}],
    }
    shop.ask("POST", "/api/products", full, status=201)
    plain = {"title": "Plain", "slug": "plain", "base_price": 10, "status": "published"}
    shop.ask(
        "POST", "/api/products", plain | {"variants": [{"sku": "P", "name": "One", "stock": 50}]}, status=201
    )
    for slug in ("draft", "gone", "back"):
        made = {"title": slug.title(), "slug": slug, "base_price": 3, "sku": slug, "status": "published"}
        shop.ask("POST", "/api/products", made | {"categories": [{"id": 1}]}, status=201)
    row = {"title": "Quick", "price": 7, "stock": 3, "image_url": "https://elsewhere.example.com/b.png"}
    shop.ask("POST", "/api/admin/shop/products", row, status=201)
    shop.ask(
        "PUT", "/api/products/3", {"status": "draft", "sku": None, "category_ids": [], "gtin": "12345670"}
    )
    shop.ask(
        "PUT", "/api/products/1", {"title": "The chameleon", "slug": "leon", "gtin": "", "base_price": 26}
    )
    for number in (4, 5):
        shop.ask("DELETE", f"/api/products/{number}")
    shop.ask("POST", "/api/products/5/restore")
    shop.ask("POST", "/api/products/1/images", status=201, files={"file": PNG}, data={"alt_text": "Own"})
    shop.ask("PATCH", "/api/products/1/images/1", {"alt_text": "Changed", "position": 0})
    shop.ask("POST", "/api/products/2/images", status=201, files={"file": PNG})
    shop.ask("DELETE", "/api/products/2/images/4")
    shop.ask("POST", "/api/products/1/variants", {"sku": "ART-1-X", "name": "Extra", "stock": 2}, status=201)
    shop.ask("PUT", "/api/variants/1", {"name": "Tiny", "sku": "ART-1-T", "attributes": {"size": "T"}})
    shop.ask("DELETE", "/api/variants/5")
    shop.ask("PATCH", "/api/variants/2/stock", {"quantity": 4, "operation": "add"})
    change = {"adjustments": [{"variantId": 3, "quantity": -5}, {"variantId": 2, "quantity": 1}]}
    shop.ask("POST", "/api/admin/shop/inventory/adjust", change)
    shop.ask("GET", "/api/admin/shop/products")
    shop.ask("PATCH", "/api/admin/shop/products/6", {"stock": 4})
    shop.ask("PUT", "/api/categories/1", {"name": "Prints", "slug": "all-prints"})


def content(shop: Shop) -> None:
    """Characters and comics: full, bare, changed, moved, deleted and restored, with pictures."""
    look = {"backgroundColor": "#E0E7FF", "backgroundType": "gradient", "gradientFrom": "#000000"}
    ada = {"name": "Ada", "description": "Paints", "icon": "https://elsewhere.example.com/ada.png"}
    shop.ask("POST", "/api/personaggi", ada | look | {"gradientTo": "#FFFFFF"}, status=201)
    for name in ("Leon", "Bruno", "Zoe"):
        shop.ask("POST", "/api/personaggi", {"name": name}, status=201)
    shop.ask("PUT", "/api/personaggi/1", {"name": "Ada", "description": None, "order": 40, "gradientTo": ""})
    for kind in ("icon", "gallery", "background"):
        shop.ask("POST", "/api/personaggi/2/upload", data={"type": kind}, files={"file": PNG})
    picture = "https://elsewhere.example.com/c.png"
    shop.ask("PUT", "/api/personaggi/4", {"name": "Zoe", "images": [picture], "order": 0})
    shop.ask("DELETE", "/api/personaggi/4/images", {"imageUrl": picture})
    for number in (2, 3):
        shop.ask("DELETE", f"/api/personaggi/{number}")
    shop.ask("POST", "/api/personaggi/2/restore")
    pages = [f"https://elsewhere.example.com/{number}.png" for number in range(3)]
    first = {"title": "One", "description": "Begins", "coverImage": pages[0], "pages": pages}
    shop.ask("POST", "/api/fumetti", first, status=201)
    for title in ("Two", "Three"):
        shop.ask("POST", "/api/fumetti", {"title": title}, status=201)
    shop.ask("POST", "/api/fumetti/2/upload", data={"type": "page"}, files={"file": PNG})
    shop.ask("PUT", "/api/fumetti/1", {"title": "One", "pages": pages[1:], "coverImage": None})
    for number in (1, 3):
        shop.ask("DELETE", f"/api/fumetti/{number}")
    shop.ask("POST", "/api/fumetti/3/restore")


def discounts(shop: Shop) -> None:
    """Codes with and without limits; one is renamed, one is deleted."""
    path = "/api/admin/discounts"
    full = {
        "code": "spring10",
        "description": "In spring",
        "discount_type": "percentage",
        "discount_value": 10,
        "min_purchase_amount": 20,
        "max_discount_amount": 15.5,
        "valid_from": "2026-11-01",
        "valid_until": "2026-12-31",
        "max_uses": 100,
    }
    shop.ask("POST", path, full, status=201)
    shop.ask("POST", path, {"code": "FIVE", "type": "fixed", "value": 5}, status=201)
    shop.ask("POST", path, {"code": "GONE", "type": "fixed", "value": 1, "currency": "JPY"}, status=201)
    shop.ask("POST", path, {"code": "OFF-1", "type": "fixed", "value": 2.25, "active": False}, status=201)
    shop.ask("PATCH", f"{path}/2", {"code": "five-off", "value": 5.5, "expires_at": "2027-01-31T10:00:00Z"})
    cleared = {"description": None, "max_discount_amount": None, "valid_until": None, "max_uses": 7}
    shop.ask("PATCH", f"{path}/1", cleared)
    shop.ask("DELETE", f"{path}/3")


def carts(shop: Shop) -> None:
    """Carts of guests and of the administrator: with a code, changed, emptied, left."""
    cart = "/api/cart/items"
    for session, pieces in (("guest-one", 2), ("guest-two", 1), ("guest-left", 3), ("guest-empty", 1)):
        body = {"product_id": 1, "variant_id": 1, "quantity": pieces}
        shop.ask("POST", cart, body, headers={"X-Cart-Session": session}, token="")
    two: dict[str, Any] = {"headers": {"X-Cart-Session": "guest-two"}, "token": ""}
    shown = shop.ask("POST", cart, {"product_id": 1, "variant_id": 2, "quantity": 1}, **two)
    shop.ask("POST", "/api/cart/discount", {"code": "spring10"}, **two)
    shop.ask("PATCH", f"{cart}/{shown['items'][0]['id']}", {"quantity": 2}, **two)
    shop.ask("DELETE", "/api/cart", headers={"X-Cart-Session": "guest-empty"}, token="")
    shop.ask("POST", cart, {"product_id": 2, "variant_id": 3, "quantity": 1})


def orders(shop: Shop) -> None:
    """Orders that are paid, declined, refunded in part and whole, disputed, cancelled, left unpaid."""
    line = {"product_id": 1, "variant_id": 1, "quantity": 1}
    body = {**BUYER, "shipping_address": ADDRESS, "items": [line, line | {"variant_id": 2, "quantity": 3}]}
    first = shop.buy("one", body | {"discount_code": "SPRING10", "notes": "Ring twice"}, key="key-of-one")
    shop.buy("one", body | {"discount_code": "SPRING10", "notes": "Ring twice"}, key="key-of-one")
    shop.pay(first, "one", GOOD_CARD)
    address = {"email": "info@münchen.de", "name": "Uwe", "shipping_address": ADDRESS}
    second = shop.buy("guest-two", address | {"billing_address": ADDRESS | {"city": "Roma"}})
    shop.pay(second, "guest-two", DECLINED_CARD, status=400)
    shop.pay(second, "guest-two", GOOD_CARD)
    small = {
        **BUYER,
        "shipping_address": ADDRESS,
        "items": [{"product_id": 2, "variant_id": 3, "quantity": 2}],
    }
    third, unpaid, cancelled, left = (shop.buy("more", small) for _ in range(4))
    shop.pay(third, "more", GOOD_CARD)
    shop.ask("POST", f"/api/admin/orders/{cancelled}/cancel", {"reason": "Asked for"})
    shop.pay(left, "more", DECLINED_CARD, status=400)
    shop.ask("PATCH", f"/api/admin/orders/{first}/status", {"status": "shipped"})
    for number in (1, 2):
        shop.ask(
            "PATCH", f"/api/admin/orders/{third}/status", {"status": ("shipped", "delivered")[number - 1]}
        )
    part = {"items": [{"line_id": 2, "quantity": 1}], "reason": "Torn", "restock": True}
    shop.ask("POST", f"/api/admin/orders/{first}/refund", part)
    shop.ask("POST", f"/api/admin/orders/{second}/refund", {"amount": 3.5})
    shop.ask("POST", f"/api/admin/orders/{third}/refund", {})
    dispute = shop.stripe.dispute("pi_2", 500)
    shop.deliver(shop.stripe.dispute_event("charge.dispute.created", dispute))
    shop.stripe.close(dispute, "lost")
    shop.deliver(shop.stripe.dispute_event("charge.dispute.closed", dispute))
    shop.clock.now += timedelta(hours=2)
    assert unpaid < left


def notices(shop: Shop) -> None:
    """Some notifications are read, one is deleted, the others stay."""
    sign_in(shop)
    path = "/api/admin/notifications"
    told = shop.ask("GET", path)["notifications"]
    shop.ask("PATCH", f"{path}/{told[0]['id']}/read")
    shop.ask("DELETE", f"{path}/{told[1]['id']}")


def reports(shop: Shop) -> None:
    """What programs of the administrator say of SKUs, and what they are told of them."""
    shop.ask("POST", "/api/buffer/P", {"bufferQty": 2})
    shop.ask("POST", "/api/sku-mapping", {"sku": "P", "asin": "B000000001"})
    shop.ask("POST", "/webhook/shopify", {"orderId": "own-1", "items": [{"sku": "NEW", "quantity": 2}]})
    for number, state in enumerate(("SELLABLE", "WAREHOUSE_DAMAGED", "UNSELLABLE")):
        back = {"sku": "P", "quantity": 1, "disposition": state, "returnOrderId": f"111-{number}"}
        shop.ask("POST", "/webhook/amazon/return", back)
    alerts = shop.ask("GET", "/api/alerts/unread")["alerts"]
    shop.ask("POST", f"/api/alerts/{alerts[0]['alertId']}/read")


def people(shop: Shop) -> None:
    """Accounts: called otherwise, allowed something, shut out, offered a password, and one that is gone."""
    users, accounts = "/api/users", "/api/admin/users"
    addresses = ("Anna@Example.com", "info@xn--mnchen-3ya.de", "bea@example.com", "carla@example.com")
    anna, _, bea, carla = (
        shop.ask("POST", users, {"email": each, "name": "Somebody"}, status=201)["data"]["id"]
        for each in addresses
    )
    shop.ask("PUT", f"{users}/{anna}", {"name": "Anna Bianchi"})
    shop.ask("PUT", f"{accounts}/INFO@münchen.de", {"role": "Editor"})
    shop.ask("PUT", f"{accounts}/{bea}", {"enabled": False})
    shop.ask("POST", f"{accounts}/{anna}/reset-password")
    shop.ask("DELETE", f"{users}/{carla}")


def visitors(shop: Shop) -> None:
    """People and a program on the pages of a creator, and what the day came to."""
    moment = iso(shop.clock.now)
    ada = Creator(id="creator-1", slug="ada", display_name="Ada", created_at=moment, updated_at=moment)
    CREATORS.put(AT_ONCE, ada)
    came = {
        "creatorId": ada.id,
        "metadata": {"referrer": "https://search.example.com/?q=a", "location": "Torino"},
    }
    for browser in ("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", "Googlebot/2.1"):
        for _ in range(2):
            shop.ask(
                "POST",
                "/api/analytics/page-view",
                came,
                status=201,
                token="",
                headers={"User-Agent": browser},
            )
    summarise_all(shop.clock.now)


def taxes(shop: Shop) -> None:
    """Tax by country: a consumer, refunded in part; a business that owes it; one that is not confirmed."""
    rate = {"country": "AT", "tax_class": "art", "rate": 0.13, "valid_from": "2016-01-01", "source": "UStG"}
    terms = {"mode": "by_country", "prices_include_tax": True, "home_country": "Italia"}
    path = "/api/admin/selling-terms/taxes"
    shop.ask("PUT", path, terms | {"distance_sales": "destination", "rates": [rate]})
    shop.ask("PUT", "/api/products/2", {"tax_class": "art"})
    shop.ask("PUT", "/api/admin/vat-numbers/ATU12345678", {"confirmed": True, "name": "Atelier"})
    shop.ask("PUT", "/api/admin/vat-numbers/DE123456789", {"confirmed": False})
    vienna = ADDRESS | {"street": "Ring 1", "city": "Wien", "zip_code": "1010", "country": "Österreich"}
    items = [
        {"product_id": number, "quantity": 1, "variant_id": variant} for number, variant in ((2, 3), (1, 2))
    ]
    body = {**BUYER, "shipping_address": vienna, "items": items}
    consumer = shop.buy("vienna", body)
    shop.pay(consumer, "vienna", GOOD_CARD)
    shop.ask("POST", f"/api/admin/orders/{consumer}/refund", {"amount": 5})
    for number in ("AT U12345678", "DE 123456789"):
        shop.buy("business", body | {"items": items[:1], "vat_number": number})


def editions(shop: Shop) -> None:
    """Numbered pieces: sold, refunded and released, left unpaid, kept, a proof given out."""
    made = {"sku": "P-N", "name": "Numbered", "stock": 9, "edition": {"size": 9, "proofs": 2}}
    variant = shop.ask("POST", "/api/products/2/variants", made, status=201)["id"]
    home = {**BUYER, "shipping_address": ADDRESS}
    body = home | {"items": [{"product_id": 2, "quantity": 2, "variant_id": variant}]}
    refunded = shop.buy("prints", body)
    shop.pay(refunded, "prints", GOOD_CARD)
    shop.ask("POST", f"/api/admin/orders/{refunded}/refund", {"reason": "Withdrawn"})
    page, why = f"/api/admin/editions/{variant}", {"reason": "As it is"}
    shop.ask("POST", f"{page}/numbers/1/release", why)
    shop.ask("POST", f"{page}/numbers/2/void", why)
    shop.ask("POST", f"{page}/numbers/9/void", why)
    shop.ask("POST", f"{page}/proofs", why | {"number": 1})
    cancelled = shop.buy("prints", body)
    shop.ask("POST", f"/api/admin/orders/{cancelled}/cancel", {})


CHAPTERS = (
    sign_in,
    categories,
    products,
    content,
    discounts,
    carts,
    orders,
    notices,
    reports,
    people,
    visitors,
    taxes,
    editions,
)
