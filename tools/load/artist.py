"""The artist at the admin pages: dashboard, a product, a picture, a stock, an order, the notifications."""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tools.load import checks
from tools.load.asking import CREATED, OK, Answer, Asked, Client, need, no_check
from tools.load.books import Books

BOUNDARY = "a-boundary-of-the-load-test"
_STALE = frozenset({200, 409})
_GONE = frozenset({200, 404})


@dataclass
class Artist:
    """The one administrator, who signs in once."""

    client: Client
    dice: Random
    books: Books
    username: str
    password: str
    headers: dict[str, str] = field(default_factory=dict)

    def round(self) -> None:
        """One round through the admin pages; Unexpected ends it."""
        if not self.headers:
            self.sign_in()
        self.books.artist_rounds += 1
        self._dashboard()
        self.client.pause()
        self._product()
        self.client.pause()
        self._order()
        self.client.pause()
        self._notifications()

    def sign_in(self) -> None:
        """Take the token that every later request carries."""
        body = {"username": self.username, "password": self.password}
        answer = self.client.ask(Asked("POST /api/auth/login", "POST", "/api/auth/login", body=body))
        need(bool(answer.body.get("token")), "a sign-in without a token")
        self.headers = {"Authorization": f"Bearer {answer.body['token']}"}

    def _dashboard(self) -> None:
        self._get("/api/admin/shop/products", _rows)
        self._get("/api/admin/shop/orders", checks.orders)
        self._get("/api/personaggi", checks.entries)

    def _product(self) -> None:
        listed = self._get("/api/products", checks.product_page, "?page=1&per_page=10")["products"]
        path = f"/api/products/{self.dice.choice(listed)['id']}"
        shown = self._get("/api/products/{id}", checks.one_product, path=path)
        note = f"{str(shown.get('short_description', ''))[:80]} ({self.dice.randrange(1000)})"
        saved = self._send("PUT", "/api/products/{id}", path, {**shown, "short_description": note}, _STALE)
        # The form names the moment that it was shown at, and somebody may have saved since.
        self.books.stale_forms += saved.status == 409
        self._picture(path)
        if shown["variants"]:
            self._stock(self.dice.choice(shown["variants"])["id"])

    def _picture(self, path: str) -> None:
        """A picture more, which the page then shows, and its removal."""
        name = "POST /api/products/{id}/images"
        headers = {**self.headers, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        data = form({"position": "9"}, picture(self.dice))
        asked = Asked(name, "POST", f"{path}/images", _stored_picture, CREATED, data=data, headers=headers)
        image = self.client.ask(asked).body["image"]
        self._send("DELETE", "/api/products/{id}/images/{image}", f"{path}/images/{image['id']}", None, _GONE)

    def _stock(self, variant: int) -> None:
        body = {"quantity": 1, "operation": "add"}
        self._send("PATCH", "/api/variants/{id}/stock", f"/api/variants/{variant}/stock", body)
        self.books.stocked[variant] += 1

    def _order(self) -> None:
        listed = self._get("/api/admin/orders", checks.orders, "?page=1&per_page=10")["orders"]
        if not listed:
            return
        order = self.dice.choice(listed)
        self._get("/api/orders/{order}", checks.order_page, path=f"/api/orders/{order['id']}")
        if order["payment_status"] == "paid" and order["fulfillment_status"] == "unfulfilled":
            path = f"/api/admin/orders/{order['id']}/status"
            self._send("PATCH", "/api/admin/orders/{order}/status", path, {"status": "fulfilled"}, _STALE)

    def _notifications(self) -> None:
        shown = self._get("/api/admin/notifications", checks.notifications, "?page=1&per_page=20")
        unread = [each for each in shown["notifications"] if not each["is_read"]]
        if unread:
            path = f"/api/admin/notifications/{unread[0]['id']}/read"
            self._send("PATCH", "/api/admin/notifications/{id}/read", path, {})

    def _get(self, name: str, check: Any, query: str = "", path: str = "") -> Any:
        asked = Asked(f"GET {name} (artist)", "GET", (path or name) + query, check, headers=self.headers)
        return self.client.ask(asked).body

    def _send(
        self, method: str, name: str, path: str, body: Mapping[str, Any] | None, expected: frozenset[int] = OK
    ) -> Answer:
        return self.client.ask(
            Asked(f"{method} {name}", method, path, no_check, expected, body, headers=self.headers)
        )


def form(fields: Mapping[str, str], file: bytes) -> bytes:
    """A multipart body with these fields and a PNG as `file`, between lines of BOUNDARY."""
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{it}'.encode() for name, it in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="picture.png"'
    parts.append(f"{head}\r\nContent-Type: image/png\r\n\r\n".encode() + file)
    line = f"--{BOUNDARY}".encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def picture(dice: Random, side: int = 64) -> bytes:
    """A PNG of noise, about 12 KB at 64 pixels a side, that no other is like."""
    rows = b"".join(b"\0" + dice.randbytes(3 * side) for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _rows(answer: Answer) -> None:
    need(all(each["name"] and "stock" in each for each in answer.body["products"]), "a row without its name")


def _stored_picture(answer: Answer) -> None:
    need(str(answer.body["image"]["url"]).startswith(("http", "/")), "a picture without an address")
