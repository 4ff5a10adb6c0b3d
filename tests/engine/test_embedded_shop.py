"""`artshop run` or its engine killed while fifty buy: nothing oversold, doubled or lost."""

import contextlib
import http.client
import json
import os
import random
import signal
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.local_shop import Admin, connection, kill_both, running, stop, until_healthy
from tools.engines.ministack import free_port, running_pid

BUYERS = 50
PIECES = 5
PATIENCE = 120.0
# Answers after which a request with an Idempotency-Key is to be sent again.
AGAIN = {429, 500, 502, 503, 504}
ADDRESS = {"street": "Via Roma 12", "city": "Torino", "state": "TO", "zip_code": "10121", "country": "IT"}


@dataclass
class Buyer:
    """Wants one piece, under one key and from an address of this machine's own, until told yes or no."""

    number: int
    product: dict[str, Any]
    status: int = 0
    order_number: str = ""
    attempts: int = 0
    _pause: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def email(self) -> str:
        return f"buyer-{self.product['id']}-{self.number}@example.com"

    def buy(self, port: int, bought: threading.Semaphore) -> None:
        """Ask until there is an answer; every other buyer hangs up on the first one without reading it."""
        while not self.status:
            self.attempts += 1
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._ask(port, reads=self.attempts > 1 or self.number % 2 == 0)
            # The shop may be away; whoever has an answer leaves.
            self._pause.wait(0.1)
        if self.order_number:
            bought.release()

    def _ask(self, port: int, *, reads: bool) -> None:
        opened = connection(port, f"127.0.1.{self.number + 1}")
        try:
            opened.request("POST", "/api/orders", json.dumps(self._wish()), self._headers())
            if not reads:
                return
            answer = opened.getresponse()
            content = json.loads(answer.read())
        finally:
            opened.close()
        if answer.status not in AGAIN:
            self.order_number = content.get("order_number", "")
            self.status = answer.status

    def _wish(self) -> dict[str, Any]:
        line = {
            "product_id": self.product["id"],
            "variant_id": self.product["variants"][0]["id"],
            "quantity": 1,
        }
        who = {"customer_email": self.email, "customer_name": "Maria Rossi", "shipping_address": ADDRESS}
        return who | {"items": [line]}

    def _headers(self) -> dict[str, str]:
        key = f"{self.product['id']}-{self.number}"
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "X-Cart-Session": f"session-{key}",
        }


def new_product(admin: Admin, number: int) -> dict[str, Any]:
    """A product on sale of which there are few."""
    variant = {"sku": f"SKU-{number}", "name": "One", "stock": PIECES}
    product = {"title": f"Print {number}", "slug": f"print-{number}", "base_price": "10.00"}
    created: dict[str, Any] = admin.ask(
        "POST", "/api/products", product | {"status": "published", "variants": [variant]}
    )
    return dict(created.get("product", created))


def stock_of(admin: Admin, product: dict[str, Any]) -> int:
    """How many pieces are left."""
    found = admin.ask("GET", f"/api/products/{product['id']}/variants")
    variants = found if isinstance(found, list) else found["variants"]
    return int(variants[0]["stock"])


def begin(
    port: int, product: dict[str, Any], acknowledged: int
) -> tuple[list[Buyer], list[threading.Thread]]:
    """Fifty who buy at once, as soon as so many of them have been acknowledged an order."""
    bought = threading.Semaphore(0)
    buyers = [Buyer(number, product) for number in range(BUYERS)]
    threads = [threading.Thread(target=buyer.buy, args=(port, bought), daemon=True) for buyer in buyers]
    for thread in threads:
        thread.start()
    for _ in range(acknowledged):
        assert bought.acquire(timeout=PATIENCE)
    return buyers, threads


def wait_for(buyers: list[threading.Thread]) -> None:
    """Until each has its answer."""
    for thread in buyers:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def assert_consistent(buyers: list[Buyer], admin: Admin) -> None:
    """Not oversold, not doubled, not lost: the orders are those that were acknowledged, each once."""
    products = {buyer.product["id"]: buyer.product for buyer in buyers}
    sold = PIECES * len(products)
    assert Counter(buyer.status for buyer in buyers) == {201: sold, 409: len(buyers) - sold}
    rows = admin.ask("GET", "/api/admin/shop/orders?per_page=100")["orders"]
    promised = {buyer.email: buyer.order_number for buyer in buyers if buyer.order_number}
    assert sorted((row["customer_email"], row["order_number"]) for row in rows) == sorted(promised.items())
    assert len(set(promised.values())) == len(promised)
    assert [sum(item["quantity"] for item in row["items"]) for row in rows] == [1] * sold
    assert [stock_of(admin, product) for product in products.values()] == [0] * len(products)


def test_fifty_buyers_and_kills(tmp_path: Path) -> None:
    # None that the system gives to whoever calls: the shop is away for a while, and called all the time.
    port = free_port(random.randrange(20_000, 30_000))  # noqa: S311 - a port is no secret
    with running(tmp_path, port) as shop:
        first, waiting = begin(port, new_product(Admin(port, tmp_path), 1), acknowledged=1)
        kill_both(shop, tmp_path)
    with running(tmp_path, port) as shop:
        wait_for(waiting)
        second, waiting = begin(port, new_product(Admin(port, tmp_path), 2), acknowledged=2)
        # The shop lives on: its client library repeats what was under way to the engine that it starts again.
        os.kill(running_pid(tmp_path) or 0, signal.SIGKILL)
        wait_for(waiting)
        # Buyers who were answered before the kill have waited for nothing.
        until_healthy(port)
        assert_consistent(first + second, Admin(port, tmp_path))
        assert stop(shop) == 0
