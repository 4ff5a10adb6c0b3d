"""Routes that the channels call: each event is verified first, and done before it is answered.

An event that could not be done is answered with 500, so that the channel sends it again; one that comes
twice or late changes nothing.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from common.config import ConfigurationError
from common.dynamodb import UnstorableValue
from common.errors import InvalidInput, NotFound, NotSetUp
from common.http import PUBLIC, Request, Response, Routes
from common.http.declared_bodies import signed
from common.logging import describe_exception, logger
from etsy_sync.adapters.interface import NotConfigured

if TYPE_CHECKING:
    from etsy_sync.adapters.definition import ChannelDefinition
    from etsy_sync.adapters.orders import Notice

routes = Routes("etsy_sync")


@routes.post("/api/webhooks/etsy", role=PUBLIC, body=signed(), answer="DoneEvent", refuses=(401,))
def post_etsy(request: Request) -> Response:
    """An event of Etsy."""
    return _receive(request, "etsy")


@routes.post("/api/webhooks/shopify", role=PUBLIC, body=signed(), answer="DoneEvent", refuses=(401,))
def post_shopify(request: Request) -> Response:
    """An event of the Shopify shop."""
    return _receive(request, "shopify")


def _receive(request: Request, name: str) -> Response:
    from etsy_sync.adapters.registry import CHANNELS
    from etsy_sync.inbound.orders import handle

    channel = CHANNELS[name]
    notice = _verified(request, channel)
    return _answer(notice.kind, lambda: handle(notice, channel, request.now))


def _verified(request: Request, channel: "ChannelDefinition") -> "Notice":
    body = request.signed_body()
    if channel.read_notice is None:
        raise NotFound(f"{channel.name} sends no webhooks")
    try:
        return channel.read_notice(request.headers, body, request.now)
    except (NotConfigured, ConfigurationError) as error:
        raise NotSetUp("Webhooks are not configured", reason=str(error)) from error


def _answer(kind: str, handle: Callable[[], object]) -> Response:
    try:
        handle()
    except (InvalidInput, UnstorableValue):
        # It would be refused again however often it came.
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the channel has to send the event again
        logger().error("webhook not done", extra={"kind": kind, **describe_exception(error)})
        return Response({"error": "The event could not be processed; send it again"}, 500)
    return Response({"received": True, "eventType": kind})
