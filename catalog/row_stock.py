"""The stock in a row of the oldest admin page, which sends a number and not what it was shown before.

What the page changes is the difference between the number it sends and the one it was shown; that
difference is applied to what is there now, so that no piece that was sold meanwhile comes back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from catalog.products import live_product
from catalog.repositories.shown_stock import Shown, last_shown, tell
from catalog.variants import admin_event, create_variant, record_count, variant_title
from common.audit import Actor
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict, Outdated
from common.free_names import under_free_name
from common.optimistic import retry_when_stale
from common.repositories.product_writes import VARIANT_SKU_KIND
from common.repositories.products import Product
from common.repositories.stock import shelf_of
from common.stock_ledger import count
from common.stock_queue import announce

ONLY_VARIANT = "Standard"
LONGEST_SKU = 100
# No form is older than the sign-in that it is saved with.
OLDEST_FORM = timedelta(hours=24)

T = TypeVar("T")


def total_stock(product: Product) -> int:
    """The pieces of all variants together."""
    return sum(variant.stock for variant in product.live_variants)


def only_variant(sku: str, stock: int) -> dict[str, Any]:
    """The fields of the one variant that stands for a product of the page."""
    return {
        "sku": sku,
        "name": ONLY_VARIANT,
        "attributes": {},
        "price_adjustment": Decimal(0),
        "stock": stock,
    }


def under_free_sku(slug: str, use: Callable[[str], T]) -> T:
    """What `use` makes with a SKU that nobody chose: it is the product's slug, or the next free one."""
    return under_free_name(VARIANT_SKU_KIND, slug, use, longest=LONGEST_SKU)


def refuse_blind_count(product: Product, now: datetime) -> None:
    """Outdated when pieces were taken out so lately that a number from an old form may not know of it."""
    taken_at = product.stock_taken_at
    if taken_at is not None and taken_at > iso(now - OLDEST_FORM):
        raise Outdated(
            "Pieces were taken out of this stock within the last day: send the updated_at that you were "
            "shown, or If-Match, or add and subtract instead"
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a sign-in says of a stock, and what it was shown before."""

    session: str
    pieces: int
    shown: Shown

    def remember(self, work: UnitOfWork, product_id: int, now: datetime) -> None:
        tell(work, self.session, product_id, self.pieces, self.shown, now)


def save_stock(
    product_id: int, sent: int, session: str, expected: int | None, actor: Actor, now: datetime
) -> None:
    """Writes the number of a form, if it is another than the form was shown.

    `session` is the sign-in; `expected` the pieces that there were when the form's own word of what it
    saw was found true: then the number is set as it is. Raises Conflict for a product whose variants each
    have their own, Outdated when nothing says what the form was shown and pieces were taken out lately.
    """
    retry_when_stale(lambda: _save(product_id, sent, session, expected, actor, now))


def refuse_stock(product: Product, sent: int, session: str, expected: int | None, now: datetime) -> None:
    """Raises what `save_stock` would raise of the product as it was read, before anything is written."""
    _decided(product, sent, last_shown(session, product.id), expected, now)


def _decided(product: Product, sent: int, shown: Shown, expected: int | None, now: datetime) -> int | None:
    """What is to be there, None for no change."""
    if expected is not None and total_stock(product) != expected:
        raise Outdated
    wanted = sent if expected is not None else _wanted(product, sent, shown, now)
    if wanted is not None and len(product.live_variants) > 1:
        raise Conflict("This product has several variants: set the stock of each one")
    return wanted


def _save(
    product_id: int, sent: int, session: str, expected: int | None, actor: Actor, now: datetime
) -> None:
    product, shown = live_product(product_id), last_shown(session, product_id)
    wanted = _decided(product, sent, shown, expected, now)
    if wanted is None:
        return
    told = _Told(session, sent, shown)
    if product.live_variants:
        _count(product, wanted, told, actor, now)
    else:
        _begin(product, wanted, told, actor, now)


def _wanted(product: Product, sent: int, shown: Shown, now: datetime) -> int | None:
    """The difference between what is sent and what was shown, applied to what is there."""
    there = total_stock(product)
    if shown.pieces is None:
        if sent != there:
            refuse_blind_count(product, now)
        return None if sent == there else sent
    return None if sent == shown.pieces else max(0, there + sent - shown.pieces)


def _count(product: Product, wanted: int, told: _Told, actor: Actor, now: datetime) -> None:
    variant = product.live_variants[0]
    with UnitOfWork() as work:
        count(work, shelf_of(variant), wanted, admin_event("count", now), variant_title(product, variant))
        told.remember(work, product.id, now)
        record_count(work, variant, "set", wanted, actor, now)
    announce([variant.sku])


def _begin(product: Product, wanted: int, told: _Told, actor: Actor, now: datetime) -> None:
    def remember(work: UnitOfWork) -> None:
        told.remember(work, product.id, now)

    def create(sku: str) -> object:
        return create_variant(product.id, only_variant(sku, wanted), actor, now, extra=remember)

    under_free_sku(product.slug, create)
