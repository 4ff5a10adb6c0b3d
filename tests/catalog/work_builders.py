"""Creators and their works to test with."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from catalog.moderation import moderate
from catalog.withholding import Withheld, withhold_works
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.http.auth import Identity, Role
from common.repositories.creators import CREATORS, DISABLED, Creator
from common.repositories.product_writes import add_product
from common.repositories.products import APPROVED, PENDING, REJECTED, Product, Variant, product_by_id
from tests.catalog.builders import OPENING, row

LATER = OPENING + timedelta(days=30)
REASON = "The picture is blurred"
MODERATOR = Identity("moderator", "moderator", Role.ADMIN)


def add_creator(creator_id: str = "c-1", **fields: Any) -> Creator:
    """An active creator, stored."""
    moment = iso(OPENING)
    known: dict[str, Any] = {"slug": f"slug-{creator_id}", "display_name": creator_id}
    creator = Creator(id=creator_id, created_at=moment, updated_at=moment, **(known | fields))
    with UnitOfWork() as work:
        CREATORS.add(work, creator)
    return creator


def set_status(creator_id: str, status: str) -> Creator:
    """The creator with this status, whose works do not follow yet."""
    before = CREATORS.get(creator_id)
    assert before is not None
    with UnitOfWork() as work:
        return CREATORS.change(work, before, replace(before, status=status))


def add_work(product_id: int, **fields: Any) -> Product:
    """A published work of the creator `c-1` with one variant, which waits to be approved."""
    moment = iso(OPENING)
    variant = Variant(
        product_id * 10, product_id, f"V-{product_id}-0", "Small", {}, Decimal(0), 10, moment, moment
    )
    known = {"creator_id": "c-1", "moderation_status": PENDING, "variants": (variant,)}
    product = row(product_id, **(known | fields))
    with UnitOfWork() as work:
        add_product(work, product)
    return product


def approve(product_id: int) -> Product:
    """The work, approved."""
    return moderate(product_id, APPROVED, None, MODERATOR, LATER)


def reject(product_id: int, reason: str = REASON) -> Product:
    """The work, rejected."""
    return moderate(product_id, REJECTED, reason, MODERATOR, LATER)


def withhold(creator_id: str = "c-1") -> Withheld:
    """Disables a creator, whose works follow."""
    set_status(creator_id, DISABLED)
    return withhold_works(creator_id, True, MODERATOR, LATER)


def known_work(product_id: int) -> Product:
    """The work as it is stored."""
    product = product_by_id(product_id)
    assert product is not None
    return product
