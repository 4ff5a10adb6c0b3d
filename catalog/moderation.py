"""What the shop says to a creator's work: approved, or rejected with a reason."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from catalog.products import ENTITY, Check, Extra, live_product, nothing_more
from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.optimistic import retry_when_stale, unchecked
from common.repositories.product_writes import decide_product
from common.repositories.products import APPROVED, REJECTED, Product
from common.repositories.withholding import creator_of_work, same_status_check, withheld_with
from common.stock_queue import announce

ACTIONS: Mapping[str, str] = {APPROVED: "APPROVE_PRODUCT", REJECTED: "REJECT_PRODUCT"}


def moderate(
    product_id: int,
    status: str,
    reason: str | None,
    actor: Actor,
    now: datetime,
    *,
    check: Check = unchecked,
    extra: Extra = nothing_more,
) -> Product:
    """Approves or rejects a work, from whatever was said of it before; `status` is one of ACTIONS.

    `reason` is kept while it is rejected. `check` sees the work on which it is decided, and may refuse it;
    `extra` adds to the transaction, such as what the creator is told. Repeating it changes nothing and tells
    nobody again. A work of a disabled creator is withheld also when it is approved. Raises NotFound.
    """
    product = retry_when_stale(lambda: _moderate(product_id, status, reason, actor, now, check, extra))
    # Also of a repetition, whose first call may have ended after the commit.
    announce(variant.sku for variant in product.live_variants)
    return product


def _moderate(
    product_id: int,
    status: str,
    reason: str | None,
    actor: Actor,
    now: datetime,
    check: Check,
    extra: Extra,
) -> Product:
    before = live_product(product_id)
    check(before)
    creator = creator_of_work(before)
    after = replace(
        before,
        moderation_status=status,
        rejection_reason=reason if status == REJECTED else None,
        withheld=withheld_with(creator),
    )
    if after == before:
        return before
    changes = changes_between(_decided(before), _decided(after))
    moment = iso(now)
    after = replace(after, moderated_at=moment, updated_at=moment, version=before.version + 1)
    with UnitOfWork() as work:
        decide_product(work, before, after)
        same_status_check(work, creator)
        record(
            work,
            actor=actor,
            action=ACTIONS[status],
            entity_type=ENTITY,
            entity_id=product_id,
            now=now,
            changes=changes,
        )
        extra(work, after)
    return after


def _decided(product: Product) -> dict[str, object]:
    return {name: getattr(product, name) for name in ("moderation_status", "rejection_reason", "withheld")}
