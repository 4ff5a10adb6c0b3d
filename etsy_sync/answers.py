"""The shapes of what the sync answers, by the names that its routes declare."""

from decimal import Decimal
from typing import NotRequired, TypedDict

from common.http.shapes import Continued, Message, Page


class Numbers(TypedDict):
    """The three numbers of a SKU."""

    physical: int
    buffer: int
    broadcast: int


class Told(TypedDict):
    """What a channel was told."""

    count: int
    txId: str
    timestamp: str


class Sku(Numbers):
    """A SKU, its numbers, and what was told last; `channels` has every channel."""

    sku: str
    lastBroadcast: Told | None
    channels: dict[str, Told]


class Returned(TypedDict):
    """A return of a SKU."""

    quantity: int
    disposition: str
    timestamp: str
    orderId: str


class SkuWithReturns(Sku):
    """A SKU with its newest returns."""

    returns: list[Returned]
    queueSize: int


class Inventory(Continued):
    """The numbers of every SKU, by SKU."""

    totalSkus: int
    inventory: dict[str, Numbers]


class ChangedBuffer(Numbers):
    """What is kept back of a SKU now."""

    sku: str
    message: str


class Mapping(TypedDict):
    """Under which ASIN a SKU is sold."""

    success: bool
    sku: str
    asin: str
    mappedAt: str


class ProductSync(TypedDict):
    """How far Amazon knows the stock of a product."""

    productId: str
    lastSync: str | None
    synced: bool
    inventoryLevel: int
    errors: list[str]
    checkedAt: str


class TakenOrder(TypedDict):
    """An order that was taken; what was short of each SKU where something was."""

    success: bool
    queued: int
    inventoryAfter: dict[str, int]
    broadcastAfter: dict[str, int]
    duplicate: bool
    shortfall: NotRequired[dict[str, int]]


class RaisedAlert(Message):
    """An alert that a return raised."""

    id: str


class TakenReturn(TypedDict):
    """A return that was taken."""

    ok: bool
    processed: bool
    synced: bool
    action: str
    inventoryAfter: int
    broadcastAfter: int
    duplicate: bool
    alert: NotRequired[RaisedAlert]


class Alert(TypedDict):
    """An alert about stock."""

    alertId: str
    type: str
    severity: str
    sku: str
    message: str
    timestamp: str
    read: bool


class _Alerts(Continued):
    count: int
    alerts: list[Alert]


class UnreadAlerts(_Alerts):
    """The newest unread alerts; `unreadCount` counts all of them."""

    unreadCount: int


class AlertsOfSeverity(_Alerts):
    """The newest alerts of a severity."""

    severity: str


class ReadAlert(TypedDict):
    """An alert that was marked as read."""

    ok: bool
    alertId: str


class _Config(TypedDict):
    enabled: bool
    api_key_configured: bool
    message: NotRequired[str]


class EtsyConfig(_Config):
    """What is configured for Etsy; `message` says what is missing."""

    shop_id: NotRequired[str]
    connected: bool
    webhooks_configured: bool
    rate_limit_enabled: bool
    max_requests_per_day: int


class ShopifyConfig(_Config):
    """What is configured for Shopify; `message` says what is missing."""

    webhooks_configured: bool
    api_version: str
    shop_domain: NotRequired[str]
    location_id: NotRequired[str]


class AmazonConfig(_Config):
    """What is configured for Amazon; `message` says what is missing."""

    seller_id: NotRequired[str]
    marketplace_id: NotRequired[str]


class Validity(Message):
    """Whether Etsy accepts the keys and tokens."""

    valid: bool


class SyncStatus(TypedDict):
    """How far a synchronisation is."""

    enabled: bool
    last_product_sync: str | None
    last_inventory_sync: str | None
    product_sync_in_progress: bool
    inventory_sync_in_progress: bool
    total_products: int
    synced_products: int
    failed_products: int
    pending_products: int
    rate_limit_remaining: NotRequired[int]
    rate_limit_reset: NotRequired[str]


class SyncEntry(TypedDict):
    """An attempt of the log."""

    id: str
    listing_id: int | str
    variant_id: NotRequired[int]
    sku: NotRequired[str]
    sync_type: str
    direction: str
    old_quantity: NotRequired[int]
    new_quantity: NotRequired[int]
    status: str
    error_message: NotRequired[str]
    synced_at: str


class SyncLog(Page):
    """A page of what was told to Etsy, the newest first."""

    logs: list[SyncEntry]


class Listing(TypedDict):
    """A listing of Etsy's; `id` is Etsy's own."""

    id: int
    listing_id: int
    product_id: NotRequired[int]
    shop_id: str
    title: str
    description: str
    price: Decimal
    quantity: int
    state: str
    url: str
    sku: NotRequired[str]
    skus: list[str]
    sync_status: str
    sync_error: NotRequired[str]
    last_synced_at: NotRequired[str]


class ListingPage(Page):
    """A page of listings."""

    products: list[Listing]


class ChangedListing(Message):
    """A listing that was linked or is not any more."""

    product: Listing


class Receipt(TypedDict):
    """A receipt of Etsy's without its buyer, whom the order names."""

    id: int
    receipt_id: int
    shop_id: str
    order_id: NotRequired[int]
    status: NotRequired[str]
    is_paid: bool
    is_shipped: bool
    grand_total: NotRequired[Decimal]
    currency: NotRequired[str]
    sync_status: str
    etsy_created_at: str
    last_synced_at: NotRequired[str]


class ReceiptPage(Page):
    """A page of receipts, the newest first."""

    receipts: list[Receipt]


class Started(Message):
    """A job that was started by hand, or is under way."""

    status: str


class EtsyStarted(Started):
    """The same of a shop on Etsy; `direction` is repeated where one may be chosen."""

    shop_id: str
    direction: NotRequired[str]


class Consent(TypedDict):
    """Where the owner of a shop consents."""

    redirectUrl: str
    state: str


class Connection(Message):
    """A shop on Etsy that is connected now."""

    shopId: str
    expiresAt: str


class Disconnected(Message):
    """A shop on Etsy that is not connected any more."""

    shop_id: str


class Link(TypedDict):
    """What all links to a channel have; `quantity` is what it is expected to show."""

    sku: str
    product_id: int | None
    variant_id: int | None
    quantity: int | None
    sync_status: str
    sync_error: str | None
    last_synced_at: str | None


class ShopifyLink(Link):
    """A link to an inventory item; `shopify_variant_id` is Shopify's, `variant_id` the shop's."""

    inventory_item_id: str
    shopify_variant_id: str | None


class AmazonLink(Link):
    """A link to a listing of the seller's; `is_fba` where Amazon keeps the pieces."""

    seller_sku: str
    is_fba: bool


class ShopifyLinks(Page):
    """A page of links to Shopify."""

    products: list[ShopifyLink]


class AmazonLinks(Page):
    """A page of links to Amazon."""

    links: list[AmazonLink]


class LinkedShopifySku(Message):
    """A link that was made."""

    link: ShopifyLink


class LinkedAmazonSku(Message):
    """A link that was made."""

    link: AmazonLink


class UnlinkedShopifySku(Message):
    """Links that were dissolved."""

    links: list[ShopifyLink]


class UnlinkedAmazonSku(Message):
    """Links that were dissolved."""

    links: list[AmazonLink]


class DoneEvent(TypedDict):
    """An event that was done."""

    received: bool
    eventType: str
