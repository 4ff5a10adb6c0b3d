"""Everything that moves, in the order of moving: what is referred to comes before what refers to it."""

from tools.migration.entity import Entity, RecordId
from tools.migration.mapping.audit import AUDIT_LOGS
from tools.migration.mapping.carts import CARTS
from tools.migration.mapping.categories import CATEGORIES
from tools.migration.mapping.content import FUMETTI_ENTITY, PERSONAGGI_ENTITY
from tools.migration.mapping.discounts import DISCOUNTS
from tools.migration.mapping.etsy_listings import ETSY_LISTINGS
from tools.migration.mapping.etsy_receipts import ETSY_RECEIPTS
from tools.migration.mapping.etsy_sync import ETSY_SYNCS
from tools.migration.mapping.etsy_tokens import ETSY_TOKENS
from tools.migration.mapping.notifications import NOTIFICATIONS
from tools.migration.mapping.orders import ORDERS
from tools.migration.mapping.originals import keeping_originals
from tools.migration.mapping.products import PRODUCTS
from tools.migration.mapping.shopify_links import SHOPIFY_LINKS
from tools.migration.mapping.sync_log import SYNC_LOG

__all__ = ["ENTITIES", "Entity", "RecordId"]

_SHOP = (
    CATEGORIES,
    PRODUCTS,
    PERSONAGGI_ENTITY,
    FUMETTI_ENTITY,
    DISCOUNTS,
    CARTS,
    ORDERS,
    NOTIFICATIONS,
    AUDIT_LOGS,
)

ENTITIES: tuple[Entity, ...] = (
    *map(keeping_originals, _SHOP),
    SHOPIFY_LINKS,
    ETSY_TOKENS,
    ETSY_SYNCS,
    ETSY_LISTINGS,
    SYNC_LOG,
    ETSY_RECEIPTS,
)
