"""The shapes of what withdrawals answer."""

from typing import TypedDict

from common.http.shapes import Continued
from orders.answers.orders import Piece


class Withdrawal(TypedDict):
    """What a buyer withdrew from, and how it stands; the money is due by `refund_due_at`."""

    number: int
    order_id: int
    order_number: str
    customer_name: str
    status: str
    items: list[Piece]
    statement: str
    language: str
    refusal_reason: str | None
    refund: int | None
    requested_at: str
    received_at: str | None
    refunded_at: str | None
    refused_at: str | None
    refund_due_at: str
    updated_at: str


class WithdrawalList(Continued):
    """Withdrawals, the newest first."""

    withdrawals: list[Withdrawal]


class OrderWithdrawals(TypedDict):
    """The withdrawals from an order, the oldest first."""

    withdrawals: list[Withdrawal]
