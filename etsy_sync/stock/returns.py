"""Returns: what becomes of pieces that come back, by the state that they come back in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.repositories.stock_alerts import Alert, AlertSeverity, AlertType
from common.stock_alerts import raise_alert
from common.stock_ledger import Outcome, apply_return
from common.stock_queue import announce
from etsy_sync.repositories.stock_returns import StockReturn, add_return
from etsy_sync.repositories.stock_transactions import TRANSACTIONS, new_transaction

SELLABLE, UNKNOWN = "SELLABLE", "UNKNOWN"
NO_ORDER = "unknown"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a disposition means; without an alert type the pieces go back on sale."""

    action: str
    severity: AlertSeverity
    alert: AlertType | None

    @property
    def restocks(self) -> bool:
        """Whether the pieces can be sold again."""
        return self.alert is None


_UNSELLABLE = Rule("alert_only", "warning", "return_unsellable")
_QUARANTINED = Rule("quarantine", "warning", "return_damaged")

# The first six are the shop's own words; the others are what Amazon's reports say besides.
RULES: Mapping[str, Rule] = {
    SELLABLE: Rule("sync", "info", None),
    "CUSTOMER_DAMAGED": _UNSELLABLE,
    "WAREHOUSE_DAMAGED": Rule("quarantine", "critical", "return_damaged"),
    "CARRIER_DAMAGED": _QUARANTINED,
    "UNSELLABLE": Rule("ignore", "info", "return_unsellable"),
    UNKNOWN: _UNSELLABLE,
    "DEFECTIVE": _UNSELLABLE,
    "DISTRIBUTOR_DAMAGED": _QUARANTINED,
    "EXPIRED": _UNSELLABLE,
    # Says neither whose fault nor how bad: somebody has to look at it.
    "DAMAGED": _UNSELLABLE,
}


@dataclass(frozen=True, slots=True)
class Returned:
    """Pieces that come back from a channel; `order_id` and `license_plate` are the channel's own.

    `is_ours` is False for what goes into the channel's own stock, such as Amazon's, and not into the shop's.
    """

    channel: str
    sku: str
    quantity: int
    disposition: str
    returned_at: datetime
    order_id: str | None = None
    license_plate: str | None = None
    reason: str | None = None
    event_id: str | None = None
    is_ours: bool = True

    @property
    def rule(self) -> Rule:
        """What is done with it; an unknown disposition is treated with caution."""
        return RULES.get(self.disposition.upper(), RULES[UNKNOWN])

    @property
    def restocks(self) -> bool:
        """Whether the shop can sell the pieces again."""
        return self.is_ours and self.rule.restocks


@dataclass(frozen=True, slots=True)
class TakenReturn:
    """What became of a return, and the alert that it raised."""

    rule: Rule
    outcome: Outcome
    alert: Alert | None


def event_of(returned: Returned) -> str:
    """What makes a return of a SKU the same one: its licence plate, else its order and day.

    A return that names neither is an event of its own, unless the caller says which (`event_id`).
    """
    if returned.license_plate:
        return f"plate:{returned.license_plate}"
    if returned.order_id:
        return f"order:{returned.order_id}:{iso(returned.returned_at)[:10]}"
    return returned.event_id or str(uuid4())


def take_return(returned: Returned, now: datetime) -> TakenReturn:
    """Books a return once: on sale again or not, in the list of returns, with an alert where it needs one.

    Raises StaleVersion or TransactionBusy when others kept changing the count; then take it again.
    """
    rule, event_id = returned.rule, event_of(returned)
    alerts: list[Alert] = []

    def extra(work: UnitOfWork) -> None:
        alerts.clear()
        add_return(work, _row(returned, now), event_id)
        if returned.restocks:
            TRANSACTIONS.put(work, new_transaction(str(uuid4()), returned.sku, "return", "completed", now))
        elif not rule.restocks:
            alerts.append(_alert(work, returned, now))

    outcome = apply_return(
        returned.channel,
        event_id,
        returned.sku,
        returned.quantity,
        now,
        restock=returned.restocks,
        extra=extra,
    )
    if outcome.kind == "duplicate":
        return TakenReturn(rule, outcome, None)
    if returned.restocks:
        announce([returned.sku])
    return TakenReturn(rule, outcome, alerts[0] if alerts else None)


def _row(returned: Returned, now: datetime) -> StockReturn:
    return StockReturn(
        sku=returned.sku,
        quantity=returned.quantity,
        disposition=returned.disposition,
        order_id=returned.order_id or NO_ORDER,
        returned_at=iso(returned.returned_at),
        created_at=iso(now),
        channel=returned.channel,
        reason=returned.reason,
        license_plate=returned.license_plate,
    )


def _alert(work: UnitOfWork, returned: Returned, now: datetime) -> Alert:
    rule = returned.rule
    pieces = f"{returned.quantity} of {returned.sku} came back {returned.disposition}"
    return raise_alert(
        work,
        type=rule.alert or "return_unsellable",
        severity=rule.severity,
        sku=returned.sku,
        message=f"{pieces}: {returned.reason}" if returned.reason else pieces,
        now=now,
    )
