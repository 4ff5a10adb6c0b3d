"""What administrators say to works, and how their creators are told."""

from datetime import datetime

from catalog.moderation import moderate
from catalog.products import Check, Extra
from common.audit import Actor
from common.creator_mails import creator_address
from common.dynamodb import UnitOfWork
from common.optimistic import unchecked
from common.outbox import queue_mail
from common.repositories.creators import CREATORS, PRODUCT_APPROVAL, PRODUCT_REJECTION
from common.repositories.products import APPROVED, REJECTED, Product

APPROVED_MAIL, REJECTED_MAIL = "product_approved", "product_rejected"


def approve(product_id: int, actor: Actor, now: datetime, *, check: Check = unchecked) -> Product:
    """Approves a work, whatever was said of it before, and tells its creator. Raises NotFound."""
    told = _telling(PRODUCT_APPROVAL, APPROVED_MAIL, now)
    return moderate(product_id, APPROVED, None, actor, now, check=check, extra=told)


def reject(product_id: int, reason: str, actor: Actor, now: datetime, *, check: Check = unchecked) -> Product:
    """Rejects a work, whatever was said of it before, and tells its creator why. Raises NotFound."""
    told = _telling(PRODUCT_REJECTION, REJECTED_MAIL, now)
    return moderate(product_id, REJECTED, reason, actor, now, check=check, extra=told)


def _telling(preference: str, kind: str, now: datetime) -> Extra:
    """Queues the mail with the word itself, for a creator who wants it and has an account."""

    def add(work: UnitOfWork, product: Product) -> None:
        creator = CREATORS.get(product.creator_id) if product.creator_id else None
        address = creator_address(creator, preference) if creator else None
        if creator is None or address is None:
            return
        data = {
            "displayName": creator.display_name,
            "productId": str(product.id),
            "slug": product.slug,
            "title": product.title,
        }
        why = {"reason": product.rejection_reason} if product.rejection_reason else {}
        queue_mail(work, kind=kind, to=address, data=data | why, now=now)

    return add
