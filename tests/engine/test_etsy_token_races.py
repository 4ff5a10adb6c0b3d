"""One refresh token under workers that really run at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from common.clock import iso, utc_now
from common.dynamodb import put_item
from etsy_sync.repositories.etsy_tokens import save_consent, token_item
from tests.etsy_sync.repositories.etsy_token_builders import RotatingPlatform, a_token, refresh, stored

pytestmark = pytest.mark.usefixtures("token_key_at_hand")

WORKERS = 8


def test_of_many_workers_one_asks_the_platform(table: str) -> None:
    put_item(token_item(a_token()))
    platform, barrier, now = RotatingPlatform(), Barrier(WORKERS), utc_now()

    def work(number: int) -> bool:
        read = stored()
        barrier.wait(timeout=30)
        return refresh(platform, read, f"worker-{number}", now) is not None

    with ThreadPoolExecutor(WORKERS) as pool:
        won = list(pool.map(work, range(WORKERS), timeout=120))
    assert won.count(True) == 1
    assert platform.calls == ["12345.refresh-0"]
    assert (stored().refresh_token, stored().version) == ("12345.refresh-1", 2)


def test_refreshes_one_after_the_other_use_each_refresh_token_once(table: str) -> None:
    put_item(token_item(a_token()))
    platform, now = RotatingPlatform(), utc_now()

    def work(number: int) -> int:
        return sum(
            refresh(platform, stored(), f"worker-{number}-{turn}", now) is not None for turn in range(10)
        )

    with ThreadPoolExecutor(WORKERS) as pool:
        refreshed = sum(pool.map(work, range(WORKERS), timeout=120))
    assert platform.calls == [f"12345.refresh-{number}" for number in range(refreshed)]
    assert stored().version == refreshed + 1


def test_a_consent_beside_refreshes_is_never_undone(table: str) -> None:
    put_item(token_item(a_token()))
    platform, barrier, now = RotatingPlatform(), Barrier(WORKERS), utc_now()

    def work(number: int) -> None:
        read = stored()
        barrier.wait(timeout=30)
        if number:
            refresh(platform, read, f"worker-{number}", now)
        else:
            save_consent(a_token(access_token="12345.new", refresh_token="12345.new", updated_at=iso(now)))

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS), timeout=120))
    assert stored().refresh_token == "12345.new"
    assert len(platform.calls) <= 1
