"""How many events one network may send in a minute."""

import pytest

from common.config import ConfigurationError
from common.errors import TooManyRequests
from shop.analytics.limits import SlidingWindow, count_event


def test_the_minute_slides() -> None:
    window = SlidingWindow()
    assert [window.wait("a", 2, now) for now in (0, 30, 59.5, 60, 61, 90)] == [0, 0, 1, 0, 29, 0]


def test_each_network_has_its_own_minute() -> None:
    window = SlidingWindow()
    assert [window.wait(name, 1, 0) for name in ("a", "b", "a")] == [0, 0, 60]


def test_who_has_been_quiet_for_longest_is_forgotten_first() -> None:
    window = SlidingWindow(most_networks=2)
    for name in ("a", "b", "a", "c"):
        window.wait(name, 10, 0)
    assert len(window) == 2
    assert window.wait("a", 2, 0) == 60
    assert window.wait("b", 1, 0) == 0


def test_a_network_of_ipv6_is_one_caller() -> None:
    for number in range(100):
        count_event(f"2001:db8::{number:x}", 0)
    with pytest.raises(TooManyRequests) as refused:
        count_event("2001:db8::ffff", 0)
    assert refused.value.headers["Retry-After"] == "60"
    count_event("2001:db8:0:1::1", 0)


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "1000000"])
def test_a_limit_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ANALYTICS_EVENTS_PER_MINUTE", text)
    with pytest.raises(ConfigurationError):
        count_event("192.0.2.1", 0)
