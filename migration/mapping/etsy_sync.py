"""`etsy_sync_config`: how far the synchronisation with each Etsy shop is."""

from etsy_sync.repositories.sync_states import SYNCS, SyncState
from migration.mapping.channels import CHANGED, KEPT_ID, channel_entity, named_by
from migration.schema.columns import CREATED, Table, long_text, moment, text, whole

TABLE = Table(
    "etsy_sync_config",
    (
        KEPT_ID,
        text("shop_id", 100, unique=True, is_key=True),
        moment("last_product_sync", null=True),
        moment("last_inventory_sync", null=True),
        text("sync_status", 50, default="'idle'"),
        long_text("sync_error"),
        # What the column holds until the platform has said how many calls are left.
        whole("rate_limit_remaining", default="10000"),
        moment("rate_limit_reset_at", null=True),
        CREATED,
        CHANGED,
    ),
    "ETSY_SYNC#{shop} / METADATA",
    fills_gaps=True,
)

ETSY_SYNCS = channel_entity(TABLE, named_by("ETSY_SYNC#"), lambda values, *_: SYNCS.item(SyncState(**values)))
