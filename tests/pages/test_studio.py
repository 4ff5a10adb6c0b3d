"""`/studio` as whoever is signed in sees it."""

import json
import os
from base64 import b32decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from common.clock import utc_now
from tests.pages import studio
from tests.pages.studio import (
    asked,
    click,
    complaints,
    focused,
    loaded,
    opened,
    press,
    signed_in,
    text_of,
    write,
)
from tests.support.browser import Page
from tests.support.demo_shop import PASSWORD, USERNAME, DemoShop
from tests.support.local_shop import ask

TABS = ("To approve", "Shop", "Withdrawals", "Accounts", "Creators", "Alerts", "Stock")
# Where a developer looks at the pages: each tab in each width.
PICTURES = os.environ.get("ARTSHOP_PICTURES", "")


@pytest.fixture(scope="module")
def creator(shop: DemoShop) -> str:
    """The token of a creator who has an account called `luna`."""
    return studio.a_creator(shop, "luna")


def status_of(shop: DemoShop, creator: str, work: dict[str, str]) -> dict[str, str]:
    """A work of the creator as it stands."""
    listed = asked(shop, "GET", "/api/creator/products?limit=100", token=creator)["products"]
    return next(each for each in listed if each["id"] == work["id"])


def test_an_administrator_approves_and_rejects_what_waits(page: Page, shop: DemoShop, creator: str) -> None:
    moon, sun = (studio.a_work(shop, creator, title) for title in ("A moon", "A sun"))
    signed_in(page, shop)
    page.until("[...document.images].length > 0 && [...document.images].every(it => it.naturalWidth > 0)")
    # What was written as markup is read as it was written.
    assert "<img src=x onerror=alert(1)> & more" in text_of(page)
    click(page, "Approve A moon")
    page.until("document.getElementById('said').textContent === 'A moon is approved.'")
    click(page, "Reject A sun")
    page.until("document.activeElement.id === 'dialog-field'")
    write(page, "Too bright")
    click(page, "Reject")
    page.until("document.getElementById('said').textContent === 'A sun is rejected.'")
    assert status_of(shop, creator, moon)["status"] == "approved"
    rejected = status_of(shop, creator, sun)
    assert (rejected["status"], rejected["rejectionReason"]) == ("rejected", "Too bright")
    assert ask(shop.port, "GET", f"/api/products/{moon['id']}")[0] == 200
    assert complaints(page) == []


def test_what_was_changed_since_it_was_looked_at_is_not_approved(
    page: Page, shop: DemoShop, creator: str
) -> None:
    work = studio.a_work(shop, creator, "Harmless")
    signed_in(page, shop)
    asked(shop, "PUT", f"/api/creator/products/{work['id']}", {"title": "Something else"}, creator)
    click(page, "Approve Harmless")
    page.until("document.querySelector('#panel [role=alert]') !== null")
    assert status_of(shop, creator, work)["status"] == "pending"
    click(page, "Look at the list again")
    click(page, "Approve Something else")
    page.until("document.getElementById('said').textContent === 'Something else is approved.'")
    assert status_of(shop, creator, work)["status"] == "approved"


def test_a_disabled_account_is_refused_at_once(page: Page, shop: DemoShop) -> None:
    studio.an_account(shop, "helper")
    token = studio.token_of(shop, "helper")
    assert asked(shop, "GET", "/api/auth/me", token=token)["role"] == "editor"
    signed_in(page, shop, tab="accounts")
    click(page, "Disable helper")
    click(page, "Disable")
    page.until("document.getElementById('said').textContent === 'helper is disabled.'")
    assert ask(shop.port, "GET", "/api/auth/me", Authorization=f"Bearer {token}")[0] == 401
    click(page, "Enable helper")
    page.until("document.getElementById('said').textContent === 'helper is enabled.'")
    studio.token_of(shop, "helper")
    assert complaints(page) == []


