"""What tests of the studio do: people with accounts, the page as they see it, and the keyboard alone."""

import json
from typing import Any

from tests.support.browser import Page
from tests.support.demo_shop import PASSWORD, USERNAME, DemoShop
from tests.support.local_shop import ask

SECRET = "correct horse battery staple 7"
# Asked before anybody is signed in, which the browser tells of.
NOBODY_YET = "401 (Unauthorized)"

_KEYS = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "Tab": (9, ""),
    " ": (32, " "),
    "End": (35, ""),
    "Home": (36, ""),
    "ArrowLeft": (37, ""),
    "ArrowRight": (39, ""),
}


def asked(shop: DemoShop, method: str, path: str, content: Any = None, token: str = "") -> Any:
    """What the API answers to whoever has the token, by default to the administrator."""
    body = "" if content is None else json.dumps(content)
    status, _, told = ask(shop.port, method, path, body, Authorization=f"Bearer {token or shop.token}")
    assert status in {200, 201}, (method, path, status, told)
    return json.loads(told)


def an_account(shop: DemoShop, name: str, role: str = "Editor") -> None:
    """Somebody who signs in by `name` and SECRET."""
    given = {"username": name, "email": f"{name}@example.com", "password": SECRET, "role": role}
    asked(shop, "POST", "/api/admin/users", given)


def token_of(shop: DemoShop, name: str) -> str:
    """A token of somebody with an account."""
    given = json.dumps({"username": name, "password": SECRET})
    status, _, told = ask(shop.port, "POST", "/api/auth/login", given)
    assert status == 200, told
    return str(json.loads(told)["token"])


def a_creator(shop: DemoShop, name: str) -> str:
    """A creator with an account; gives a token."""
    an_account(shop, name, "Creator")
    asked(
        shop,
        "POST",
        "/api/admin/creators",
        {"email": f"{name}@example.com", "username": name, "displayName": name},
    )
    return token_of(shop, name)


def a_picture(shop: DemoShop) -> str:
    """The address of a picture of the shop's own."""
    return str(asked(shop, "GET", "/api/products?per_page=1")["products"][0]["images"][0]["url"])


def a_work(shop: DemoShop, token: str, title: str) -> Any:
    """A work of a creator, which waits for approval; its description is nothing but text to any page."""
    work = {
        "title": title,
        "description": "<img src=x onerror=alert(1)> & more",
        "category": "prints",
        "imageUrl": a_picture(shop),
        "price": "$24.00",
        "tags": ["ink"],
        "published": True,
        "stock": 3,
    }
    return asked(shop, "POST", "/api/creator/products", work, token)["product"]


def press(page: Page, key: str, times: int = 1, *, shift: bool = False) -> None:
    """Press a key as often."""
    code, text = _KEYS[key]
    name = "Space" if key == " " else key
    about = {"key": key, "code": name, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
    for _ in range(times):
        page.send("Input.dispatchKeyEvent", type="keyDown", **about, **({"text": text} if text else {}))
        page.send("Input.dispatchKeyEvent", type="keyUp", **about)


def write(page: Page, text: str) -> None:
    """Write into what has the focus."""
    page.send("Input.insertText", text=text)


def focused(page: Page) -> str:
    """What has the focus, by the name that it is read with."""
    return str(
        page.value(
            "(it => it.getAttribute('aria-label') || it.labels?.[0]?.textContent || it.textContent)"
            "(document.activeElement)"
        )
    ).strip()


def walk_to(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus."""
    for _ in range(60):
        if focused(page) == name:
            return
        press(page, "Tab")
    raise AssertionError(f"{name} is out of the keyboard's reach; at last it stood on {focused(page)}")


def signed_in(page: Page, shop: DemoShop, name: str = USERNAME, tab: str = "", **size: int) -> None:
    """Open the studio and sign in, by the keyboard."""
    page.open(f"{shop.url}/studio{tab and '#'}{tab}", **size)
    page.until("document.activeElement.id === 'username'")
    write(page, name)
    press(page, "Tab")
    write(page, PASSWORD if name == USERNAME else SECRET)
    press(page, "Enter")
    loaded(page)


def loaded(page: Page) -> None:
    """Wait until the open tab shows what it has."""
    page.until("document.querySelector('[role=tab][aria-selected=true]') !== null")
    page.until("document.querySelector('#panel > *') && !document.querySelector('[aria-busy]')")


def opened(page: Page, tab: str) -> None:
    """Open a tab by its name."""
    tabs = "[...document.querySelectorAll('[role=tab]')]"
    page.value(f"{tabs}.find(it => it.textContent === {json.dumps(tab)}).click()")
    loaded(page)


def click(page: Page, label: str) -> None:
    """Click the button of this name once it is there."""
    name = "it.getAttribute('aria-label') || it.textContent"
    found = f"[...document.querySelectorAll('button')].find(it => ({name}) === {json.dumps(label)})"
    page.until(f"{found} !== undefined")
    page.value(f"{found}.click()")


def text_of(page: Page) -> str:
    """All that can be read."""
    return str(page.value("document.body.innerText"))


def complaints(page: Page) -> list[str]:
    """What the console says besides that nobody was signed in at first."""
    return [each for each in page.complaints if NOBODY_YET not in each]
