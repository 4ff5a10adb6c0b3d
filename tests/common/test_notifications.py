"""A notification is written with what it tells of."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from common.clock import epoch
from common.config import ConfigurationError
from common.dynamodb import UnitOfWork, attr
from common.errors import Conflict
from common.notifications import LONGEST_MESSAGE, LONGEST_TITLE, low_stock_threshold, notify
from common.repositories.notifications import (
    SEVERITIES,
    TYPES,
    Notification,
    NotificationType,
    Severity,
    all_notifications,
    unread_notifications,
)

NOW = datetime(2026, 1, 31, 10, 0, 0, 123_000, tzinfo=UTC)


def stored(
    kind: NotificationType = "order_paid",
    severity: Severity | None = None,
    title: str = "Order paid: ORD-00000007",
    message: str = "12.20 EUR",
) -> Notification:
    """A notification as it is read back."""
    metadata = {"order_id": 7, "total": Decimal("12.20")}
    with UnitOfWork() as work:
        notify(work, type=kind, title=title, message=message, severity=severity, metadata=metadata, now=NOW)
    return all_notifications(epoch(NOW))[0]


def test_a_notification_keeps_what_it_was_told(table: str) -> None:
    entry = stored()
    assert entry == Notification(
        id=entry.id,
        type="order_paid",
        title="Order paid: ORD-00000007",
        message="12.20 EUR",
        severity="info",
        created_at="2026-01-31T10:00:00.123Z",
        updated_at="2026-01-31T10:00:00.123Z",
        expires_at=epoch(NOW + timedelta(days=90)),
        metadata={"order_id": 7, "total": Decimal("12.20")},
    )


def test_a_new_notification_is_unread(table: str) -> None:
    entry = stored()
    assert unread_notifications(epoch(NOW)) == [entry]


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        ("order_created", "info"),
        ("order_paid", "info"),
        ("payment_failed", "error"),
        ("low_stock", "warning"),
        ("order_shipped", "info"),
        ("order_refunded", "info"),
        ("system", "info"),
    ],
)
def test_a_type_has_its_usual_severity(table: str, kind: NotificationType, severity: Severity) -> None:
    assert stored(kind).severity == severity


def test_an_event_can_be_more_severe_than_its_type(table: str) -> None:
    assert stored("low_stock", severity="critical").severity == "critical"


def test_these_types_and_severities_exist() -> None:
    assert TYPES == (
        "order_created",
        "order_paid",
        "payment_failed",
        "low_stock",
        "order_shipped",
        "order_refunded",
        "system",
    )
    assert SEVERITIES == ("info", "warning", "error", "critical")


def test_long_texts_are_cut(table: str) -> None:
    entry = stored(title="t" * 201, message="m" * 9_000)
    assert entry.title == "t" * (LONGEST_TITLE - 1) + "…"
    assert entry.message == "m" * (LONGEST_MESSAGE - 1) + "…"


def test_a_text_of_full_length_is_kept(table: str) -> None:
    entry = stored(title="t" * LONGEST_TITLE, message="m" * LONGEST_MESSAGE)
    assert (entry.title, entry.message) == ("t" * 200, "m" * 500)


def test_what_is_refused_notifies_nobody(table: str) -> None:
    work = UnitOfWork()
    work.check(("ORDER#7", "METADATA"), attr("PK").exists(), failed=Conflict("gone"))
    notify(work, type="order_paid", title="Paid", message="12.20 EUR", now=NOW)
    with pytest.raises(Conflict, match="gone"):
        work.commit()
    assert all_notifications(epoch(NOW)) == []


def test_several_notifications_fit_into_one_step(table: str) -> None:
    with UnitOfWork() as work:
        notify(work, type="order_created", title="New", message="1", now=NOW)
        notify(work, type="low_stock", title="Low", message="2", now=NOW)
        assert len(work) == 2
    assert {entry.type for entry in all_notifications(epoch(NOW))} == {"order_created", "low_stock"}


@pytest.mark.parametrize(("text", "threshold"), [(None, 3), ("", 3), ("0", 0), (" 12 ", 12)])
def test_the_threshold_of_low_stock(
    monkeypatch: pytest.MonkeyPatch, text: str | None, threshold: int
) -> None:
    monkeypatch.delenv("LOW_STOCK_THRESHOLD", raising=False)
    if text is not None:
        monkeypatch.setenv("LOW_STOCK_THRESHOLD", text)
    assert low_stock_threshold() == threshold


@pytest.mark.parametrize("text", ["-1", "2.5", "few", "٣"])
def test_a_threshold_that_is_no_whole_number_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("LOW_STOCK_THRESHOLD", text)
    with pytest.raises(ConfigurationError, match="LOW_STOCK_THRESHOLD"):
        low_stock_threshold()
