"""Requests for a refund or a cancellation that are sent again: recognised, and answered as what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from common.clock import iso
from common.errors import Conflict
from common.once import found
from common.repositories.orders import Order
from orders.idempotency import Token, order_behind, refund_behind
from orders.providers import RefundRefused
from orders.refund_plans import Wish
from orders.refund_views import refund_json
from orders.repositories.refunds import CLAIM, FAILED, Refund, refunds_of


class Repeated(Conflict):
    """The same was asked for a moment ago and not again now; the answer's `refund` says what became of it."""

    def __init__(self, refund: Refund) -> None:
        what = "is under way" if refund.is_unanswered else "has just been made"
        super().__init__(
            f"The same refund {what}, so nothing more goes back; for another one send an Idempotency-Key, "
            f"or wait {CLAIM.lasts.seconds} seconds",
            details={"repeated": True, "refund": refund_json(refund)},
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """The order after a refund or cancellation, and the refund where there is one.

    `is_repeated` when an earlier request made it; `owed` is what somebody has to give back elsewhere.
    """

    order: Order
    refund: Refund | None
    is_repeated: bool = False
    owed: Decimal = Decimal(0)


def made_for(token: Token, now: datetime) -> tuple[bool, int | None]:
    """Whether the token's request was carried out before, and the number of its refund where it made one.

    Raises KeyReused when that was another request.
    """
    row = found(token.mark, now)
    if row is None:
        return False, None
    order_behind(token, row)
    return True, refund_behind(row)


def shown_again(order: Order, number: int | None) -> Outcome:
    """The outcome of a request that was carried out before.

    Raises Repeated while it is at it, RefundRefused when its refund failed.
    """
    refund = refunds_of(order.id)[number - 1] if number is not None else None
    if refund is not None and refund.status == FAILED:
        failed = f"This refund failed ({refund.failure_reason})"
        raise RefundRefused(f"{failed}; send another Idempotency-Key to try again")
    if refund is not None and refund.is_unanswered:
        raise Repeated(refund)
    return Outcome(order, refund, is_repeated=True)


def refuse_twin(wish: Wish, made: Sequence[Refund]) -> None:
    """Raises Repeated where the same was asked for, or came to its end, a moment ago.

    That is how a request without a key is known that is sent again because its answer was lost, or twice
    because somebody clicked twice.
    """
    twin = next((it for it in reversed(made) if _is_twin(it, wish)), None)
    if twin is not None:
        raise Repeated(twin)


def _is_twin(refund: Refund, wish: Wish) -> bool:
    same = refund.fingerprint == wish.fingerprint and refund.status != FAILED
    return same and max(refund.created_at, refund.closed_at or "") > _since(wish.now)


def _since(now: datetime) -> str:
    # Once nobody can be at it any more, the same wish without a key is a new one.
    return iso(now - CLAIM.lasts)
