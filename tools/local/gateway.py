"""API Gateway's part on this machine: a request becomes an event by Chalice's own converter."""

import base64
from collections.abc import Iterable

from chalice.local import LambdaContext, LambdaEventConverter, RouteMatcher

from common.http.app import ShopApp
from common.http.events import GatewayAnswer

FUNCTION, MEMORY_MB, TIMEOUT_MS = "artshop", 512, 29_000


class Gateway:
    """Asks an app as API Gateway does; threads may share it."""

    def __init__(self, app: ShopApp) -> None:
        self.app = app
        self._converter = LambdaEventConverter(RouteMatcher(list(app.routes)), app.api.binary_types)

    def ask(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        source_ip: str,
    ) -> GatewayAnswer:
        """The app's answer to a request for `target`, which is path and query as they were sent."""
        given = join_repeated(headers)
        try:
            # Chalice takes what follows a semicolon for no part of the path, which it is.
            event = self._converter.create_lambda_event(method, target.replace(";", "%3B"), given, body)
        except ValueError:  # no route matches, or the address is none
            return self.app.not_found(method, target, given)
        # To Chalice nothing at all is a part as well.
        if "" in event["pathParameters"].values():
            return self.app.not_found(method, target, given)
        event["requestContext"]["identity"]["sourceIp"] = source_ip
        return self.app(event, LambdaContext(FUNCTION, MEMORY_MB, TIMEOUT_MS))


def sent_bytes(answer: GatewayAnswer) -> bytes:
    """The bytes of an answer's body, which API Gateway takes as text or in base64."""
    text = answer["body"] or ""
    return base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()


def join_repeated(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One value for each header, in lower case: joined as RFC 9110 says, cookies as RFC 6265 does."""
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        separator = "; " if key == "cookie" else ", "
        joined[key] = f"{joined[key]}{separator}{value}" if key in joined else value
    return joined
