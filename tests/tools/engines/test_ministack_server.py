"""What of the engine a web page reaches, and what its health says."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from tools.engines.ministack_server import GuardedEngine


def ask(path: str, *, failure: str = "") -> tuple[int, bytes]:
    """Status and body; the engine behind the guard answers 200 with the path."""
    sent: list[MutableMapping[str, Any]] = []

    async def engine(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    asyncio.run(GuardedEngine(engine, lambda: failure)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_the_engine_cannot_be_emptied_from_a_web_page() -> None:
    assert ask("/_ministack/reset")[0] == 403


def test_the_health_page_is_the_engines_own_while_everything_is_saved() -> None:
    assert ask("/_ministack/health") == (200, b"/_ministack/health")


def test_the_health_page_says_why_writes_are_refused() -> None:
    status, body = ask("/_ministack/health", failure="dynamodb: disk is full")
    assert status == 503
    assert b"disk is full" in body


def test_requests_are_passed_on_whatever_the_health() -> None:
    assert ask("/bucket/key", failure="dynamodb: disk is full") == (200, b"/bucket/key")
