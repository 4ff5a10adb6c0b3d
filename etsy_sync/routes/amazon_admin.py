"""Routes on which the administrator links SKUs to listings of the seller's on Amazon."""

from typing import Any

from common.errors import InvalidInput
from common.http import Request, Response, Role, Routes
from common.http.lists import list_response
from etsy_sync.links.views import amazon_link_json
from etsy_sync.repositories.channel_links import FAILED, PENDING, SYNCED, all_links
from etsy_sync.routes.arguments import actor, one_of, page_of, text_or_number
from etsy_sync.routes.refusals import answering_for_channels
from etsy_sync.stock.bodies import sku_of

BASE = "/api/admin/integrations/amazon"
AMAZON = "amazon"

routes = Routes("etsy_sync")


@routes.get(f"{BASE}/config", role=Role.ADMIN)
def get_config(request: Request) -> dict[str, Any]:  # noqa: ARG001 - every handler has one
    """What is configured; `message` says what is missing."""
    from etsy_sync.adapters.amazon.settings import AmazonSettings

    settings = AmazonSettings.from_environment()
    return {
        "enabled": settings.is_configured,
        "api_key_configured": bool(settings.client_id and settings.client_secret),
        **({"seller_id": settings.seller_id} if settings.seller_id else {}),
        **({"marketplace_id": settings.marketplace_id} if settings.marketplace_id else {}),
        **({"message": f"{', '.join(settings.missing)} not set"} if settings.missing else {}),
    }


@routes.get(f"{BASE}/links", role=Role.ADMIN)
def get_links(request: Request) -> Response:
    """The SKUs that are linked, by `sync_status`."""
    status = one_of(request, "sync_status", (SYNCED, PENDING, FAILED))
    places, page = page_of(request)
    found = [link for link in all_links(AMAZON) if status in {None, link.sync_status}]
    entries = [amazon_link_json(link) for link in found[places.start : places.end]]
    about = {"total": len(found), **page}
    return list_response(places.stretch(entries, len(found)), lambda shown: {"links": shown, **about})


@routes.post(f"{BASE}/links", role=Role.ADMIN)
@answering_for_channels
def post_link(request: Request) -> Response:
    """Links a SKU to a listing, by default the one of the same SKU."""
    from etsy_sync.links.hand_linking import link_amazon_sku

    body = request.payload()
    is_fba = body.get("is_fba", False)
    if not isinstance(is_fba, bool):
        raise InvalidInput.of_field("is_fba", "must be true or false")
    sku, seller_sku = sku_of(body.get("sku")), body.get("seller_sku")
    target = "" if seller_sku is None else sku_of(seller_sku)
    link = link_amazon_sku(sku, target, is_fba, actor(request), request.now)
    return Response({"message": "SKU linked", "link": amazon_link_json(link)}, 201)


@routes.delete(f"{BASE}/links/{{sku}}", role=Role.ADMIN)
def delete_link(request: Request) -> dict[str, Any]:
    """Dissolves the links of a SKU, or the one to `seller_sku`."""
    from etsy_sync.links.hand_linking import unlink_sku

    target = text_or_number(request, "seller_sku")
    gone = unlink_sku(AMAZON, sku_of(request.params["sku"]), target, actor(request), request.now)
    return {"message": "SKU unlinked", "links": [amazon_link_json(link) for link in gone]}
