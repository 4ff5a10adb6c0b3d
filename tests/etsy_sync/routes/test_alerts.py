"""Alerts over HTTP: the unread ones, those of a severity, and reading one."""

from datetime import timedelta

import pytest

from common.dynamodb import UnitOfWork
from common.repositories.stock_alerts import Alert, AlertSeverity
from common.stock_alerts import raise_alert
from etsy_sync.routes import alerts as alert_routes
from tests.catalog.builders import ok, refused
from tests.common.stock_builders import NOW
from tests.support.http import Client


def alert(number: int, severity: AlertSeverity = "warning") -> Alert:
    """An alert that is so many minutes younger than the first."""
    with UnitOfWork() as work:
        moment = NOW + timedelta(minutes=number)
        return raise_alert(
            work, type="sync_failed", sku="A", message=str(number), severity=severity, now=moment
        )


def test_the_unread_ones_are_listed_newest_first_until_they_are_read(admin: Client) -> None:
    older, newer = alert(1), alert(2)
    body = ok(admin.get("/api/alerts/unread"))
    assert (body["count"], body["unreadCount"]) == (2, 2)
    assert [each["alertId"] for each in body["alerts"]] == [newer.id, older.id]
    assert body["alerts"][0] == {
        "alertId": newer.id,
        "type": "sync_failed",
        "severity": "warning",
        "sku": "A",
        "message": "2",
        "timestamp": newer.created_at,
        "read": False,
    }
    for _ in range(2):
        assert ok(admin.post(f"/api/alerts/{newer.id}/read")) == {"ok": True, "alertId": newer.id}
    assert [each["alertId"] for each in ok(admin.get("/api/alerts/unread"))["alerts"]] == [older.id]
    by_severity = ok(admin.get("/api/alerts/severity/warning"))["alerts"]
    assert [each["read"] for each in by_severity] == [True, False]


def test_all_unread_ones_are_counted_beyond_those_that_are_listed(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_routes, "SHOWN", 2)
    for number in range(3):
        alert(number)
    for path in ("/api/alerts/unread", "/api/alerts/severity/warning"):
        body = ok(admin.get(path))
        rest = ok(admin.get(path, params={"cursor": body["lastEvaluatedKey"]}))
        assert [each["message"] for part in (body, rest) for each in part["alerts"]] == ["2", "1", "0"]
        assert (body["count"], rest["count"], "lastEvaluatedKey" in rest) == (2, 1, False)
        assert {part.get("unreadCount", 3) for part in (body, rest)} == {3}


def test_a_severity_is_asked_for_in_any_case(admin: Client) -> None:
    alert(1, "critical")
    alert(2, "info")
    for word in ("critical", "CRITICAL"):
        body = ok(admin.get(f"/api/alerts/severity/{word}"))
        assert (body["severity"], body["count"], body["alerts"][0]["message"]) == ("critical", 1, "1")
    refused(admin.get("/api/alerts/severity/loud"), 400, "Invalid severity")


def test_an_alert_that_there_is_not_cannot_be_read(admin: Client) -> None:
    refused(admin.post("/api/alerts/nobodys/read"), 404, "Alert not found")
    assert ok(admin.get("/api/alerts/unread"))["alerts"] == []
