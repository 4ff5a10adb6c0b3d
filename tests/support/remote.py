"""A client of a shop that runs elsewhere: the requests and the checks of tests' clients, over HTTP."""

from collections.abc import Iterable, Mapping

import requests

from app import app
from common.http.events import GatewayAnswer
from tests.support.http import Client

TIMEOUT_S = 60


class RemoteGateway:
    """Asks a shop at its URL, which has no slash at the end."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        source_ip: str,
    ) -> GatewayAnswer:
        """What the shop answers; redirects are not followed."""
        # A session for each: cookies are what a test sends, and no other.
        with requests.Session() as session:
            answer = session.request(
                method,
                self.url + target,
                headers=dict(headers),
                data=body,
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        cookies = answer.raw.headers.getlist("Set-Cookie")
        return {
            "statusCode": answer.status_code,
            "headers": dict(answer.headers),
            "multiValueHeaders": {"Set-Cookie": list(cookies)},
            "body": answer.text,
        }


def remote_client(url: str, *, headers: Mapping[str, str] | None = None, token: str = "") -> Client:
    """A client of the shop at `url`, whose answers are held to what the routes here declare."""
    return Client(app, headers=headers, token=token, gateway=RemoteGateway(url))
