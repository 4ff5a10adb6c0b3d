"""What buyers and the artist can do in a shop, as acts of two small numbers each, all through HTTP.

An act chooses among what is there by its numbers, from pools so small that acts meet. What the shop
refuses is an act too; an error of its own is none.
"""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from PIL import Image

from tests.support.http import Answer, Client

Act = tuple[str, int, int]

SLUGS = ("shirt1", "0001", "0002", "new-print", "other")
SKUS = ("OLD-1", "SHARED-12", "0007", "NEW-1", "x" * 100)
NAMES = ("Ada", "Ŵ \U0001f98e", 'O\'Hara \\ "x"', "n" * 200)
CODES = ("WELCOME10", "SUMMER", "TEN", "A-B")
WORDS = ("", "Text", "Größe \U0001f3a8\nline", "l" * 2000)
PRICES = (0, 1, 12.34, 99999999.99)
LINKS = (None, "https://www.example.com/x.png", f"https://www.example.com/{'y' * 900}.png")
ORDERS = (None, 0, 7, 2**31 - 1, 2**31 + 5)
SESSIONS = ("session-of-a-buyer-0001", "session-of-a-buyer-0002", "session-of-a-buyer-0003")
USERNAME = "artadmin"
PASSWORD = "correct horse battery staple"


class Trader:
    """Acts in one shop; `admin` is signed in, `buyer` is nobody."""

    def __init__(self, admin: Client, buyer: Client) -> None:
        self.admin, self.buyer = admin, buyer
        self.said: list[str] = []

    def do(self, act: Act) -> None:
        """Do one act."""
        name, first, second = act
        ACTS[name](self, first, second)

    def ask(self, client: Client, method: str, path: str, **content: Any) -> Answer:
        """One request, which may be refused and may not fail."""
        answer = client.request(method, path, **content)
        self.said.append(f"{method} {path} {answer.status}")
        assert answer.status < 500, (method, path, answer.text)
        return answer

    def listed(self, path: str) -> list[Any]:
        """What is in a list of the admin's, which some answers wrap."""
        found = self.admin.get(path).json
        wrapped = found.values() if isinstance(found, dict) else [found]
        return next((entries for entries in wrapped if isinstance(entries, list)), [])

    def one(self, path: str, number: int) -> Any:
        """The id of one of them; that of nothing where there are none."""
        found = self.listed(path)
        return found[number % len(found)]["id"] if found else 999_999

    def product(self, number: int) -> Mapping[str, Any]:
        """One of the products, deleted ones included, as the admin sees it."""
        found = self.listed("/api/admin/shop/products?limit=50")
        return (
            found[number % len(found)] if found else {"id": 999_999, "slug": "", "variants": [], "images": []}
        )


def pick(pool: Sequence[Any], number: int) -> Any:
    """One of a pool."""
    return pool[number % len(pool)]


def picture(number: int) -> dict[str, Any]:
    """A small picture, another for each number, as a form has it."""
    data = BytesIO()
    Image.new("RGB", (4, 4), (number % 256, 0, 0)).save(data, "PNG")
    return {"file": (f"p {number}.png", data.getvalue(), "image/png")}


def _sign_in(trader: Trader, first: int, _second: int) -> None:
    body = {"username": USERNAME, "password": PASSWORD if first % 2 else "wrong"}
    trader.ask(trader.buyer, "POST", "/api/auth/login", json=body)


def _new_product(trader: Trader, first: int, second: int) -> None:
    variants = [
        {"sku": pick(SKUS, second + part), "name": pick(NAMES, part), "stock": 3}
        for part in range(second % 3)
    ]
    body = {
        "title": pick(NAMES, second),
        "slug": pick(SLUGS, first),
        "base_price": pick(PRICES, second),
        "status": pick(("published", "draft", "archived"), first + second),
        "sku": pick((None, *SKUS), first),
        "variants": variants,
        "categories": [{"id": trader.one("/api/categories", second)}],
    }
    trader.ask(trader.admin, "POST", "/api/products", json=body)


def _change_product(trader: Trader, first: int, second: int) -> None:
    changes: Mapping[str, Any] = pick(
        (
            {"slug": pick(SLUGS, second)},
            {"sku": pick((None, "", *SKUS), second)},
            {"etsy_link": pick(LINKS, second)},
            {"base_price": pick(PRICES, second), "title": pick(NAMES, second)},
            {"status": pick(("published", "draft", "archived"), second)},
            {"long_description": pick(WORDS, second), "currency": pick(("EUR", "JPY", "KWD"), second)},
            {"category_ids": [trader.one("/api/categories", second)]},
        ),
        first + second,
    )
    trader.ask(trader.admin, "PUT", f"/api/products/{trader.product(first)['id']}", json=changes)


