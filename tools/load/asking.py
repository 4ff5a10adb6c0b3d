"""What a journey asks of a shop, and what it gets; how it is sent is the business of whoever runs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

OK, CREATED = frozenset({200}), frozenset({201})


class Unexpected(Exception):
    """An answer that a shop never gives while all is well; the text says what was wrong with it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names in small letters, `body` the JSON, None where there was none."""

    status: int
    headers: Mapping[str, str]
    body: Any


def no_check(_answer: Answer) -> None:
    """Nothing is looked at but the status."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `name` is what reports call it by, `expected` the statuses that are no error.

    `check` looks at an answer of success (below 300) and raises Unexpected. `data` is sent as it is, and
    `body` as JSON.
    """

    name: str
    method: str
    path: str
    check: Callable[[Answer], None] = no_check
    expected: frozenset[int] = OK
    body: Mapping[str, Any] | None = None
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def judge(self, answer: Answer) -> None:
        """Unexpected unless the answer is one that this request may get."""
        if answer.status not in self.expected:
            said = answer.body.get("error") if isinstance(answer.body, dict) else None
            raise Unexpected(f"{answer.status} {said or 'without a reason'}")
        if answer.status < 300:
            self.check(answer)


class Client(Protocol):
    """Whoever sends what a journey asks."""

    def ask(self, asked: Asked) -> Answer:
        """The answer, which `asked.judge` has passed; Unexpected otherwise."""

    def pause(self) -> None:
        """The time in which a person reads."""


def need(holds: bool, complaint: str) -> None:
    """Unexpected with the complaint unless it holds."""
    if not holds:
        raise Unexpected(complaint)
