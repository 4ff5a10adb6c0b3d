"""Asks an app of this process, as API Gateway would: no server, no locust, one request after the other."""

import json

from tools.load.asking import Answer, Asked
from tools.load.http_client import read_body
from tools.local.gateway import Gateway

# Each caller has an address, by which the shop counts attempts.
ADDRESS = "192.0.2.1"


class InProcessClient:
    """The app behind `gateway`, for a caller at `address`."""

    def __init__(self, gateway: Gateway, address: str = ADDRESS) -> None:
        self._gateway, self._address = gateway, address

    def ask(self, asked: Asked) -> Answer:
        """The answer; Unexpected when it should have been another."""
        headers = dict(asked.headers)
        body = asked.data or None
        if asked.body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(asked.body).encode()
        reply = self._gateway.ask(asked.method, asked.path, headers.items(), body, self._address)
        found = {name.lower(): value for name, value in reply["headers"].items()}
        answer = Answer(
            reply["statusCode"], found, read_body(reply["body"] or "", found.get("content-type", ""))
        )
        asked.judge(answer)
        return answer

    def pause(self) -> None:
        """Nobody reads here."""