def test_the_keyboard_alone_is_enough(page: Page, shop: DemoShop, creator: str) -> None:
    first, second = (studio.a_work(shop, creator, title) for title in ("Ink one", "Ink two"))
    signed_in(page, shop)
    studio.walk_to(page, "To approve")
    press(page, "ArrowRight")
    assert focused(page) == "Shop"
    press(page, "End")
    assert focused(page) == "Stock"
    press(page, "ArrowRight")
    assert focused(page) == "To approve"
    studio.walk_to(page, "Reject Ink one")
    press(page, "Enter")
    page.until("document.activeElement.id === 'dialog-field'")
    press(page, "Escape")
    page.until("document.querySelector('dialog') === null")
    assert focused(page) == "Reject Ink one"
    studio.walk_to(page, "Approve Ink two")
    outline = page.value("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    press(page, " ")
    page.until("document.getElementById('said').textContent === 'Ink two is approved.'")
    # The keyboard goes on with what stands there now, and is not sent to the page's beginning.
    page.until("document.activeElement !== document.body")
    assert status_of(shop, creator, second)["status"] == "approved"
    assert status_of(shop, creator, first)["status"] == "pending"


def test_a_creator_sees_charts_and_adds_a_work(page: Page, shop: DemoShop, creator: str) -> None:
    me = asked(shop, "GET", "/api/creator/profile", token=creator)["creator"]
    visit = json.dumps({"creatorId": me["id"]})
    # Whoever names no browser is counted apart, and so is looking again within half an hour.
    for browser in ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "curl/8"):
        told = ask(shop.port, "POST", "/api/analytics/page-view", visit, **{"User-Agent": browser})
        assert told[0] == 201
    signed_in(page, shop, "luna")
    page.until("document.querySelector('.chart canvas') !== null")
    assert page.value("document.querySelector('.figures').innerText").split("\n")[:2] == ["Page views", "1"]
    click(page, "7 days")
    loaded(page)
    rows = "document.querySelectorAll('figure .table tbody tr').length"
    assert page.until(rows) == 7
    status, headers, _ = ask(
        shop.port, "GET", "/api/creator/analytics?format=csv", Authorization=f"Bearer {creator}"
    )
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    opened(page, "My works")
    page.value("document.querySelector('details.add summary').click()")
    page.until("document.getElementById('new-category').options.length > 1")
    fields = {"title": "A star", "description": "Small.", "category": "prints", "price": "no price"}
    fields["imageUrl"] = studio.a_picture(shop)
    for name, text in fields.items():
        page.value(f"document.getElementById('new-{name}').value = {json.dumps(text)}")
    click(page, "Add the work")
    # Refused in words, and what was written is still there.
    page.until("document.querySelector('.complaint') !== null")
    assert "price" in page.value("document.querySelector('.complaint').innerText")
    assert page.value("document.getElementById('new-title').value") == "A star"
    page.value("document.getElementById('new-price').value = '€19.90'")
    click(page, "Add the work")
    page.until("document.getElementById('said').textContent === 'A star waits for approval.'")
    page.until("document.querySelector('.card h3').textContent.startsWith('A star')")
    assert page.value("document.getElementById('new-title').value") == ""


def test_a_rejected_work_is_changed_and_waits_again(page: Page, shop: DemoShop, creator: str) -> None:
    work = studio.a_work(shop, creator, "Rain")
    asked(shop, "PUT", f"/api/admin/products/{work['id']}/reject", {"reason": "Too wet"})
    signed_in(page, shop, "luna", tab="works")
    assert "Too wet" in text_of(page)
    title = f"document.getElementById('{work['id']}-title')"
    page.value(f"{title}.closest('details').querySelector('summary').click()")
    page.value(f"{title}.value = 'Drizzle'")
    page.value(f"{title}.form.requestSubmit()")
    page.until("document.getElementById('said').textContent === 'Drizzle waits for approval again.'")
    again = status_of(shop, creator, work)
    assert (again["status"], again["title"], "rejectionReason" in again) == ("pending", "Drizzle", False)


