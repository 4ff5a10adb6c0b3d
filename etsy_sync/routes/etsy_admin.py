"""Routes on which the administrator watches and starts the synchronisation with Etsy."""

from typing import Any

from common.clock import epoch
from common.errors import InvalidInput, Unavailable
from common.http import Body, Request, Response, Role, Routes
from common.http.declared_bodies import optional
from common.http.lists import list_response
from common.http.paging import Paging
from common.http.path_ids import path_id
from etsy_sync.adapters.etsy.connection import connected_shops, settings_or_problem, shop_named, try_out
from etsy_sync.links.etsy_status import STATUSES, numbers_by_status, page_of_listings, shown
from etsy_sync.links.etsy_views import entry_json, listing_json, receipt_json
from etsy_sync.repositories.sync_log import FAILED, SKIPPED, SUCCESS, entries_between
from etsy_sync.repositories.sync_states import sync_state
from etsy_sync.routes.arguments import named, one_of, places_of
from etsy_sync.routes.refusals import answering_for_channels
from etsy_sync.sync.state import begin_by_hand, status_json

BASE = "/api/admin/integrations/etsy"
ETSY = "etsy"

# The shop's stock is the master: comparing the other way applies Etsy's sales and repairs what differs.
JOB_OF_DIRECTION = {
    "push": "inventory",
    "local_to_etsy": "inventory",
    "pull": "reconcile",
    "etsy_to_local": "reconcile",
    "bidirectional": "reconcile",
}

routes = Routes("etsy_sync")

NAMED = optional("schemas.NamedShop")


@routes.get(f"{BASE}/config", role=Role.ADMIN, answer="EtsyConfig")
def get_config(request: Request) -> dict[str, Any]:  # noqa: ARG001 - every handler has one
    """What is configured; `message` says what is missing."""
    from etsy_sync.adapters.etsy.limits import CALLS_A_DAY

    settings, problem = settings_or_problem()
    shops = connected_shops()
    shop_id = next(iter((*shops, *settings.shop_ids)), None)
    state = sync_state(shop_id) if shop_id else None
    return {
        "enabled": settings.is_enabled and not problem,
        "api_key_configured": bool(settings.client_id and settings.client_secret),
        **({"shop_id": shop_id} if shop_id else {}),
        "connected": bool(shops),
        "webhooks_configured": bool(settings.webhook_secret),
        "rate_limit_enabled": True,
        "max_requests_per_day": (state and state.rate_limit_per_day) or CALLS_A_DAY,
        **({"message": problem} if problem else {}),
    }


@routes.post(f"{BASE}/validate", role=Role.ADMIN, answer="Validity")
def post_validate(request: Request) -> dict[str, Any]:  # noqa: ARG001 - every handler has one
    """Asks Etsy whether it accepts the keys and tokens."""
    is_valid, message = try_out()
    return {"valid": is_valid, "message": message}


@routes.get(f"{BASE}/sync/status", role=Role.ADMIN, query=("shop_id",), answer="SyncStatus")
def get_status(request: Request) -> dict[str, Any]:
    """How far the synchronisation is."""
    settings, problem = settings_or_problem()
    known = (request.choice("shop_id"), *connected_shops(), *settings.shop_ids)
    shop_id = next(filter(None, known), "")
    enabled = settings.is_enabled and not problem
    return status_json(ETSY, shop_id, numbers_by_status(), request.now, enabled=enabled)


@routes.get(
    f"{BASE}/sync/logs", role=Role.ADMIN, query=("status", "listing_id"), answer="SyncLog", paging=Paging()
)
def get_logs(request: Request) -> Response:
    """What was told to Etsy, newest first; of one listing with `listing_id`, of one outcome with `status`."""
    status = one_of(request, "status", (SUCCESS, FAILED, SKIPPED))
    listing = request.choice("listing_id") or None
    places, page = places_of(request)
    entries, total = entries_between(
        places.start, places.end, now=epoch(request.now), channel=ETSY, listing_id=listing, status=status
    )
    stretch = places.stretch([entry_json(entry) for entry in entries], total)
    return list_response(stretch, lambda shown: {"logs": shown, "total": total, **page})


@routes.get(
    f"{BASE}/products",
    role=Role.ADMIN,
    query=("sync_status", "linked"),
    answer="ListingPage",
    paging=Paging(),
)
def get_products(request: Request) -> Response:
    """The listings, by `sync_status` and whether they are `linked` (true or false)."""
    status = one_of(request, "sync_status", STATUSES)
    linked = one_of(request, "linked", ("true", "false"))
    places, page = places_of(request)
    found, total = page_of_listings(
        places.start, places.end, status=status, linked=None if linked is None else linked == "true"
    )
    stretch = places.stretch([listing_json(each) for each in found], total)
    return list_response(stretch, lambda shown: {"products": shown, "total": total, **page})


