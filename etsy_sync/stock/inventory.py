"""The counts of SKUs as the sync's clients ask for them, and the sales that they report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from common.audit import Actor, record
from common.dynamodb import UnitOfWork
from common.repositories.sku_stock import set_asin, set_buffer, skus_of_asin
from common.stock_ledger import Outcome, apply_channel_sale, apply_delivery
from common.stock_levels import Stock, current_stock
from common.stock_queue import announce
from etsy_sync.repositories.stock_transactions import transactions_of

# An order whose id starts so brings pieces instead of taking them: it fills an empty shop.
SEEDING = "init-"


@dataclass(frozen=True, slots=True)
class Level:
    """What a channel may sell of a product, and what it was told last (`synced_at` in ISO 8601 UTC)."""

    quantity: int
    synced_at: str | None
    is_synced: bool
    errors: tuple[str, ...]


def stock_of(sku: str) -> Stock:
    """What there is of a SKU now; nothing of one that nobody knows."""
    return current_stock([sku])[sku]


def keep_back(sku: str, quantity: int, actor: Actor, now: datetime) -> Stock:
    """Keeps so many pieces of a SKU back from the channels, which are told."""
    before = stock_of(sku)
    with UnitOfWork() as work:
        set_buffer(work, sku, quantity, now)
        record(
            work,
            actor=actor,
            action="UPDATE",
            entity_type="Sku",
            entity_id=sku,
            now=now,
            changes={"buffer": {"old": before.buffer, "new": quantity}},
        )
    announce([sku])
    return stock_of(sku)


def take_order(
    channel: str, order_id: str, items: Mapping[str, int], now: datetime
) -> tuple[dict[str, Outcome], dict[str, Stock]]:
    """Books an order of a channel, each SKU once; answers what was done and what there is afterwards.

    An order that was booked in part is completed by repeating it.
    """
    apply = apply_delivery if order_id.startswith(SEEDING) else apply_channel_sale
    outcomes = {sku: apply(channel, order_id, sku, quantity, now) for sku, quantity in items.items()}
    announce(sku for sku, outcome in outcomes.items() if outcome.delta)
    return outcomes, current_stock(items)


def map_sku(sku: str, asin: str, now: datetime) -> str:
    """Says under which ASIN a SKU is sold; answers when that was said first (ISO 8601 UTC)."""
    return set_asin(sku, asin, now)


def level_of_product(asin: str) -> Level | None:
    """What Amazon may sell of an ASIN, by the SKUs that are mapped to it; None when none is."""
    skus = [row.sku for row in skus_of_asin(asin)]
    if not skus:
        return None
    stocks = list(current_stock(skus).values())
    told = [each for stock in stocks for each in stock.last_broadcast.values()]
    newest = [transactions_of(sku, 1) for sku in skus]
    return Level(
        quantity=sum(stock.broadcast for stock in stocks),
        synced_at=max((each.at for each in told), default=None),
        is_synced=all(_is_told(stock) for stock in stocks),
        errors=tuple(it.error or "failed" for found in newest for it in found if it.status == "failed"),
    )


def _is_told(stock: Stock) -> bool:
    """Whether every channel that was ever told of a SKU knows what there is of it now."""
    told = stock.last_broadcast.values()
    return bool(told) and all(each.count == stock.broadcast for each in told)
