"""One shop for the whole run, and the figures of the run."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.demo_shop import DemoShop, demo_shop
from tests.support.local_shop import ask
from tools.api_document.examples import PARTS

# How often each status was answered to whom, by the caller's name.
ANSWERS: dict[str, Counter[int]] = {}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoShop]:
    """A shop with demo data and stand-ins of all channels."""
    with demo_shop(tmp_path_factory.mktemp("shop")) as running:
        yield running


@pytest.fixture(scope="session")
def things(shop: DemoShop) -> dict[str, Any]:
    """What there is, by the variable parts of paths that name it: the demo shop's, and what it lacks."""
    bought = {"product_id": 1, "variant_id": PARTS["variant"], "quantity": 1}
    order = _made(shop, "/api/orders", {"customer_email": "a@b.it", "customer_name": "A", "items": [bought]})
    code = {"code": "FUZZ", "discount_type": "percentage", "discount_value": 5}
    discount = _made(shop, "/api/admin/discounts", code)
    told = _asked(shop, "GET", "/api/admin/notifications")
    images = _asked(shop, "GET", "/api/products/1/images")
    return PARTS | {
        "discount": discount["id"],
        "image": images["images"][-1]["id"],
        "notification": told["notifications"][0]["id"],
        "order": order["order_id"],
    }


def _made(shop: DemoShop, path: str, body: dict[str, Any]) -> Any:
    return _asked(shop, "POST", path, json.dumps(body))


def _asked(shop: DemoShop, method: str, path: str, body: str = "") -> Any:
    status, _, told = ask(shop.port, method, path, body, Authorization=f"Bearer {shop.token}")
    assert status in {200, 201}, told
    return json.loads(told)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes things away comes last, for the others need them, and behind it what ends the token."""
    items.sort(key=lambda item: ("/api/auth/logout" in item.name, "DELETE" in item.name))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was tried."""
    for caller, statuses in sorted(ANSWERS.items()):
        told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        terminalreporter.write_line(f"{caller}: {sum(statuses.values())} requests ({told})")
