"""The JSON form of a refund, as administrators see it."""

from typing import Any

from common.repositories.orders import Pieces
from orders.order_views import tax_json
from orders.repositories.refunds import Refund


def refund_json(refund: Refund) -> dict[str, Any]:
    """A refund; `items` are the pieces that it is for, `restocked_items` those that it puts on sale."""
    return {
        "number": refund.number,
        "amount": refund.amount,
        "status": refund.status,
        "items": _pieces_json(refund.pieces),
        "shipping": refund.shipping,
        "restocked_items": _pieces_json(refund.returns or {}),
        "cancels": refund.cancels,
        "elsewhere": refund.is_elsewhere,
        "reason": refund.reason,
        "failure_reason": refund.failure_reason,
        "provider_reference": refund.provider_reference,
        "created_at": refund.created_at,
        "closed_at": refund.closed_at,
        "credit_note": refund.credit_note,
        "taxes": [tax_json(it) for it in refund.taxes],
        "withdrawal": refund.withdrawal,
    }


def _pieces_json(pieces: Pieces) -> list[dict[str, int]]:
    return [{"line": int(line), "quantity": count} for line, count in pieces.items()]
