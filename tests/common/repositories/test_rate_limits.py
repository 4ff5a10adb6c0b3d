"""Attempts are counted before they are made, per window, without saying whose they are."""

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork, get_item
from common.repositories.rate_limits import Attempt, Limit, LimitReachedError, forget, give_back, reserve
from tests.support.races import just_before
from tests.support.wire import lose_answer, without_waiting

LIMIT = Limit("TEST", attempts=3, seconds=60)

# A full window in the future, so that nothing expires while a test runs.
START = (epoch(utc_now()) // 60 + 60) * 60


def use_up(subject: str = "someone") -> Attempt:
    """The last of the attempts of a subject."""
    return [reserve(LIMIT, subject, START) for _ in range(LIMIT.attempts)][-1]


def test_the_attempt_after_the_last_is_refused_until_the_window_ends(table: str) -> None:
    use_up()
    with pytest.raises(LimitReachedError) as refusal:
        reserve(LIMIT, "someone", START + 10)
    assert refusal.value.retry_after == 50


def test_the_next_window_begins_anew(table: str) -> None:
    use_up()
    assert reserve(LIMIT, "someone", START + 60).expires_at == START + 120


def test_subjects_and_scopes_are_counted_apart(table: str) -> None:
    use_up()
    keys = {reserve(LIMIT, "another", START).key, reserve(Limit("OTHER", 3, 60), "someone", START).key}
    assert len(keys) == 2


def test_a_lost_answer_beside_others_who_take_the_rest_is_a_refusal(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_waiting(monkeypatch)
    lose_answer("UpdateItem", then=lambda: [reserve(LIMIT, "someone", START) for _ in range(2)])
    with pytest.raises(LimitReachedError):
        reserve(LIMIT, "someone", START)


def test_a_forgotten_count_begins_anew(table: str) -> None:
    with UnitOfWork() as work:
        forget(work, use_up())
    assert [reserve(LIMIT, "someone", START).expires_at for _ in range(3)] == [START + 60] * 3


def test_an_attempt_that_is_given_back_can_be_made_again(table: str) -> None:
    with UnitOfWork() as work:
        give_back(work, use_up())
    reserve(LIMIT, "someone", START)
    with pytest.raises(LimitReachedError):
        reserve(LIMIT, "someone", START)


def test_an_attempt_that_comes_while_another_takes_the_last_one_is_refused(table: str) -> None:
    with (
        just_before("common.repositories.rate_limits.update_item", use_up),
        pytest.raises(LimitReachedError),
    ):
        reserve(LIMIT, "someone", START)


def test_the_row_expires_and_does_not_name_its_subject(table: str) -> None:
    attempt = reserve(LIMIT, "203.0.113.7", START)
    item = get_item(attempt.key)
    assert item is not None
    assert item["expires_at"] == START + 60
    assert "203.0.113.7" not in repr(item)
