"""Routes by which the owner of an Etsy shop connects it, and by which an administrator ends that."""

import re
from typing import Any

from common.config import ConfigurationError
from common.encryption import Unsealable
from common.errors import InvalidInput, NotSetUp
from common.http import PUBLIC, Caching, Request, Response, Role, Routes
from common.http.declared_bodies import optional
from etsy_sync.adapters.etsy.connection import connect, disconnect
from etsy_sync.adapters.interface import ChannelError, NotConfigured, Rejected
from etsy_sync.routes.arguments import named
from etsy_sync.routes.refusals import ChannelRefused, answering_for_channels, as_answer

# https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
_ERROR = re.compile(r"[a-z_]{1,40}")

routes = Routes("etsy_sync")


@routes.get(
    "/api/integrations/etsy/auth",
    role=Role.ADMIN,
    answer="Consent",
    refuses=(409, 502),
    status=302,
    cached=Caching.UNKEPT,
)
@answering_for_channels
def get_auth(request: Request) -> Response:
    """Sends the administrator's browser to Etsy, where the owner consents."""
    from etsy_sync.adapters.etsy.oauth import start

    begun = start(request.now)
    body = {"redirectUrl": begun.url, "state": begun.state}
    return Response(body, 302, {"Location": begun.url})


@routes.get(
    "/api/integrations/etsy/callback",
    role=PUBLIC,
    query=("error", "code", "state"),
    answer="Connection",
    refuses=(409, 502),
    cached=Caching.UNKEPT,
)
def get_callback(request: Request) -> dict[str, Any]:
    """Where Etsy sends the owner's browser; whoever has no live state changes nothing."""
    if error := request.arg("error"):
        named = error if _ERROR.fullmatch(error) else "an error"
        raise InvalidInput(f"Etsy did not connect the shop: {named}")
    for name in ("code", "state"):
        if not request.arg(name):
            raise InvalidInput.of_field(name, "is missing")
    connection = _connected(request)
    return {
        "message": f"Etsy shop {connection.shop_id} is connected",
        "shopId": connection.shop_id,
        "expiresAt": connection.token_expires_at,
    }


@routes.delete(
    "/api/admin/integrations/etsy/connection",
    role=Role.ADMIN,
    body=optional("schemas.NamedShop"),
    query=("shop_id",),
    answer="Disconnected",
    refuses=(404,),
)
def delete_connection(request: Request) -> dict[str, Any]:
    """Forgets the tokens of a shop, named by `shop_id` where there are several."""
    shop_id = disconnect(named(request, "shop_id"), request.actor, request.now)
    return {"message": f"Etsy shop {shop_id} is disconnected", "shop_id": shop_id}


def _connected(request: Request) -> Any:
    try:
        return connect(request.arg("code"), request.arg("state"), request.now)
    except Rejected as error:
        # The reason is Etsy's or ours; neither holds the code or a token.
        raise ChannelRefused(
            f"Etsy did not connect the shop ({error}); start the connection again"
        ) from error
    except (NotConfigured, ConfigurationError, Unsealable) as error:
        raise NotSetUp("Etsy is not configured", reason=str(error)) from error
    except ChannelError as error:
        raise as_answer(error) from error