def _swap_slugs(trader: Trader, first: int, second: int) -> None:
    one, other = trader.product(first), trader.product(second)
    for product, slug in ((one, "for-a-moment"), (other, one["slug"]), (one, other["slug"])):
        trader.ask(trader.admin, "PUT", f"/api/products/{product['id']}", json={"slug": slug})


def _delete_or_restore_product(trader: Trader, first: int, second: int) -> None:
    product = trader.product(first)["id"]
    trader.ask(trader.admin, "DELETE", f"/api/products/{product}")
    if second % 3 == 0:
        trader.ask(trader.admin, "POST", f"/api/products/{product}/restore", json={})


def _reuse_a_slug(trader: Trader, first: int, second: int) -> None:
    product = trader.product(first)
    trader.ask(trader.admin, "DELETE", f"/api/products/{product['id']}")
    body = {"title": pick(NAMES, second), "slug": product["slug"], "base_price": 5, "sku": product.get("sku")}
    trader.ask(trader.admin, "POST", "/api/products", json=body)


def _variant(trader: Trader, first: int, second: int) -> None:
    product = trader.product(first)
    path = f"/api/products/{product['id']}/variants"
    body = {
        "sku": pick(SKUS, second),
        "name": pick(NAMES, first),
        "stock": second,
        "attributes": {"a": [1.5]},
    }
    variants = [variant["id"] for variant in product.get("variants", ())]
    if not variants or second % 4 == 0:
        trader.ask(trader.admin, "POST", path, json=body)
        return
    chosen = pick(variants, second)
    if second % 4 == 1:
        trader.ask(trader.admin, "DELETE", f"/api/variants/{chosen}")
    elif second % 4 == 2:
        trader.ask(trader.admin, "PUT", f"/api/variants/{chosen}", json=body)
    else:
        change = {"quantity": second, "operation": "set"}
        trader.ask(trader.admin, "PATCH", f"/api/variants/{chosen}/stock", json=change)


def _picture_of_a_product(trader: Trader, first: int, second: int) -> None:
    product = trader.product(first)
    path = f"/api/products/{product['id']}/images"
    images = [image["id"] for image in product.get("images", ())]
    if not images or second % 3 == 0:
        trader.ask(trader.admin, "POST", path, files=picture(second))
    elif second % 3 == 1:
        trader.ask(trader.admin, "DELETE", f"{path}/{pick(images, second)}")
    else:
        body = {"position": second, "alt_text": pick(NAMES, first)}
        trader.ask(trader.admin, "PATCH", f"{path}/{pick(images, second)}", json=body)


def _category(trader: Trader, first: int, second: int) -> None:
    body: dict[str, Any] = {"name": pick(NAMES, second), "slug": pick(("shirts", "gone", "fresh"), first)}
    if second % 3 == 0:
        body |= {"parent_id": trader.one("/api/categories", first)}
        trader.ask(trader.admin, "POST", "/api/categories", json=body)
        return
    path = f"/api/categories/{trader.one('/api/categories', first)}"
    if second % 3 == 1:
        trader.ask(trader.admin, "DELETE", path)
    else:
        trader.ask(trader.admin, "PUT", path, json=body)


def _code(trader: Trader, first: int, second: int) -> None:
    body = {
        "code": pick(CODES, first),
        "discount_type": pick(("percentage", "fixed"), second),
        "discount_value": pick((10, 5.5, 100), second),
        "max_uses": pick((None, 1, 5), second),
        "valid_until": pick((None, "2030-01-31", "2020-01-31"), first + second),
    }
    if second % 3 == 0:
        trader.ask(trader.admin, "POST", "/api/admin/discounts", json=body)
        return
    path = f"/api/admin/discounts/{trader.one('/api/admin/discounts', first)}"
    if second % 3 == 1:
        trader.ask(trader.admin, "DELETE", path)
    else:
        trader.ask(trader.admin, "PUT", path, json={**body, "is_active": bool(first % 2)})


def _session(number: int) -> dict[str, str]:
    return {"X-Cart-Session": pick(SESSIONS, number)}


def _on_sale(trader: Trader, number: int) -> dict[str, Any]:
    """One of what can be bought, or of what cannot where there is nothing."""
    shown = trader.buyer.get("/api/shop/products").json
    found = [
        {"product_id": product["id"], "variant_id": variant["id"]}
        for product in shown.get("products", ())
        for variant in product.get("variants", ())
        if variant["stock"] > 0
    ]
    return dict(found[number % len(found)]) if found else {"product_id": 999_999, "variant_id": 1}


def _cart(trader: Trader, first: int, second: int) -> None:
    item = {**_on_sale(trader, second), "quantity": 1 + second % 2}
    headers = _session(first)
    trader.ask(trader.buyer, "POST", "/api/shop/cart/items", headers=headers, json=item)
    if second % 3 == 0:
        code = {"code": pick(CODES, second)}
        trader.ask(trader.buyer, "POST", "/api/shop/cart/discount", headers=headers, json=code)
    if second % 4 == 0:
        trader.ask(trader.buyer, "DELETE", "/api/shop/cart", headers=headers)


