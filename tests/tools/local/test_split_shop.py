"""A storefront whose base URLs are all one host, at a shop in five processes and at one in one."""

import json
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.local_shop import ask, running, sign_in, stop
from tools.edge.table import DOMAINS, rule_for
from tools.engines.ministack import free_port

# Two whole shops are started.
pytestmark = pytest.mark.exhaustive

ARTIST = {"ADMIN_USERNAME": "anna", "ADMIN_PASSWORD": "correct horse battery"}
ADDRESS = {"street": "Via 1", "city": "Roma", "state": "RM", "zip_code": "00100", "country": "IT"}


@dataclass
class Visit:
    """A storefront's and its admin pages' calls, in turn; later ones name what earlier ones have made."""

    port: int
    token: str
    seen: list[tuple[str, int, Any]] = field(default_factory=list)
    cart: str = ""

    def ask(self, method: str, path: str, content: Any = None, *, admin: bool = False) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if admin else {}
        headers |= {"X-Cart-Session": self.cart} if self.cart and not admin else {}
        body = "" if content is None else json.dumps(content)
        status, _, answer = ask(self.port, method, path, body, **headers)
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
    code = {"code": "DIECI", "type": "percentage", "value": 10, "active": True}
    visit.ask("POST", "/api/admin/discounts", code, admin=True)
    visit.ask("GET", "/api/admin/discounts?page=1&per_page=20", admin=True)
    visit.ask("POST", "/api/discounts/validate", {"code": "DIECI", "cartTotal": 20})
    visit.cart = str(visit.ask("GET", "/api/cart")["cart"]["session_token"])
    variants = visit.ask("GET", f"/api/products/{product}/variants")
    variant = (variants["variants"] if isinstance(variants, dict) else variants)[0]["id"]
    added = {"product_id": product, "variant_id": variant, "quantity": 2}
    item = visit.ask("POST", "/api/cart/items", added)["cart"]["items"][0]["id"]
    visit.ask("PATCH", f"/api/cart/items/{item}", {"quantity": 1})
    visit.ask("POST", "/api/cart/discount", {"code": "DIECI"})
    checkout = {"session_token": visit.cart, "email": "a@example.com", "name": "A", "payment_method": "mock"}
    visit.ask("POST", "/api/orders", checkout | {"shipping_address": ADDRESS})
    visit.ask("GET", "/api/admin/orders?page=1&per_page=10", admin=True)
    visit.ask("GET", "/api/admin/shop/orders", admin=True)


def running_the_shop(visit: Visit) -> None:
    """What the artist's other pages ask for."""
    visit.ask("GET", "/health")
    visit.ask("GET", "/api/shop/health")
    visit.ask("GET", "/api/admin/stats", admin=True)
    visit.ask("GET", "/api/admin/notifications?unread=true&page=1&per_page=10", admin=True)
    visit.ask("POST", "/api/admin/notifications/mark-all-read", admin=True)
    visit.ask("GET", "/api/admin/integrations/etsy/config", admin=True)
    visit.ask("GET", "/api/admin/integrations/etsy/sync/status", admin=True)
    visit.ask("GET", "/api/inventory", admin=True)
    visit.ask("GET", "/api/alerts/unread", admin=True)
    visit.ask("GET", "/api/nowhere")


def all_calls(port: int) -> Visit:
    """The whole visit at a shop."""
    visit = Visit(port, sign_in(port, ARTIST["ADMIN_USERNAME"], ARTIST["ADMIN_PASSWORD"]))
    parts: tuple[Callable[[Visit], None], ...] = (content, running_the_shop)
    orders(visit, catalogue(visit))
    for part in parts:
        part(visit)
    return visit


def test_every_call_of_the_storefronts_is_answered_as_by_one_process(tmp_path: Path) -> None:
    port, other = free_port(0), free_port(0)
    with running(tmp_path / "split", port, "--split", **ARTIST) as shop:
        split = all_calls(port)
        assert stop(shop) == 0
    with running(tmp_path / "whole", other, **ARTIST) as shop:
        whole = all_calls(other)
        assert stop(shop) == 0
    assert split.seen == whole.seen
    refused = [call for call in split.seen if call[1] >= 400]
    assert [call[0] for call in refused] == ["GET /api/nowhere"]
    asked = {rule_for(call.partition(" ")[2].partition("?")[0]).domain for call, _, _ in split.seen}
    assert asked == set(DOMAINS)


def test_a_domain_that_was_killed_is_there_again(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port, "--split", **ARTIST) as shop:
        for process in children(shop.process.pid):
            if b"tools.local.domain" in Path(f"/proc/{process}/cmdline").read_bytes():
                os.kill(process, signal.SIGKILL)
        for path in ("/api/products", "/api/personaggi", "/health", "/api/cart"):
            assert ask(port, "GET", path)[0] == 200
        assert stop(shop) == 0


def test_no_domain_outlives_a_shop_that_is_killed(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port, "--split", **ARTIST) as shop:
        domains = children(shop.process.pid)
        assert len(domains) >= len(DOMAINS)
        shop.send(signal.SIGKILL)
        shop.wait()
    for process in domains:
        while Path(f"/proc/{process}").exists() and b"tools.local.domain" in command(process):
            pass


def children(parent: int) -> list[int]:
    """The process ids of a process's children."""
    return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def command(process: int) -> bytes:
    """A process's command; empty once it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
