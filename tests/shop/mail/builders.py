"""Mails that wait, the orders that they are about, and a carrier that keeps what it is given."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.errors import Conflict
from common.outbox import queue_order_mail
from common.repositories.orders import Order, OrderDetails, OrderLine, add_order, number_of
from common.repositories.outbox import Mail, waiting_mails
from common.repositories.withdrawals import WITHDRAWALS, Withdrawal
from shop.mail.sending import Sent, send_due, send_each

NOW = datetime(2026, 12, 1, 9, 30, 0, 123_000, tzinfo=UTC)
BUYER = "ada@example.com"
STATEMENT = "I withdraw from the contract of sale of these goods:\n- 1 × The garden & the moon, A4\nName: Ada"


class Carrier:
    """Keeps what is sent, or raises what it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, EmailMessage]] = []
        self.fails: Exception | None = None

    def send(self, mail_id: str, message: EmailMessage) -> None:
        """Keeps a message."""
        if self.fails is not None:
            raise self.fails
        self.sent.append((mail_id, message))

    @property
    def subjects(self) -> list[str]:
        """The subjects of what was sent."""
        return [str(message["Subject"]) for _, message in self.sent]


def an_order(order_id: int = 1, **changes: Any) -> Order:
    """An order in the table that is not paid, of Ada who reads English."""
    fields: dict[str, Any] = {
        "id": order_id,
        "order_number": number_of(order_id),
        "customer_email": BUYER,
        "customer_name": "Ada <b>Example</b>",
        "subtotal": Decimal("10.00"),
        "tax": Decimal("0.00"),
        "discount": Decimal("0.00"),
        "total": Decimal("10.00"),
        "currency": "EUR",
        "payment_method": "mock",
        "created_at": "2026-12-01T09:00:00.000Z",
        "updated_at": "2026-12-01T09:00:00.000Z",
        "language": "en",
        **changes,
    }
    order = Order(**fields)
    line = OrderLine(
        1, 7, 8, "The garden & the moon", "A4", "GARDEN-A4", 1, Decimal("10.00"), Decimal("10.00")
    )
    details = OrderDetails(lines=(line,), shipping_address={"street": "Via Roma 1", "city": "Torino"})
    with UnitOfWork() as work:
        add_order(work, order, details, Conflict("taken"))
    return order


def queued(order: Order, kind: str = "order_placed", now: datetime = NOW, **facts: Any) -> Mail:
    """A mail about an order that waits from `now` on."""
    before = {mail.id for mail in waiting(now)}
    with UnitOfWork() as work:
        queue_order_mail(work, order, kind, now, facts or None)
    (mail,) = [mail for mail in waiting(now) if mail.id not in before]
    return mail


def withdrawn(**changes: Any) -> None:
    """The first withdrawal from the first order."""
    fields: dict[str, Any] = {
        "order_id": 1,
        "number": 1,
        "order_number": "ORD-00000001",
        "customer_name": "Ada Example",
        "pieces": {"1": 1},
        "statement": STATEMENT,
        "language": "en",
        "requested_at": "2026-12-01T09:20:30.000Z",
        "refund_due_at": "2026-12-15T09:20:30.000Z",
        "updated_at": "2026-12-01T09:20:30.000Z",
        **changes,
    }
    withdrawal = Withdrawal(**fields)
    with UnitOfWork() as work:
        WITHDRAWALS.add(work, withdrawal)


def waiting(now: datetime = NOW) -> list[Mail]:
    """All mails that wait."""
    return waiting_mails(100, epoch(now))


def send(*mails: Mail, now: datetime = NOW) -> Mapping[str, int]:
    """What became of these mails, by how many."""
    return send_each(mails, lambda: now, lambda: True, Sent()).counts


def sweep(now: datetime = NOW) -> Mapping[str, int]:
    """What became of all that is due."""
    return send_due(lambda: now, lambda: True).counts


def minutes(number: float) -> datetime:
    """So many minutes after NOW."""
    return NOW + timedelta(minutes=number)