def _address(second: int) -> dict[str, str]:
    return {
        "street": "Via Roma 1",
        "city": pick(NAMES, second),
        "state": "TO",
        "zip_code": "10100",
        "country": "IT",
    }


def _check_out(trader: Trader, first: int, second: int) -> None:
    if second % 3:
        _cart(trader, first, 1)
    body = {
        "customer_email": "buyer@example.com",
        "customer_name": pick(NAMES, second),
        "payment_method": pick(("mock", "manual"), second),
        "shipping_address": _address(second),
        "notes": pick(WORDS, second),
    }
    trader.ask(trader.buyer, "POST", "/api/shop/checkout", headers=_session(first), json=body)


def _order(trader: Trader, first: int, second: int) -> None:
    items = [{**_on_sale(trader, first + step), "quantity": 1} for step in range(1 + second % 3)]
    body = {
        "customer_email": "other@example.com",
        "customer_name": pick(NAMES, first),
        "payment_method": "mock",
        "items": items,
        "shipping_address": _address(first),
    }
    answer = trader.ask(trader.buyer, "POST", "/api/orders", json=body)
    if answer.status == 201 and second % 2:
        trader.ask(trader.buyer, "POST", f"/api/orders/{answer.json['order_number']}/payment", json={})


def _step_of_an_order(trader: Trader, first: int, second: int) -> None:
    order = trader.one("/api/admin/orders", first)
    step = pick(("cancel", "refund", "part", "fulfil", "status"), second)
    if step == "fulfil":
        body = {"status": "fulfilled"}
        trader.ask(trader.admin, "PATCH", f"/api/admin/shop/orders/{order}/fulfillment", json=body)
    elif step == "status":
        body = {"status": pick(("shipped", "processing", "delivered"), first)}
        trader.ask(trader.admin, "PATCH", f"/api/admin/orders/{order}/status", json=body)
    elif step == "cancel":
        trader.ask(trader.admin, "POST", f"/api/admin/orders/{order}/cancel", json={})
    else:
        body = {"amount": "0.01"} if step == "part" else {}
        trader.ask(trader.admin, "POST", f"/api/admin/orders/{order}/refund", json=body)


def _notification(trader: Trader, first: int, second: int) -> None:
    chosen = trader.one("/api/admin/notifications", first)
    if second % 3 == 0:
        trader.ask(trader.admin, "PATCH", f"/api/admin/notifications/{chosen}/read", json={})
    elif second % 3 == 1:
        trader.ask(trader.admin, "DELETE", f"/api/admin/notifications/{chosen}")
    else:
        trader.ask(trader.admin, "POST", "/api/admin/notifications/read-all", json={})


def _content(kind: str, title: str, cover: str, gallery: str) -> Callable[[Trader, int, int], None]:
    path = f"/api/{kind}"

    def act(trader: Trader, first: int, second: int) -> None:
        chosen = f"{path}/{trader.one(path, first)}"
        body = {
            title: pick(NAMES, second)[:100],
            "description": pick(WORDS, first),
            "order": pick(ORDERS, second),
        }
        step = pick(("create", "change", "delete", "upload", "remove", "restore"), second)
        if step == "create":
            trader.ask(trader.admin, "POST", path, json=body)
        elif step == "change":
            trader.ask(
                trader.admin, "PUT", chosen, json={name: body[name] for name in (title, "description")}
            )
        elif step == "delete":
            trader.ask(trader.admin, "DELETE", chosen)
        elif step == "upload":
            trader.ask(trader.admin, "POST", f"{chosen}/upload", files=picture(first))
        elif step == "remove":
            entry = trader.admin.get(chosen).json
            listed = (entry or {}).get(gallery) or [None]
            name = "imageUrl" if gallery == "images" else "pageUrl"
            trader.ask(trader.admin, "DELETE", f"{chosen}/{gallery}", json={name: pick(listed, first)})
        else:
            gone = trader.one(f"{path}/deleted", first)
            trader.ask(trader.admin, "POST", f"{path}/{gone}/restore", json={})

    return act


ACTS: Mapping[str, Callable[[Trader, int, int], None]] = {
    "sign in": _sign_in,
    "new product": _new_product,
    "change a product": _change_product,
    "swap slugs": _swap_slugs,
    "delete or restore a product": _delete_or_restore_product,
    "reuse a slug": _reuse_a_slug,
    "variant": _variant,
    "picture of a product": _picture_of_a_product,
    "category": _category,
    "code": _code,
    "cart": _cart,
    "check out": _check_out,
    "order": _order,
    "step of an order": _step_of_an_order,
    "notification": _notification,
    "personaggio": _content("personaggi", "name", "icon", "images"),
    "fumetto": _content("fumetti", "title", "coverImage", "pages"),
}
