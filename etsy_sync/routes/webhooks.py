"""Routes that the channels call: each event is verified first, and done before it is answered.

An event that could not be done is answered with 500, so that the channel sends it again; one that comes
twice or late changes nothing.
"""

from collections.abc import Callable
from typing import Any

from common.config import ConfigurationError
from common.dynamodb import UnstorableValue
from common.errors import InvalidInput, NotSetUp, PayloadTooLarge, Unauthenticated
from common.http import PUBLIC, Request, Response, Routes
from common.logging import describe_exception, logger
from etsy_sync.adapters.interface import NotConfigured

MAX_BYTES = 1024 * 1024

routes = Routes("etsy_sync")


@routes.post("/api/webhooks/etsy", role=PUBLIC)
def post_etsy(request: Request) -> Response:
    """An event of Etsy."""
    from etsy_sync.adapters.etsy.settings import EtsySettings
    from etsy_sync.adapters.etsy.webhooks import read_event
    from etsy_sync.inbound.etsy_events import handle

    event = _verified(
        request,
        lambda: read_event(
            request.headers, request.body, EtsySettings.from_environment().webhook_secret, request.now
        ),
    )
    return _answer(event.type, lambda: handle(event, request.now))


@routes.post("/api/webhooks/shopify", role=PUBLIC)
def post_shopify(request: Request) -> Response:
    """An event of the Shopify shop."""
    from etsy_sync.adapters.shopify.settings import ShopifySettings
    from etsy_sync.adapters.shopify.webhooks import read_event
    from etsy_sync.inbound.shopify_orders import handle

    settings = ShopifySettings.from_environment()
    event = _verified(
        request,
        lambda: read_event(request.headers, request.body, settings.webhook_secrets, request.now),
    )
    if event.shop_domain != settings.shop_domain:
        # One app may be installed in several shops, whose webhooks are signed alike.
        raise Unauthenticated("The webhook is another shop's")
    return _answer(event.topic, lambda: handle(event, request.now))


def _verified(request: Request, read: Callable[[], Any]) -> Any:
    if len(request.body) > MAX_BYTES:
        raise PayloadTooLarge(f"A webhook must be at most {MAX_BYTES // 1024} KB")
    try:
        return read()
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
