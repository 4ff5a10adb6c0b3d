"""Everything that moves, in the order of moving: what is referred to comes before what refers to it."""

from migration.mapping.audit import AUDIT_LOGS
from migration.mapping.carts import CARTS
from migration.mapping.categories import CATEGORIES_ENTITY
from migration.mapping.content import FUMETTI_ENTITY, PERSONAGGI_ENTITY
from migration.mapping.discounts import DISCOUNT_CODES
from migration.mapping.entity import Entity, RecordId
from migration.mapping.etsy_listings import ETSY_LISTINGS
from migration.mapping.etsy_receipts import ETSY_RECEIPTS
from migration.mapping.etsy_sync import ETSY_SYNCS
from migration.mapping.etsy_tokens import ETSY_TOKENS
from migration.mapping.notifications import NOTIFICATIONS_ENTITY
from migration.mapping.orders import ORDERS_ENTITY
from migration.mapping.originals import keeping_originals
from migration.mapping.products import PRODUCTS
from migration.mapping.shopify_links import SHOPIFY_LINKS
from migration.mapping.sync_log import SYNC_LOG

__all__ = ["ENTITIES", "Entity", "RecordId"]

_SHOP = (
    CATEGORIES_ENTITY,
    PRODUCTS,
    PERSONAGGI_ENTITY,
    FUMETTI_ENTITY,
    DISCOUNT_CODES,
    CARTS,
    ORDERS_ENTITY,
    NOTIFICATIONS_ENTITY,
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