@routes.get(f"{BASE}/products/{{listing}}", role=Role.ADMIN, answer="Listing")
def get_product(request: Request) -> dict[str, Any]:
    """One listing."""
    from etsy_sync.links.etsy_listings import listing_of

    return listing_json(shown([listing_of(path_id(request, "listing", "Etsy listing"))])[0])


@routes.post(
    f"{BASE}/products/{{listing}}/link",
    role=Role.ADMIN,
    body=Body("schemas.LinkedProduct"),
    answer="ChangedListing",
)
def post_link(request: Request) -> dict[str, Any]:
    """Says which product a listing sells."""
    from etsy_sync.links.etsy_listings import link_listing

    product_id = request.load()["product_id"]
    listing = link_listing(
        path_id(request, "listing", "Etsy listing"), product_id, request.actor, request.now
    )
    return {"message": "Listing linked", "product": listing_json(shown([listing])[0])}


@routes.delete(f"{BASE}/products/{{listing}}/link", role=Role.ADMIN, answer="ChangedListing")
def delete_link(request: Request) -> dict[str, Any]:
    """Says that a listing sells nothing of the shop."""
    from etsy_sync.links.etsy_listings import unlink_listing

    listing = unlink_listing(path_id(request, "listing", "Etsy listing"), request.actor, request.now)
    return {"message": "Listing unlinked", "product": listing_json(shown([listing])[0])}


@routes.get(
    f"{BASE}/receipts", role=Role.ADMIN, query=("shop_id", "status"), answer="ReceiptPage", paging=Paging()
)
def get_receipts(request: Request) -> Response:
    """Etsy's receipts, newest first, by `shop_id` and `status`."""
    from etsy_sync.links.etsy_receipts import page_of_receipts

    places, page = places_of(request)
    found, total = page_of_receipts(
        places.start, places.end, shop_id=request.choice("shop_id"), status=request.choice("status")
    )
    stretch = places.stretch([receipt_json(each) for each in found], total)
    return list_response(stretch, lambda shown: {"receipts": shown, "total": total, **page})


@routes.post(
    f"{BASE}/sync/products",
    role=Role.ADMIN,
    body=NAMED,
    query=("shop_id",),
    answer="EtsyStarted",
    status=202,
    refuses=(404, 502),
)
@answering_for_channels
def post_products(request: Request) -> dict[str, Any]:
    """Reads the listings, and links them by SKU."""
    return _begin(request, "products")


@routes.post(
    f"{BASE}/sync/inventory",
    role=Role.ADMIN,
    body=optional("schemas.NamedDirection"),
    query=("shop_id", "direction"),
    answer="EtsyStarted",
    status=202,
    refuses=(404, 502),
)
@answering_for_channels
def post_inventory(request: Request) -> dict[str, Any]:
    """Tells Etsy what there is, or compares what it shows; by `direction`, which is `push` unless given."""
    direction = named(request, "direction") or "push"
    if direction not in JOB_OF_DIRECTION:
        raise InvalidInput.of_field("direction", f"must be one of {', '.join(JOB_OF_DIRECTION)}")
    return _begin(request, JOB_OF_DIRECTION[direction], direction=direction)


@routes.post(
    f"{BASE}/sync/orders",
    role=Role.ADMIN,
    body=NAMED,
    query=("shop_id",),
    answer="EtsyStarted",
    status=202,
    refuses=(404, 502),
)
@answering_for_channels
def post_orders(request: Request) -> dict[str, Any]:
    """Applies what Etsy sold."""
    return _begin(request, "receipts")


@routes.post(
    f"{BASE}/sync/receipts",
    role=Role.ADMIN,
    body=NAMED,
    query=("shop_id",),
    answer="EtsyStarted",
    status=202,
    refuses=(404, 502),
)
@answering_for_channels
def post_receipts(request: Request) -> dict[str, Any]:
    """The same under its older name."""
    return _begin(request, "receipts")


def _begin(request: Request, job: str, **fields: str) -> dict[str, Any]:
    settings, problem = settings_or_problem()
    if problem or not settings.is_enabled:
        raise Unavailable(problem or "Etsy's synchronisation is switched off by ETSY_SYNC_ENABLED")
    shop_id = shop_named(named(request, "shop_id"))
    status = begin_by_hand(job, ETSY, shop_id, request.now)
    return {"message": f"Etsy {job}: {status}", "status": status, "shop_id": shop_id, **fields}
