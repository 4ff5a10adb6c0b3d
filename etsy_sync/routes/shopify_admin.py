"""Routes on which the administrator links SKUs to Shopify, and starts and watches the synchronisation."""

from typing import Any

from common.config import ConfigurationError
from common.errors import Unavailable
from common.http import Body, Request, Response, Role, Routes
from common.http.declared_bodies import optional
from common.http.paging import Paging
from etsy_sync.links.views import numbers_by_status, shopify_link_json
from etsy_sync.repositories.channel_links import all_links
from etsy_sync.routes.arguments import named, sku_in_path
from etsy_sync.routes.linked_skus import linked_skus
from etsy_sync.routes.refusals import answering_for_channels
from etsy_sync.sync.state import begin_by_hand, status_json

BASE = "/api/admin/integrations/shopify"
# Shopify has one shop.
SHOPIFY, SHOP = "shopify", "main"

routes = Routes("etsy_sync")


@routes.get(f"{BASE}/config", role=Role.ADMIN, answer="ShopifyConfig")
def get_config(request: Request) -> dict[str, Any]:  # noqa: ARG001 - every handler has one
    """What is configured; `message` says what is missing."""
    from etsy_sync.adapters.shopify.settings import ShopifySettings

    settings, problem = ShopifySettings.from_environment(), _problem()
    return {
        "enabled": not problem,
        "api_key_configured": bool(settings.client_id and settings.client_secret),
        "webhooks_configured": bool(settings.webhook_secrets),
        "api_version": settings.api_version,
        **({"shop_domain": settings.shop_domain} if settings.shop_domain else {}),
        **({"location_id": settings.location_id} if settings.location_id else {}),
        **({"message": problem} if problem else {}),
    }


@routes.get(f"{BASE}/sync/status", role=Role.ADMIN, answer="SyncStatus")
def get_status(request: Request) -> dict[str, Any]:
    """How far the synchronisation is; what is counted are the links."""
    numbers = numbers_by_status(all_links(SHOPIFY))
    return status_json(SHOPIFY, SHOP, numbers, request.now, enabled=not _problem())


@routes.get(
    f"{BASE}/products", role=Role.ADMIN, query=("sync_status",), answer="ShopifyLinks", paging=Paging()
)
def get_products(request: Request) -> Response:
    """The SKUs that are linked, by `sync_status`."""
    return linked_skus(request, SHOPIFY, "products", shopify_link_json)


@routes.post(
    f"{BASE}/links",
    role=Role.ADMIN,
    body=Body("schemas.ShopifyLinking"),
    query=("inventory_item_id", "variant_id"),
    answer="LinkedShopifySku",
    refuses=(404, 502),
    status=201,
)
@answering_for_channels
def post_link(request: Request) -> dict[str, Any]:
    """Links a SKU to the variant that has it, named by `inventory_item_id` or `variant_id` if several do."""
    from etsy_sync.links.hand_linking import link_shopify_sku

    sku, chosen = request.load()["sku"], (named(request, "inventory_item_id"), named(request, "variant_id"))
    link = link_shopify_sku(sku, *chosen, request.actor, request.now)
    return {"message": "SKU linked", "link": shopify_link_json(link)}


@routes.delete(
    f"{BASE}/links/{{sku}}",
    role=Role.ADMIN,
    body=optional("schemas.ShopifyTarget"),
    query=("inventory_item_id",),
    answer="UnlinkedShopifySku",
)
def delete_link(request: Request) -> dict[str, Any]:
    """Dissolves the links of a SKU, or the one to `inventory_item_id`."""
    from etsy_sync.links.hand_linking import unlink_sku

    target = named(request, "inventory_item_id")
    gone = unlink_sku(SHOPIFY, sku_in_path(request), target, request.actor, request.now)
    return {"message": "SKU unlinked", "links": [shopify_link_json(link) for link in gone]}


@routes.post(f"{BASE}/sync/products", role=Role.ADMIN, answer="Started", status=202)
def post_products(request: Request) -> dict[str, Any]:
    """Links by SKU what is not linked yet."""
    return _begin(request, "products")


@routes.post(f"{BASE}/sync/inventory", role=Role.ADMIN, answer="Started", status=202)
def post_inventory(request: Request) -> dict[str, Any]:
    """Tells Shopify what there is."""
    return _begin(request, "inventory")


@routes.post(f"{BASE}/sync/orders", role=Role.ADMIN, answer="Started", status=202)
def post_orders(request: Request) -> dict[str, Any]:
    """Applies what Shopify sold."""
    return _begin(request, "orders")


def _begin(request: Request, job: str) -> dict[str, Any]:
    if problem := _problem():
        raise Unavailable(problem, retry_after=60)
    status = begin_by_hand(job, SHOPIFY, SHOP, request.now)
    return {"message": f"Shopify {job}: {status}", "status": status}


def _problem() -> str:
    """Why Shopify cannot be called; empty when it can."""
    from etsy_sync.adapters.interface import NotConfigured
    from etsy_sync.adapters.shopify.settings import ShopifySettings

    try:
        ShopifySettings.from_environment().require()
    except (NotConfigured, ConfigurationError) as error:
        return str(error)
    return ""
