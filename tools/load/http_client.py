"""Asks a shop over HTTP, one request after the other: what is done before and after a load."""

import json
from types import TracebackType
from typing import Any, Self

import requests

from tools.errors import ToolError
from tools.load.asking import Answer, Asked, Unexpected

TIMEOUT_S = 30


def read_body(text: str, content_type: str) -> Any:
    """The JSON of an answer, None where it has none; Unexpected where it says that it is JSON and is not."""
    if not text or "json" not in content_type:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unexpected("a body that is no JSON") from error


class HttpClient:
    """The shop at `url`; a context manager, which closes the connection."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        # A proxy of the environment is not asked for what is on this machine.
        self._session.trust_env = False

    def ask(self, asked: Asked) -> Answer:
        """The answer; ToolError when the shop does not answer, Unexpected when it should answer otherwise."""
        sent: dict[str, Any] = {"data": asked.data} if asked.data else {"json": asked.body}
        try:
            reply = self._session.request(
                asked.method, self._url + asked.path, headers=dict(asked.headers), timeout=TIMEOUT_S, **sent
            )
        except requests.RequestException as error:
            raise ToolError(f"The shop at {self._url} does not answer: {error}") from error
        headers = {name.lower(): value for name, value in reply.headers.items()}
        answer = Answer(reply.status_code, headers, read_body(reply.text, headers.get("content-type", "")))
        asked.judge(answer)
        return answer

    def pause(self) -> None:
        """Nobody reads here."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()