def test_a_session_that_ends_is_begun_again_and_nothing_written_is_lost(
    page: Page, shop: DemoShop, creator: str
) -> None:
    work = studio.a_work(shop, creator, "Fog")
    signed_in(page, shop)
    click(page, "Reject Fog")
    page.until("document.activeElement.id === 'dialog-field'")
    write(page, "Nothing to be seen")
    page.send("Network.clearBrowserCookies")
    click(page, "Reject")
    page.until("document.activeElement.id === 'username'")
    write(page, USERNAME)
    press(page, "Tab")
    write(page, PASSWORD)
    press(page, "Enter")
    # What was refused is done now, without being asked for twice.
    page.until("document.getElementById('said').textContent === 'Fog is rejected.'")
    assert status_of(shop, creator, work)["rejectionReason"] == "Nothing to be seen"


def test_a_second_factor_is_asked_for_where_there_is_one(page: Page, shop: DemoShop) -> None:
    studio.an_account(shop, "careful", "Creator")
    token = studio.token_of(shop, "careful")
    secret = asked(shop, "POST", "/api/auth/totp", token=token)["secret"]
    phone = TOTP(b32decode(secret), 6, SHA1(), 30)  # noqa: S303 - what apps know
    now = phone.generate(int(utc_now().timestamp())).decode()
    codes = asked(shop, "POST", "/api/auth/totp/confirm", {"code": now}, token)["recovery_codes"]
    page.open(f"{shop.url}/studio")
    page.until("document.activeElement.id === 'username'")
    assert page.value("document.getElementById('code').checkVisibility()") is False
    write(page, "careful")
    press(page, "Tab")
    write(page, studio.SECRET)
    press(page, "Enter")
    page.until("document.activeElement.id === 'code'")
    assert "Enter the code of your second factor." in text_of(page)
    write(page, codes[0])
    press(page, "Enter")
    loaded(page)
    assert "careful · creator" in text_of(page)


def test_signing_out_ends_the_token_and_leaves_nothing(page: Page, shop: DemoShop) -> None:
    signed_in(page, shop, tab="accounts")
    # No script can read it: there is nothing to be stolen from the page.
    assert page.value("document.cookie") == ""
    assert page.value("localStorage.length + sessionStorage.length") == 0
    click(page, "Sign out")
    page.until("document.activeElement.id === 'username'")
    assert "helper" not in text_of(page)
    page.open(f"{shop.url}/studio")
    page.until("document.activeElement.id === 'username'")


def test_a_wrong_password_is_told_in_words(page: Page, shop: DemoShop) -> None:
    page.open(f"{shop.url}/studio")
    page.until("document.activeElement.id === 'username'")
    write(page, USERNAME)
    press(page, "Tab")
    write(page, "wrong")
    press(page, "Enter")
    page.until("document.querySelector('[role=alert]') !== null")
    assert "Invalid credentials" in text_of(page)
    assert page.value("document.getElementById('username').value") == USERNAME


def test_an_editor_is_told_what_there_is_to_do(page: Page, shop: DemoShop) -> None:
    studio.an_account(shop, "editor-of-things")
    page.open(f"{shop.url}/studio")
    page.until("document.activeElement.id === 'username'")
    write(page, "editor-of-things")
    press(page, "Tab")
    write(page, studio.SECRET)
    press(page, "Enter")
    page.until("!document.getElementById('work').hidden")
    assert "nothing to do" in text_of(page)


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_tab_is_wider_than_the_window(page: Page, shop: DemoShop, creator: str, width: int) -> None:
    studio.a_work(shop, creator, "A-title-without-any-space-that-is-as-long-as-it-may-be-" * 3)
    signed_in(page, shop, width=width)
    for tab in TABS:
        opened(page, tab)
        page.until(f"document.documentElement.scrollWidth === {width}")
        kept(page, f"admin-{tab}-{width}")
    assert complaints(page) == []


