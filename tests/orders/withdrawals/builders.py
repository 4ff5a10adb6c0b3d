"""Orders to withdraw from, and buyers who do."""

from datetime import datetime, timedelta
from typing import Any

from common.clock import iso
from common.repositories.orders import Order
from common.repositories.withdrawals import Withdrawal, withdrawals_of
from orders.limits import Caller
from orders.withdrawals import Statement, withdraw
from tests.orders.order_builders import half_past
from tests.orders.payments.builders import changed, paid, stored

NOW = half_past()
WHOLE = {"1": 2, "2": 1}
CALLER = Caller("203.0.113.7")
COMMIT = "common.dynamodb.transaction.UnitOfWork.commit"


def delivered(days_ago: float = 3, **fields: Any) -> Order:
    """A paid order of three pieces that came so many days ago."""
    moment = iso(NOW - timedelta(days=days_ago))
    return changed(paid(), fulfillment_status="fulfilled", delivered_at=moment, **fields)


def statement(pieces: dict[str, int] | None = None, number: int = 1) -> Statement:
    """What a buyer declares, by default of the whole order."""
    return Statement(number, "A Buyer", WHOLE if pieces is None else pieces, "I withdraw.", "en")


def withdrawn(pieces: dict[str, int] | None = None, number: int = 1, now: datetime = NOW) -> Withdrawal:
    """The withdrawal of such a statement."""
    return withdraw(1, statement(pieces, number), CALLER, now)


def states() -> tuple[str | None, list[str]]:
    """How the order says that its withdrawals stand, and how each of them stands."""
    return stored().withdrawal_status, [it.status for it in withdrawals_of(1)]
