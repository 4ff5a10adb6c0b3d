"""The JSON form of a withdrawal, as administrators see it."""

from typing import Any

from common.repositories.withdrawals import Withdrawal


def withdrawal_json(withdrawal: Withdrawal) -> dict[str, Any]:
    """A withdrawal; `items` are the pieces that it is for."""
    return {
        "number": withdrawal.number,
        "order_id": withdrawal.order_id,
        "order_number": withdrawal.order_number,
        "customer_name": withdrawal.customer_name,
        "status": withdrawal.status,
        "items": [{"line": int(line), "quantity": count} for line, count in withdrawal.pieces.items()],
        "statement": withdrawal.statement,
        "language": withdrawal.language,
        "refusal_reason": withdrawal.refusal_reason,
        "refund": withdrawal.refund,
        "requested_at": withdrawal.requested_at,
        "received_at": withdrawal.received_at,
        "refunded_at": withdrawal.refunded_at,
        "refused_at": withdrawal.refused_at,
        "refund_due_at": withdrawal.refund_due_at,
        "updated_at": withdrawal.updated_at,
    }
