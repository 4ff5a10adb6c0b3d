"""What the administrator is told of refunds and disputes, each in the transaction of what happened."""

from datetime import datetime
from decimal import Decimal

from common.dynamodb import UnitOfWork
from common.money import money_text
from common.notifications import notify
from common.repositories.notifications import NotificationType, Severity
from common.repositories.orders import Order
from orders.repositories.disputes import Dispute
from orders.repositories.refunds import Refund


def notify_refunded(work: UnitOfWork, order: Order, amount: Decimal, now: datetime) -> None:
    """Adds the notification of a refund of `amount`."""
    text = f"{money_text(amount, order.currency)} of order {order.order_number} were refunded"
    _tell(work, order, "Order refunded", text, now, amount=amount)


def notify_refund_pending(work: UnitOfWork, order: Order, refund: Refund, now: datetime) -> None:
    """Adds the notification of a refund that the provider took and has not carried out yet."""
    text = (
        f"{money_text(refund.amount, order.currency)} of order {order.order_number} are on their way back; "
        "the payment provider will tell when they have arrived"
    )
    _tell(work, order, "Refund under way", text, now, amount=refund.amount)


def notify_refund_elsewhere(work: UnitOfWork, order: Order, amount: Decimal, now: datetime) -> None:
    """Adds the notification of money that somebody has to give back by hand."""
    text = f"{elsewhere_text(order, amount)} (order {order.order_number})"
    _tell(work, order, "Money to give back elsewhere", text, now, severity="warning", amount=amount)


def elsewhere_text(order: Order, amount: Decimal) -> str:
    """In words: nobody here gives this money back."""
    paid_by = order.payment_method or "an unknown method"
    return f"{money_text(amount, order.currency)} were paid by {paid_by} and have to be given back elsewhere"


def notify_refund_failed(work: UnitOfWork, order: Order, refund: Refund, reason: str, now: datetime) -> None:
    """Adds the notification of a refund that was refused, or that came back after it was made."""
    what = "failed" if refund.provider_reference else "was refused"
    money = money_text(refund.amount, order.currency)
    text = (
        f"The refund of {money} of order {order.order_number} {what} ({reason}); "
        "the money is still here and can be refunded again"
    )
    _tell(work, order, f"Refund {what}", text, now, severity="critical", type="system", amount=refund.amount)


def notify_dispute(work: UnitOfWork, order: Order, dispute: Dispute, now: datetime) -> None:
    """Adds the notification of a dispute that began, was closed, or stands otherwise than before."""
    text = (
        f"{money_text(dispute.amount, order.currency)} of order {order.order_number}: {_of_dispute(dispute)}"
    )
    severity: Severity = "info" if dispute.status in ("won", "warning_closed") else "critical"
    title = f"Payment disputed ({dispute.status})"
    _tell(work, order, title, text, now, severity=severity, type="system", amount=dispute.amount)


def _of_dispute(dispute: Dispute) -> str:
    if dispute.status == "won":
        return "the dispute was won, the money stays here"
    if dispute.status == "lost":
        return "the dispute was lost, the money went back to the buyer"
    if dispute.status == "warning_closed":
        return "the bank's inquiry was closed, the money stays here"
    reason = f" ({dispute.reason})" if dispute.reason else ""
    return f"the buyer's bank asks for it back{reason}; answer in the payment provider's dashboard"


def _tell(
    work: UnitOfWork,
    order: Order,
    title: str,
    text: str,
    now: datetime,
    *,
    amount: Decimal,
    type: NotificationType = "order_refunded",  # noqa: A002 (the field's name everywhere else)
    severity: Severity | None = None,
) -> None:
    notify(
        work,
        type=type,
        severity=severity,
        title=f"{title}: {order.order_number}",
        message=text,
        metadata={"order_id": order.id, "order_number": order.order_number, "amount": amount},
        now=now,
    )
