"""`/docs/`: every operation, to read and to try."""

import json
from typing import Any

import pytest

from tests.support.browser import Page
from tests.support.demo_shop import PASSWORD, USERNAME, DemoShop
from tests.support.local_shop import ask


def document_of(shop: DemoShop) -> Any:
    return json.loads(ask(shop.port, "GET", "/openapi.json")[2])


def opened(page: Page, shop: DemoShop, operation: str) -> str:
    """Opens an operation of the page; gives the expression that is its element."""
    if page.value("location.pathname") != "/docs/":
        page.open(f"{shop.url}/docs/")
    element = f"document.querySelector('[id$=\"-{operation}\"]')"
    page.until(f"{element} !== null")
    page.value(f"{element}.querySelector('.opblock-summary-control').click()")
    page.until(f"{element}.querySelector('button.execute') !== null")
    return element


def tried(page: Page, element: str) -> str:
    """The status that an operation is answered with when it is tried."""
    page.value(f"{element}.querySelector('button.execute').click()")
    return str(
        page.until(f"{element}.querySelector('.live-responses-table tbody .response-col_status').innerText")
    )


def signed_in(page: Page, shop: DemoShop) -> None:
    """Tries the sign-in, as a reader does who edits the example of its body."""
    element = opened(page, shop, "postAuthLogin")
    body = json.dumps({"username": USERNAME, "password": PASSWORD})
    page.until(f"{element}.querySelector('textarea.body-param__text') !== null")
    page.value(
        f"""(area => {{
          const field = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
          field.set.call(area, {json.dumps(body)});
          area.dispatchEvent(new Event('input', {{bubbles: true}}));
        }})({element}.querySelector('textarea.body-param__text'))"""
    )
    assert tried(page, element).startswith("200")


def test_it_shows_every_operation_and_nothing_is_wrong(page: Page, shop: DemoShop) -> None:
    operations = [operation for verbs in document_of(shop)["paths"].values() for operation in verbs.values()]
    page.open(f"{shop.url}/docs/")
    page.until(f"document.querySelectorAll('.opblock').length === {len(operations)}")
    assert page.value("document.querySelectorAll('.errors-wrapper').length") == 0
    assert page.complaints == []


def test_it_asks_nobody_but_the_shop(page: Page, shop: DemoShop) -> None:
    page.open(f"{shop.url}/docs/")
    page.until("document.querySelectorAll('.opblock').length > 100")
    hosts = page.value("performance.getEntriesByType('resource').map(each => new URL(each.name).origin)")
    assert set(hosts) == {shop.url}


def test_an_operation_of_the_artist_is_refused_before_signing_in_and_answered_after(
    page: Page, shop: DemoShop
) -> None:
    element = opened(page, shop, "getAdminStats")
    assert tried(page, element).startswith("401")
    signed_in(page, shop)
    page.value(f"{element}.querySelector('.btn-clear').click()")
    page.until(f"{element}.querySelector('.live-responses-table') === null")
    assert tried(page, element).startswith("200")
    # The browser tells of the refusal, and of nothing that its policy kept from the page.
    assert len(page.complaints) == 1
    assert "401" in page.complaints[0]
    # The token itself goes along, not the cookie alone.
    assert "Authorization: Bearer ey" in page.value(f"{element}.querySelector('.curl').innerText")


def test_a_token_can_be_given_by_hand(page: Page, shop: DemoShop) -> None:
    element = opened(page, shop, "getAdminStats")
    page.value(f"window.page.preauthorizeApiKey('bearer', {json.dumps(shop.token)})")
    assert tried(page, element).startswith("200")


@pytest.mark.parametrize("path", ["/docs/", "/docs/page.js", "/docs/swagger-ui.js", "/openapi.json"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_its_files_are_there(shop: DemoShop, method: str, path: str) -> None:
    status, headers, body = ask(shop.port, method, path)
    assert status == 200
    assert bool(body) is (method == "GET")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")


def test_there_are_no_others(shop: DemoShop) -> None:
    assert ask(shop.port, "GET", "/docs")[:1] == (302,)
    for path in ("/docs/../credentials.json", "/docs/nothing.js", "/docs/page.js/"):
        assert ask(shop.port, "GET", path)[0] == 404
    assert ask(shop.port, "POST", "/docs/")[0] == 404
