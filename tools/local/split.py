"""The router of `artshop run --split`: hands each request to its domain by the table of the distribution."""

import base64
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException, HTTPResponse

from common.errors import Unavailable
from common.http.app import ShopApp
from common.http.edge import ADDRESS_HEADER, SECRET_HEADER
from common.http.events import GatewayAnswer, Headers
from tools.edge.table import rule_for
from tools.local.domains import Domains
from tools.local.gateway import Gateway

TIMEOUT_S = 60
# What is of one connection only (RFC 9110, section 7.6.1), and what the connection to the domain says itself.
OF_THE_CONNECTION = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
        "host",
        "content-length",
    }
)
OF_THE_SERVER = frozenset({"connection", "server", "date"})


class SplitGateway(Gateway):
    """Asks the domains' processes; `app` answers what is nobody's, as a request that cannot be read."""

    def __init__(self, app: ShopApp, domains: Domains) -> None:
        super().__init__(app)
        self._domains = domains

    def ask(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        source_ip: str,
    ) -> GatewayAnswer:
        """The answer of the domain to which the path leads."""
        given = list(headers)
        domain = rule_for(target.partition("?")[0]).domain
        try:
            return self._forward(
                domain, method, target, _forwarded(given, source_ip, self._domains.secret), body
            )
        except (OSError, HTTPException):
            gone = Unavailable(f"The domain {domain} does not answer right now")
            return self.app.error_answer(gone, method, Headers(given))

    def _forward(
        self, domain: str, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes | None
    ) -> GatewayAnswer:
        connection = HTTPConnection("127.0.0.1", self._domains.port(domain), timeout=TIMEOUT_S)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            return _answer(method, connection.getresponse())
        finally:
            connection.close()


def _forwarded(headers: Iterable[tuple[str, str]], source_ip: str, secret: str) -> list[tuple[str, str]]:
    """The caller's headers, with what the distribution writes over them."""
    own = {SECRET_HEADER: secret, ADDRESS_HEADER: source_ip}
    kept = [(name, value) for name, value in headers if name.lower() not in OF_THE_CONNECTION | own.keys()]
    return [*kept, *own.items()]


def _answer(method: str, response: HTTPResponse) -> GatewayAnswer:
    data = response.read()
    # To HEAD the length is that of the answer to GET; everywhere else it is counted again.
    dropped = OF_THE_SERVER if method == "HEAD" else OF_THE_SERVER | {"content-length"}
    lines = [(name, value) for name, value in response.getheaders() if name.lower() not in dropped]
    return {
        "statusCode": response.status,
        "headers": {name: value for name, value in lines if name.lower() != "set-cookie"},
        "multiValueHeaders": {"Set-Cookie": [value for name, value in lines if name.lower() == "set-cookie"]},
        "body": base64.b64encode(data).decode(),
        "isBase64Encoded": True,
    }
