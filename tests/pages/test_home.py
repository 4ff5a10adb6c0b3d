"""`/` as a newcomer sees it."""

import pytest

from tests.support.browser import Page
from tests.support.demo_shop import PASSWORD, USERNAME, DemoShop
from tests.support.local_shop import ask


def text_of(page: Page) -> str:
    return str(page.value("document.body.innerText"))


def test_it_shows_products_with_their_pictures_and_nothing_is_wrong(page: Page, shop: DemoShop) -> None:
    page.open(f"{shop.url}/", height=3000)
    page.until("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    assert page.value("document.images.length") == 6
    assert page.complaints == []


def test_every_link_leads_somewhere(page: Page, shop: DemoShop) -> None:
    page.open(f"{shop.url}/")
    links = page.value("[...document.links].map(link => link.getAttribute('href'))")
    assert {"/docs/", "/openapi.json", "/health"} <= set(links)
    for link in links:
        status, _, _ = ask(shop.port, "GET", link.partition("#")[0])
        assert status == 200, link


def test_it_says_what_runs_and_how_to_sign_in_but_no_password(page: Page, shop: DemoShop) -> None:
    page.open(f"{shop.url}/")
    text = text_of(page)
    for word in ("healthy", "ArtManagementTable", "artshop-media", "unpaid", "etsy", "configured", USERNAME):
        assert word in text
    assert PASSWORD not in page.value("document.documentElement.outerHTML")


def test_one_click_selects_the_storefronts_lines(page: Page, shop: DemoShop) -> None:
    page.open(f"{shop.url}/")
    place = "document.querySelector('.copy')"
    x, y = page.value(
        f"(r => [r.x + 40, r.y + 20])(({place}.scrollIntoView(), {place}.getBoundingClientRect()))"
    )
    for kind in ("mousePressed", "mouseReleased"):
        page.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    selected = page.until("getSelection().toString()")
    assert selected.split() == [f"NEXT_PUBLIC_API_URL={shop.url}", f"BACKEND_URL={shop.url}"]


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_is_wider_than_the_window(page: Page, shop: DemoShop, width: int) -> None:
    page.open(f"{shop.url}/", width=width)
    assert page.value("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(page: Page, shop: DemoShop, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.open(f"{shop.url}/")
    ratios = page.value(
        """(() => {
          const light = text => {
            const parts = text.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255);
            const [r, g, b] = parts.map(p => p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = light(getComputedStyle(document.body).backgroundColor);
          const words = [...document.body.querySelectorAll('h1,h2,h3,p,a,li,dt,dd,pre,code,.price')];
          return words.map(word => light(getComputedStyle(word).color))
            .map(own => (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05));
        })()"""
    )
    assert len(ratios) > 30
    assert min(ratios) >= 4.5


def test_it_can_be_read_by_ear(page: Page, shop: DemoShop) -> None:
    page.open(f"{shop.url}/")
    assert page.value("document.documentElement.lang") == "en"
    assert page.value("document.title")
    assert page.value("document.querySelectorAll('h1').length") == 1
    assert page.value("[...document.images].every(image => image.hasAttribute('alt'))")
    names = page.value(
        "[...document.querySelectorAll('section')].map(s => s.getAttribute('aria-labelledby'))"
    )
    assert len(names) == 5
    assert all(page.value(f"document.getElementById('{name}') !== null") for name in names)


def test_it_has_no_script(page: Page, shop: DemoShop) -> None:
    page.open(f"{shop.url}/")
    assert page.value("document.scripts.length") == 0
    assert page.value("document.querySelectorAll('.products li').length") == 6


@pytest.mark.parametrize("accept", ["", "*/*", "application/json"])
def test_whoever_is_no_browser_gets_the_errors_of_the_api(shop: DemoShop, accept: str) -> None:
    status, headers, body = ask(shop.port, "GET", "/", Accept=accept)
    assert (status, body) == (404, b'{"error":"Not found"}')
    assert headers["content-type"] == "application/json"
