"""What the fakes share: an HTTP server on loopback, faults, and controls for a person."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

CONTROL = "/_control/"


@dataclass(frozen=True)
class Asked:
    """One request: `path` still percent-encoded, header names in lower case."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The JSON body; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def arg(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]


@dataclass(frozen=True)
class Answered:
    """One answer; bytes are sent as they are, anything else as JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


# None: the answer gets lost.
Answer = Callable[[Asked], Answered | None]


@dataclass
class Faults:
    """What goes wrong next: `fail` counts requests that meet `status` before any work, `lose` answers
    that get lost after the work was done; `before` runs once before the next request, `after` once after
    the next request's work and before its answer.
    """

    fail: int = 0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    lose: int = 0
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None


class Server:
    """A channel: subclasses carry out requests in `handle` and offer methods for `/_control/{name}`.

    A control is a method named in `controls`; it takes the JSON object of a POST as keywords and its
    result is the answer. `asked` keeps every request but those.
    """

    controls: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.faults = Faults()
        self.lock = RLock()

    def handle(self, asked: Asked) -> Answered:
        """The answer to a request; called by one thread at a time."""
        raise NotImplementedError

    def answer(self, asked: Asked) -> Answered | None:
        """The answer to a request, or None when it gets lost."""
        if asked.path.startswith(CONTROL):
            with self.lock:
                return self._control(asked)
        faults = self.faults
        before, faults.before = faults.before, None
        if before is not None:
            before()
        with self.lock:
            self.asked.append(asked)
            if faults.fail:
                faults.fail -= 1
                return Answered(faults.status, {"error": "fault"}, faults.headers)
            answered = self.handle(asked)
            after, faults.after = faults.after, None
            lost = faults.lose > 0
            faults.lose -= lost
        if after is not None:
            after()
        return None if lost else answered

    def fail_next(self, count: int = 1, status: int = 503, retry_after: int | None = None) -> None:
        """Makes the next requests fail before any work."""
        headers = {} if retry_after is None else {"retry-after": str(retry_after)}
        self.faults.fail, self.faults.status, self.faults.headers = count, status, headers

    def lose_next(self, count: int = 1) -> None:
        """Makes the answers to the next requests get lost after the work was done."""
        self.faults.lose = count

    def _control(self, asked: Asked) -> Answered:
        name = asked.path.removeprefix(CONTROL)
        if name not in (*self.controls, "fail_next", "lose_next"):
            return Answered(404, {"controls": sorted((*self.controls, "fail_next", "lose_next"))})
        try:
            return Answered(200, {"result": getattr(self, name)(**(asked.json or {}))})
        except (TypeError, ValueError, KeyError) as error:
            return Answered(400, {"error": f"{type(error).__name__}: {error}"})


@contextmanager
def serving(server: Server, port: int = 0) -> Iterator[str]:
    """Runs a channel on loopback, on a free port unless one is given; yields its base URL."""
    with listening(server.answer, port) as server.url:
        yield server.url


@contextmanager
def listening(answer: Answer, port: int = 0) -> Iterator[str]:
    """Sends what `answer` makes of each request to loopback, to a free port unless one is given.

    Yields the base URL. Where `answer` gives None the connection ends without an answer.
    """
    with ThreadingHTTPServer(("127.0.0.1", port), _handler(answer)) as http:
        http.daemon_threads = True
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


def _handler(answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            answered = answer(self._asked())
            if answered is None:
                self.close_connection = True
                return
            is_raw = isinstance(answered.body, bytes)
            body = answered.body if is_raw else json.dumps(answered.body, default=str).encode()
            self.send_response(answered.status)
            for name, value in {"content-type": "application/json", **answered.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _asked(self) -> Asked:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query, keep_blank_values=True)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length") or 0))
            return Asked(self.command, parts.path, query, headers, body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - names of the base class

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
            """Keeps the output of the tests clean."""

    return Handler
