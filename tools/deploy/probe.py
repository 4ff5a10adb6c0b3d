"""Whether a deployed stage serves: its health, a list, a write that is taken back; how long it did not."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self
from uuid import uuid4

import requests

TIMEOUT_S = 30
BETWEEN_S = 0.5
FEWEST_TRIES = 2
# Often enough to measure by, and no load on a stage that starts.
WATCHED_EVERY_S = 2.0
REFUSED_SIGN_IN = (401, 429)


class NotServing(Exception):
    """The stage does not do what it should; the text says which call answered what."""


@dataclass(frozen=True)
class Probe:
    """Calls of a stage at its URL, which has no slash at the end."""

    base: str
    domains: tuple[str, ...]

    def run(self) -> list[str]:
        """Try everything that the stage's domains have; gives what was tried, NotServing for what failed."""
        done = []
        for domains, call in STEPS:
            if set(domains) <= set(self.domains):
                done.append(call(self))
        return done

    def wait(self, patience_s: float) -> list[str]:
        """`run`, repeated while it fails, for this many seconds and at least a few times."""
        deadline = time.monotonic() + patience_s
        for tried in count(1):
            try:
                return self.run()
            except NotServing:
                # A call that takes long to fail must not decide alone.
                if tried >= FEWEST_TRIES and time.monotonic() > deadline:
                    raise
            time.sleep(BETWEEN_S)
        raise AssertionError("counting has no end")

    def call(self, method: str, path: str, wanted: Iterable[int] = (200,), **more: Any) -> Any:
        """The JSON that the call answers; NotServing for another status than those that are wanted."""
        try:
            answer = requests.request(method, self.base + path, timeout=TIMEOUT_S, **more)
            content = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise NotServing(f"{method} {path}: {error}") from error
        if answer.status_code not in wanted:
            raise NotServing(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return content


def _health(probe: Probe) -> str:
    status = probe.call("GET", "/health")["status"]
    if status != "healthy":
        raise NotServing(f"GET /health says {status}")
    return "GET /health"


def _products(probe: Probe) -> str:
    probe.call("GET", "/api/products")
    return "GET /api/products"


def _personaggi(probe: Probe) -> str:
    probe.call("GET", "/api/personaggi")
    return "GET /api/personaggi"


def _cart(probe: Probe) -> str:
    probe.call("GET", "/api/cart", headers=_session())
    return "GET /api/cart"


def _inventory(probe: Probe) -> str:
    # Nobody is signed in, and that it says so is an answer of the function.
    probe.call("GET", "/api/inventory", (401,))
    return "GET /api/inventory (401)"


def _write(probe: Probe) -> str:
    """Something on sale into a cart and out of it; where nothing is, a refused sign-in, which is counted."""
    products = probe.call("GET", "/api/products?per_page=20&in_stock=true")["products"]
    for product in products:
        if _buy(probe, product["id"]):
            return "POST /api/cart/items, DELETE /api/cart"
    if "shop" not in probe.domains:
        return "no write: nothing is on sale"
    nobody = {"username": f"probe-{uuid4().hex[:12]}", "password": uuid4().hex}
    probe.call("POST", "/api/auth/login", REFUSED_SIGN_IN, json=nobody)
    return "POST /api/auth/login (refused)"


def _buy(probe: Probe, product: int) -> bool:
    """Whether the product could be put into a cart, from which it has been taken out then."""
    session = _session()
    item = {"product_id": product, "quantity": 1}
    answer = probe.call("POST", "/api/cart/items", (200, 201, 400, 404, 409), json=item, headers=session)
    if "error" in answer:
        # Sold out meanwhile, or with several variants to choose from.
        return False
    cleared = probe.call("DELETE", "/api/cart", headers=session)
    if cleared["items"]:
        raise NotServing("DELETE /api/cart left items in the cart")
    return True


def _session() -> dict[str, str]:
    return {"X-Cart-Session": str(uuid4())}


STEPS: tuple[tuple[tuple[str, ...], Callable[[Probe], str]], ...] = (
    (("shop",), _health),
    (("catalog",), _products),
    (("content",), _personaggi),
    (("orders",), _cart),
    (("etsy_sync",), _inventory),
    (("catalog", "orders"), _write),
)


@dataclass
class Downtime:
    """How long a stage did not answer, as seen by a call every other second during the block."""

    url: str
    longest_s: float = 0.0
    _since: float | None = None
    _done: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._note(time.monotonic(), serves=True)

    def _watch(self) -> None:
        while not self._done.is_set():
            asked = time.monotonic()
            serves = self._serves()
            # It did not serve from the moment on at which it was asked in vain.
            self._note(time.monotonic() if serves else asked, serves=serves)
            self._done.wait(WATCHED_EVERY_S)

    def _serves(self) -> bool:
        try:
            return requests.get(self.url, timeout=TIMEOUT_S).status_code < 500
        except requests.RequestException:
            return False

    def _note(self, now: float, *, serves: bool) -> None:
        if not serves:
            self._since = self._since or now
        elif self._since is not None:
            self.longest_s, self._since = max(self.longest_s, now - self._since), None