@pytest.mark.parametrize("width", [360, 1100])
def test_no_tab_of_a_creator_is_wider_than_the_window(
    page: Page, shop: DemoShop, creator: str, width: int
) -> None:
    signed_in(page, shop, "luna", width=width)
    for tab in ("Numbers", "My works"):
        opened(page, tab)
        page.value("document.querySelectorAll('details').forEach(it => { it.open = true; })")
        page.until(f"document.documentElement.scrollWidth === {width}")
        kept(page, f"creator-{tab}-{width}")
    assert complaints(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(page: Page, shop: DemoShop, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    signed_in(page, shop)
    for tab in TABS:
        opened(page, tab)
        kept(page, f"{scheme}-{tab}")
        assert page.value(CONTRASTS) >= 4.5, tab


def test_nothing_is_loaded_from_elsewhere_and_no_markup_runs(page: Page, shop: DemoShop) -> None:
    signed_in(page, shop)
    hosts = page.value(
        "performance.getEntriesByType('resource').filter(it => it.initiatorType !== 'img')"
        ".map(it => new URL(it.name).origin)"
    )
    assert set(hosts) == {shop.url}
    assert complaints(page) == []
    page.value(
        """new Promise(told => {
          document.addEventListener('securitypolicyviolation', event => told(event.violatedDirective));
          const script = document.createElement('script');
          script.textContent = 'window.ran = true';
          document.body.append(script);
        })"""
    )
    assert page.value("window.ran") is None


def test_it_can_be_read_by_ear(page: Page, shop: DemoShop) -> None:
    signed_in(page, shop)
    assert page.value("document.documentElement.lang") == "en"
    assert page.value("document.querySelectorAll('h1').length") == 1
    assert page.value("document.querySelectorAll('main').length") == 1
    for tab in TABS:
        opened(page, tab)
        assert page.value("[...document.images].every(image => image.hasAttribute('alt'))")
        assert page.value(
            "[...document.querySelectorAll('input, textarea, select')].every(it => it.labels.length)"
        )
        assert page.value("[...document.querySelectorAll('#work button')].every(it => it.textContent.trim())")
        assert page.value("document.getElementById('panel').getAttribute('aria-labelledby')").startswith(
            "tab-"
        )


def test_the_stock_of_one_sku_can_be_looked_for(page: Page, shop: DemoShop) -> None:
    signed_in(page, shop, tab="stock")
    assert page.value("document.querySelectorAll('#panel tbody tr').length") > 0
    page.value("document.getElementById('sku').focus()")
    write(page, "NO-SUCH-SKU")
    press(page, "Enter")
    page.until("document.querySelector('#panel .nothing') !== null")
    assert "Nothing is known of NO-SUCH-SKU." in text_of(page)


def kept(page: Page, name: str) -> None:
    """Keeps what the window shows where somebody wants to look at it."""
    if PICTURES:
        page.picture(Path(PICTURES) / f"{name.replace(' ', '-')}.png")


CONTRASTS = """(() => {
  const parts = text => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const plain = p => p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4;
    const [x, y, z] = [r, g, b].map(p => plain(p / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = it => {
    for (; it; it = it.parentElement) {
      const color = parts(getComputedStyle(it).backgroundColor);
      if (color.length < 4 || color[3] > 0) return light(color);
    }
    return 1;
  };
  const words = [...document.querySelectorAll('body *')]
    .filter(it => it.checkVisibility())
    .filter(it => [...it.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));
  return Math.min(...words.map(it => {
    const [own, other] = [light(parts(getComputedStyle(it).color)), behind(it)];
    return (Math.max(own, other) + 0.05) / (Math.min(own, other) + 0.05);
  }));
})()"""
