"""Health checks run side by side and never take longer than they may."""

from threading import Event

import pytest

from common.clock import utc_now
from shop.health import health_report


def test_a_check_that_does_not_answer_in_time_is_unhealthy() -> None:
    answered = Event()
    report = health_report(utc_now(), {"quick": lambda: None, "stuck": answered.wait}, timeout=0.05)
    answered.set()
    assert report["status"] == "unhealthy"
    assert report["checks"]["quick"]["status"] == "healthy"
    assert report["checks"]["stuck"] == {"status": "unhealthy"}


def test_checks_run_side_by_side() -> None:
    met = Event()
    report = health_report(utc_now(), {"waits": lambda: met.wait(5), "meets": met.set})
    assert report["status"] == "healthy"
    assert met.is_set()


def test_a_check_that_fails_is_unhealthy_without_saying_why() -> None:
    def fail() -> None:
        raise ConnectionError("10.0.0.7 refused")

    report = health_report(utc_now(), {"broken": fail})
    assert report["checks"] == {"broken": {"status": "unhealthy"}}


def test_a_check_that_answers_says_how_long_it_took() -> None:
    report = health_report(utc_now(), {"quick": lambda: None})
    assert report["checks"]["quick"]["latency_ms"] >= 0


def test_a_report_names_the_service_that_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_NAME", "gallery")
    assert health_report(utc_now(), {"quick": lambda: None})["service"] == "gallery"
