"""How a process of the traffic asks the app that it has loaded, and writes down what came of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from common.clock import utc_now
from common.http import Role, ShopApp, issue_token
from tests.support.http import Answer, encode_body, read_answer
from tools.local.gateway import Gateway

# Asked again when the shop is busy, as clients do.
BUSY = (409, 503)
# An act that is not answered by so long after the deadline is left as not acknowledged.
GRACE_S = 60.0


@dataclass(frozen=True, slots=True)
class Done:
    """An answer, when it was first asked for, and when it came; None where it never did."""

    answer: Answer | None
    began: float
    ended: float


class Asking:
    """The app as the artist asks it, and as everybody does; acts end some time after `deadline`."""

    def __init__(self, app: ShopApp, deadline: float) -> None:
        self._gateway, self._deadline = Gateway(app), deadline
        self._bearer = f"Bearer {issue_token('1', 'admin', Role.ADMIN, utc_now())}"
        self.retried = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more is begun."""
        return monotonic() > self._deadline

    @property
    def is_late(self) -> bool:
        """Whether nothing more is waited for."""
        return monotonic() > self._deadline + GRACE_S

    def once(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        as_artist: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request."""
        content_type, data = encode_body(json=body)
        sent = {"Content-Type": content_type} if body is not None else {}
        sent |= {"Authorization": self._bearer} if as_artist else {}
        asked = (sent | dict(headers or {})).items()
        return read_answer(self._gateway.ask(method, path, asked, data, "127.0.0.1"))

    def until_done(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any],
        is_done: Callable[[Answer], bool],
        headers: Mapping[str, str] | None = None,
    ) -> Done:
        """A request of the artist, sent again until it is done; AssertionError for an unexpected refusal."""
        began = monotonic()
        while not self.is_late:
            answer = self.once(method, path, body, as_artist=True, headers=headers)
            if is_done(answer):
                return Done(answer, began, monotonic())
            assert answer.status in (200, *BUSY), f"{method} {path}: {answer.status} {answer.text}"
            self.retried += 1
        return Done(None, began, monotonic())


class Notes:
    """A file with a line of JSON for everything that a process has seen and done."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", buffering=1)

    def add(self, kind: str, what: Any) -> None:
        """Writes down a dataclass."""
        self._file.write(json.dumps({"note": kind, **asdict(what)}) + "\n")


def is_ok(answer: Answer) -> bool:
    """Whether a request was carried out."""
    return answer.status in {200, 201}
