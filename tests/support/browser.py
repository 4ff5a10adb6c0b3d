"""A headless Chromium, driven by its DevTools protocol: as much of it as tests of pages need."""

import base64
import http.client
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import websocket

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "No Chromium on the PATH; install it (Debian: apt-get install -y chromium)"
PATIENCE_S = 30
# That follow one another while one thing is waited for.
_MOST_PAGES = 5
_LISTENING = re.compile(r"DevTools listening on ws://127\.0\.0\.1:([0-9]+)/")
_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    # Where tests run as root, Chromium refuses to start with one.
    "--no-sandbox",
    # It would look for updates and send reports elsewhere.
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--remote-debugging-port=0",
    # The protocol's caller names the origin of its own address.
    "--remote-allow-origins=*",
)
# A page is asked again and again until something holds there, or the time is over.
_UNTIL = """new Promise((hold, refuse) => {
  const end = Date.now() + %d;
  const look = () => {
    let found; try { found = %s; } catch (error) { found = false; }
    if (found) hold(found);
    else if (Date.now() > end) refuse(new Error("never held"));
    else setTimeout(look, 50);
  };
  look();
})"""


class Page:
    """One page, and the complaints of its console so far."""

    def __init__(self, connection: websocket.WebSocket) -> None:
        self._connection = connection
        self._numbers = count(1)
        self.complaints: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> Any:
        """The result of a command; AssertionError for one that is refused."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._connection.recv())
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]
            self._note(told)

    def open(self, url: str, width: int = 1100, height: int = 900) -> None:
        """Load a page at a size of the window, in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        assert "errorText" not in self.send("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript is, awaited; AssertionError when it throws."""
        told = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, expression: str) -> Any:
        """What an expression is once it is true, on whatever page is open then; AssertionError if never."""
        for _ in range(_MOST_PAGES):
            try:
                return self.value(_UNTIL % (PATIENCE_S * 1000, expression))
            except AssertionError as left:
                # What a page was asked is lost when another one takes its place.
                if "navigated" not in str(left):
                    raise
        raise AssertionError(f"no page stays: {expression}")

    def picture(self, file: Path) -> None:
        """Keep what the window shows as a PNG."""
        file.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))

    def _note(self, told: Any) -> None:
        about = told.get("params", {})
        if told["method"] == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(about["exceptionDetails"]))
        if told["method"] == "Runtime.consoleAPICalled" and about["type"] in {"error", "warning", "assert"}:
            self.complaints.append(json.dumps(about["args"]))
        if told["method"] == "Log.entryAdded" and about["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(f"{about['entry']['text']} {about['entry'].get('url', '')}")


@dataclass(frozen=True)
class Browser:
    """A running browser, by the port of its protocol."""

    port: int

    @contextmanager
    def page(self) -> Iterator[Page]:
        """A page that no sign-in is known to."""
        address = self._ask("PUT", "/json/new?about:blank")["webSocketDebuggerUrl"]
        connection = websocket.create_connection(address, timeout=2 * PATIENCE_S)
        try:
            opened = Page(connection)
            opened.send("Network.clearBrowserCookies")
            yield opened
        finally:
            connection.close()

    def _ask(self, method: str, path: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path)
            return json.load(connection.getresponse())
        finally:
            connection.close()


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser that keeps what it has in `folder`; AssertionError says what to install if there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, MISSING
    log = folder / "chromium.log"
    with log.open("w") as told:
        command = [program, *_FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    try:
        yield Browser(_port(process, log))
    finally:
        process.terminate()
        process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    end = time.monotonic() + PATIENCE_S
    while not (found := _LISTENING.search(log.read_text())):
        is_over = process.poll() is not None or time.monotonic() > end
        assert not is_over, log.read_text()
        # It is said in the log, which wakes nobody.
        threading.Event().wait(0.05)
    return int(found[1])
