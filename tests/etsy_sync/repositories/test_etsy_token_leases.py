"""Who refreshes a shop's tokens, and what becomes of them when a worker is late or dies."""

from datetime import timedelta

import pytest

from common import leases
from common.clock import iso
from common.dynamodb import Item, Key, Update, put_item, update_item
from etsy_sync.repositories.etsy_token_leases import (
    LeaseLost,
    acquire_refresh_lease,
    release_refresh_lease,
    require_consent,
)
from etsy_sync.repositories.etsy_tokens import forget_token, save_consent, token_item
from tests.etsy_sync.repositories.etsy_token_builders import (
    LEASE_S,
    NOW,
    InvalidGrant,
    RotatingPlatform,
    a_token,
    refresh,
    save_answer,
    stored,
)
from tests.support.races import just_after, just_before

pytestmark = pytest.mark.usefixtures("token_key_at_hand")

LATER = NOW + timedelta(seconds=LEASE_S)
ACQUIRE = "tests.etsy_sync.repositories.etsy_token_builders.acquire_refresh_lease"
SAVE = "tests.etsy_sync.repositories.etsy_token_builders.save_refreshed"


@pytest.fixture
def platform(table: str) -> RotatingPlatform:
    """A platform to which the shop 12345 is connected."""
    put_item(token_item(a_token()))
    return RotatingPlatform()


def test_a_refresh_saves_both_tokens_and_ends_the_lease(platform: RotatingPlatform) -> None:
    saved = refresh(platform, stored(), "one")
    assert saved == stored()
    assert (saved.access_token, saved.refresh_token) == ("12345.access-1", "12345.refresh-1")
    assert (saved.token_expires_at, saved.updated_at) == (iso(NOW + timedelta(hours=1)), iso(NOW))
    assert (saved.lease_owner, saved.lease_until, saved.version) == (None, None, 2)


def test_of_two_workers_who_read_the_same_tokens_one_asks_the_platform(platform: RotatingPlatform) -> None:
    read = stored()
    with just_after(ACQUIRE, lambda: refresh(platform, read, "two")):
        assert refresh(platform, read, "one") is not None
    assert platform.calls == ["12345.refresh-0"]


def test_a_worker_who_was_overtaken_before_the_lease_asks_nobody(platform: RotatingPlatform) -> None:
    read = stored()
    with just_before(ACQUIRE, lambda: refresh(platform, read, "two")):
        assert refresh(platform, read, "one") is None
    assert platform.calls == ["12345.refresh-0"]
    assert stored().access_token == "12345.access-1"


def test_a_lease_is_held_to_its_end_and_no_longer(platform: RotatingPlatform) -> None:
    assert acquire_refresh_lease(stored(), "one", NOW, LEASE_S)
    assert not acquire_refresh_lease(stored(), "two", LATER - timedelta(milliseconds=1), LEASE_S)
    assert acquire_refresh_lease(stored(), "one", NOW, LEASE_S), "its owner may take it again"
    assert acquire_refresh_lease(stored(), "two", LATER, LEASE_S)
    assert not acquire_refresh_lease(stored(), "one", LATER, LEASE_S)


def test_after_a_crash_before_the_call_the_next_worker_refreshes(platform: RotatingPlatform) -> None:
    assert acquire_refresh_lease(stored(), "crashed", NOW, LEASE_S)
    assert refresh(platform, stored(), "two", NOW) is None
    assert refresh(platform, stored(), "two", LATER) is not None
    assert platform.calls == ["12345.refresh-0"]


def test_after_a_crash_between_answer_and_save_the_owner_is_asked_once(platform: RotatingPlatform) -> None:
    read = stored()
    assert acquire_refresh_lease(read, "crashed", NOW, LEASE_S)
    platform.exchange(read)
    with pytest.raises(InvalidGrant):
        refresh(platform, stored(), "two", LATER)
    assert require_consent(stored(), "invalid_grant", LATER)
    left = stored()
    assert (left.needs_consent, left.access_token) == ("invalid_grant", "12345.access-0")
    assert (left.lease_owner, left.updated_at) == (None, iso(LATER))
    assert save_consent(a_token(access_token="12345.again")).needs_consent is None


