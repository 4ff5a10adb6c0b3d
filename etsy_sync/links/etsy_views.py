"""Etsy's listings, receipts and log as the administrator's pages read them; unset fields are left out."""

from typing import TYPE_CHECKING, Any

from common.sparse import without_none

if TYPE_CHECKING:
    from etsy_sync.links.etsy_status import ShownListing
    from etsy_sync.repositories.etsy_receipts import EtsyReceipt
    from etsy_sync.repositories.sync_log import SyncEntry


def listing_json(shown: "ShownListing") -> dict[str, Any]:
    """A listing; `id` is Etsy's own."""
    listing = shown.listing
    return without_none(
        {
            "id": listing.id,
            "listing_id": listing.id,
            "product_id": listing.product_id,
            "shop_id": listing.shop_id or "",
            "title": listing.title,
            "description": listing.description or "",
            "price": listing.price or 0,
            "quantity": listing.quantity,
            "state": listing.state or "",
            "url": listing.url or "",
            "sku": listing.sku,
            "skus": list(listing.skus),
            "sync_status": shown.status,
            "sync_error": shown.error,
            "last_synced_at": shown.last_synced_at,
        }
    )


def entry_json(entry: "SyncEntry") -> dict[str, Any]:
    """An attempt of the log."""
    return without_none(
        {
            "id": entry.id,
            "listing_id": entry.listing_id,
            "variant_id": entry.variant_id,
            "sku": entry.sku,
            "sync_type": entry.sync_type,
            "direction": entry.direction,
            "old_quantity": entry.old_quantity,
            "new_quantity": entry.new_quantity,
            "status": entry.status,
            "error_message": entry.error_message,
            "synced_at": entry.synced_at,
        }
    )


def receipt_json(receipt: "EtsyReceipt") -> dict[str, Any]:
    """A receipt without its buyer, whom the order names."""
    return without_none(
        {
            "id": receipt.id,
            "receipt_id": receipt.id,
            "shop_id": receipt.shop_id,
            "order_id": receipt.order_id,
            "status": receipt.status,
            "is_paid": receipt.is_paid,
            "is_shipped": receipt.is_shipped,
            "grand_total": receipt.grand_total,
            "currency": receipt.currency,
            "sync_status": receipt.sync_status,
            "etsy_created_at": receipt.etsy_created_at,
            "last_synced_at": receipt.last_synced_at,
        }
    )
