"""Chooses how requests reach the engine: over own connections, or by botocore's HTTP past a proxy."""

import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from .connections import Connections, HttpAnswer

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest

# Head and body are two pieces there; without this the second waits for the first to be acknowledged.
_AT_ONCE = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]


class Exchange(Protocol):
    """Sends one request and reads its answer; its errors are botocore's."""

    def exchange(self, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """The answer to a POST."""

    def close(self) -> None:
        """Close what is open."""


class BotocoreExchange:
    """By botocore's own HTTP, which knows proxies and other certificates."""

    def __init__(self, url: str, **settings: Any) -> None:
        from botocore.httpsession import URLLib3Session

        self._url, self._session = url, URLLib3Session(**settings)

    def exchange(self, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """The answer to a POST; raises what botocore raises."""
        answer = self._session.send(prepared(self._url, headers, body))
        return HttpAnswer(answer.status_code, answer.headers, answer.content)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def prepared(url: str, headers: Mapping[str, str], body: bytes) -> "AWSPreparedRequest":
    """A POST in the form in which botocore sends it, and shows it to who listens."""
    from botocore.awsrequest import AWSPreparedRequest, HeadersDict

    # Any: the stubs know the other one of its two classes of headers.
    named: Any = HeadersDict(headers)
    return AWSPreparedRequest("POST", url, named, body, stream_output=False)


def exchange_of(
    url: str, *, bundle: str | None, connect_timeout: float, read_timeout: float, most: int
) -> Exchange:
    """What sends to the URL, with limits of seconds and so `most` connections that are kept.

    `bundle` is a file of certificates to go by instead of the usual ones.
    """
    bundle = bundle if url.startswith("https:") else None
    proxies = _proxies(url)
    if not proxies and not bundle:
        return Connections(url, connect_timeout=connect_timeout, read_timeout=read_timeout, most=most)
    return BotocoreExchange(
        url,
        verify=bundle or True,
        proxies=proxies,
        timeout=(connect_timeout, read_timeout),
        max_pool_connections=most,
        socket_options=_AT_ONCE,
    )


def _proxies(url: str) -> dict[str, str]:
    """The proxies between this machine and the engine, by scheme; botocore knows those of the environment."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    proxies = getproxies()
    return {} if parts.scheme not in proxies or proxy_bypass(parts.netloc) else proxies
