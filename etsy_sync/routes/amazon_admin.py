"""Routes on which the administrator links SKUs to listings of the seller's on Amazon."""

from typing import Any

from common.http import Body, Request, Response, Role, Routes
from common.http.declared_bodies import optional
from common.http.paging import Paging
from etsy_sync.links.views import amazon_link_json
from etsy_sync.routes.arguments import named, sku_in_path
from etsy_sync.routes.linked_skus import linked_skus
from etsy_sync.routes.refusals import answering_for_channels

BASE = "/api/admin/integrations/amazon"
AMAZON = "amazon"

routes = Routes("etsy_sync")


@routes.get(f"{BASE}/config", role=Role.ADMIN, answer="AmazonConfig")
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


@routes.get(f"{BASE}/links", role=Role.ADMIN, query=("sync_status",), answer="AmazonLinks", paging=Paging())
def get_links(request: Request) -> Response:
    """The SKUs that are linked, by `sync_status`."""
    return linked_skus(request, AMAZON, "links", amazon_link_json)


@routes.post(
    f"{BASE}/links",
    role=Role.ADMIN,
    body=Body("schemas.AmazonLinking"),
    answer="LinkedAmazonSku",
    status=201,
    refuses=(404, 502),
)
@answering_for_channels
def post_link(request: Request) -> dict[str, Any]:
    """Links a SKU to a listing, by default the one of the same SKU."""
    from etsy_sync.links.hand_linking import link_amazon_sku

    wish = request.load()
    target = wish["seller_sku"] or ""
    link = link_amazon_sku(wish["sku"], target, wish["is_fba"], request.actor, request.now)
    return {"message": "SKU linked", "link": amazon_link_json(link)}


@routes.delete(
    f"{BASE}/links/{{sku}}",
    role=Role.ADMIN,
    body=optional("schemas.AmazonTarget"),
    query=("seller_sku",),
    answer="UnlinkedAmazonSku",
)
def delete_link(request: Request) -> dict[str, Any]:
    """Dissolves the links of a SKU, or the one to `seller_sku`."""
    from etsy_sync.links.hand_linking import unlink_sku

    target = named(request, "seller_sku")
    gone = unlink_sku(AMAZON, sku_in_path(request), target, request.actor, request.now)
    return {"message": "SKU unlinked", "links": [amazon_link_json(link) for link in gone]}