def test_a_late_answer_is_kept_though_another_worker_has_the_lease(platform: RotatingPlatform) -> None:
    read = stored()
    assert acquire_refresh_lease(read, "slow", NOW, LEASE_S)
    answer = platform.exchange(read)
    assert acquire_refresh_lease(stored(), "two", LATER, LEASE_S)
    with pytest.raises(InvalidGrant):
        platform.exchange(read)
    saved = save_answer(read, "slow", answer, LATER)
    assert saved.refresh_token == "12345.refresh-1"
    assert saved.lease_owner == "two", "a lease that is another's is left to him"
    assert not require_consent(read, "invalid_grant", LATER), "the refusal was of older tokens"
    assert stored() == saved


def test_a_late_answer_does_not_replace_newer_tokens(platform: RotatingPlatform) -> None:
    read = stored()
    assert acquire_refresh_lease(read, "slow", NOW, LEASE_S)
    assert refresh(platform, stored(), "two", LATER) is not None
    with pytest.raises(LeaseLost):
        save_answer(read, "slow", ("12345.stale", "12345.stale"), LATER)
    assert stored().refresh_token == "12345.refresh-1"


def test_the_holder_of_the_lease_has_the_last_word(platform: RotatingPlatform) -> None:
    read = stored()
    assert acquire_refresh_lease(read, "slow", NOW, LEASE_S)
    assert acquire_refresh_lease(read, "two", LATER, LEASE_S)
    save_answer(read, "slow", ("12345.a", "12345.a"), LATER)
    assert save_answer(read, "two", ("12345.b", "12345.b"), LATER).version == 3
    assert (stored().refresh_token, stored().lease_owner) == ("12345.b", None)


def test_a_consent_during_a_refresh_wins(platform: RotatingPlatform) -> None:
    with just_before(SAVE, lambda: save_consent(a_token(access_token="12345.consented"))):
        assert refresh(platform, stored(), "one") is None
    assert stored().access_token == "12345.consented"


def test_a_shop_that_is_disconnected_during_a_refresh_stays_so(platform: RotatingPlatform) -> None:
    read = stored()
    assert acquire_refresh_lease(read, "one", NOW, LEASE_S)
    assert forget_token("12345")
    with pytest.raises(LeaseLost):
        save_answer(read, "one", platform.exchange(read))
    assert not require_consent(read, "invalid_grant", NOW)
    assert not forget_token("12345")
    assert not acquire_refresh_lease(read, "one", NOW, LEASE_S)


def test_a_save_whose_answer_was_lost_counts_as_saved(
    platform: RotatingPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = stored()
    assert acquire_refresh_lease(read, "one", NOW, LEASE_S)

    def send_twice(key: Key, update: Update, **options: object) -> Item:
        monkeypatch.setattr(leases, "update_item", update_item)
        update_item(key, update, **options)  # type: ignore[arg-type] # passed on as they came
        return update_item(key, update, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(leases, "update_item", send_twice)
    saved = save_answer(read, "one", platform.exchange(read))
    assert saved == stored()
    assert (saved.refresh_token, saved.version) == ("12345.refresh-1", 2)


def test_a_lease_is_released_by_its_owner_only(platform: RotatingPlatform) -> None:
    assert acquire_refresh_lease(stored(), "one", NOW, LEASE_S)
    release_refresh_lease("12345", "two")
    assert stored().lease_owner == "one"
    release_refresh_lease("12345", "one")
    assert (stored().lease_owner, stored().lease_until, stored().version) == (None, None, 1)
    release_refresh_lease("12345", "one")
    assert acquire_refresh_lease(stored(), "two", NOW, LEASE_S)
