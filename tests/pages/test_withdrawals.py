"""Withdrawing by real clicks at a phone's width, in both languages, and what the studio does with it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.pages.studio import asked, click, complaints, opened, signed_in, text_of, write
from tests.support.browser import Page
from tests.support.demo_shop import DemoShop
from tests.support.local_shop import ask

PHONE = {"width": 360, "height": 780}
PICTURES = os.environ.get("ARTSHOP_PICTURES", "")
BUYER = "buyer.of.pages@example.com"
STEPS = {
    "it": (
        "Trova l'ordine",
        "recedere dal contratto qui",
        "conferma recesso",
        "Il tuo recesso è stato ricevuto",
    ),
    "en": (
        "Find the order",
        "withdraw from contract here",
        "confirm withdrawal",
        "Your withdrawal has been received",
    ),
}


def bought(shop: DemoShop, language: str) -> dict[str, Any]:
    """A paid order of two pieces whose buyer reads this language."""
    listed = asked(shop, "GET", "/api/products?per_page=50&status=published")["products"]
    product = next(it for it in listed if it["base_price"] > 0 and it["variants"][0]["stock"] > 10)
    body = {
        "customer_email": BUYER,
        "customer_name": "A Buyer",
        "payment_method": "mock",
        "items": [{"product_id": product["id"], "variant_id": product["variants"][0]["id"], "quantity": 2}],
    }
    headers = {"Accept-Language": language, "X-Cart-Session": f"session-of-{language}-pages"}
    status, _, told = ask(shop.port, "POST", "/api/orders", json.dumps(body), **headers)
    assert status == 201, told
    placed: dict[str, Any] = json.loads(told)
    status, _, told = ask(shop.port, "POST", f"/api/orders/{placed['order_id']}/payment", "{}", **headers)
    assert status == 200, told
    return placed


def shown(page: Page, label: str) -> None:
    """Wait until a button of this name is there, and hold what is around it to the width of a phone."""
    page.until(f"[...document.querySelectorAll('button')].some(it => it.textContent === {json.dumps(label)})")
    assert page.value("document.documentElement.scrollWidth <= innerWidth")
    assert page.value(
        "[...document.querySelectorAll('input:not([type=hidden])')].every(it => it.labels.length)"
    )


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.picture(Path(PICTURES) / f"{name}.png")


def withdraw(page: Page, shop: DemoShop, order: dict[str, Any], language: str) -> None:
    """Find the order, state the withdrawal and confirm it, by clicks."""
    find, state, confirm, done = STEPS[language]
    page.send("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
    page.open(f"{shop.url}/withdrawal", **PHONE)
    shown(page, find)
    for name, text in (("order_number", order["order_number"]), ("email", BUYER)):
        page.value(f"document.getElementById('{name}').focus()")
        write(page, text)
    click(page, find)
    shown(page, state)
    picture(page, f"withdrawal-{language}-1")
    click(page, state)
    shown(page, confirm)
    picture(page, f"withdrawal-{language}-2")
    click(page, confirm)
    page.until(f"document.querySelector('h1').textContent === {json.dumps(done)}")
    picture(page, f"withdrawal-{language}-3")


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_buyer_withdraws_by_two_steps_without_any_script(page: Page, shop: DemoShop, language: str) -> None:
    order = bought(shop, language)
    page.send("Emulation.setScriptExecutionDisabled", value=False)
    withdraw(page, shop, order, language)
    assert page.value("document.scripts.length") == 0
    assert page.value("document.documentElement.lang") == language
    made = asked(shop, "GET", f"/api/admin/orders/{order['order_id']}/withdrawals")["withdrawals"]
    assert [(it["status"], it["language"]) for it in made] == [("requested", language)]
    assert made[0]["statement"].splitlines()[0] in text_of(page)
    # A reload sends the confirmation again.
    page.send("Page.reload")
    page.until("document.readyState === 'complete'")
    assert len(asked(shop, "GET", f"/api/admin/orders/{order['order_id']}/withdrawals")["withdrawals"]) == 1
    assert complaints(page) == []


def test_the_studio_receives_refunds_and_refuses(page: Page, shop: DemoShop) -> None:
    first, second = bought(shop, "en"), bought(shop, "en")
    for order in (first, second):
        withdraw(page, shop, order, "en")
    signed_in(page, shop)
    opened(page, "Withdrawals")
    click(page, f"Received {first['order_number']}, withdrawal 1")
    page.until("document.getElementById('said').textContent.includes('have come back')")
    click(page, f"Refund {first['order_number']}, withdrawal 1")
    page.until("document.querySelector('dialog') !== null")
    click(page, "Refund")
    page.until("document.getElementById('said').textContent.includes('is refunded')")
    click(page, f"Refuse {second['order_number']}, withdrawal 1")
    page.until("document.activeElement.id === 'dialog-field'")
    write(page, "It was worn")
    click(page, "Refuse")
    page.until("document.getElementById('said').textContent.includes('is refused')")
    states = [asked(shop, "GET", f"/api/admin/shop/orders/{it['order_id']}") for it in (first, second)]
    assert [it["withdrawal_status"] for it in states] == ["refunded", "refused"]
    assert [it["payment_status"] for it in states] == ["refunded", "paid"]
    assert complaints(page) == []
