"""The retry around read, decide and write."""

import pytest

from common.errors import Conflict, NotFound
from common.optimistic import ATTEMPTS, StaleVersion, retry_when_stale


class Step:
    """Meets other writers a number of times before it passes."""

    def __init__(self, rivals: int) -> None:
        self.rivals = rivals
        self.runs = 0

    def __call__(self) -> int:
        self.runs += 1
        if self.runs <= self.rivals:
            raise StaleVersion("Product 7")
        return self.runs


@pytest.mark.parametrize("rivals", range(ATTEMPTS))
def test_a_step_runs_until_nobody_was_in_between(rivals: int) -> None:
    assert retry_when_stale(Step(rivals)) == rivals + 1


def test_a_step_that_always_meets_others_ends_as_a_conflict() -> None:
    step = Step(ATTEMPTS)
    with pytest.raises(Conflict, match="Product 7 was changed by somebody else"):
        retry_when_stale(step)
    assert step.runs == ATTEMPTS


def test_other_errors_pass_at_once() -> None:
    runs = []

    def step() -> None:
        runs.append(1)
        raise NotFound("gone")

    with pytest.raises(NotFound, match="gone"):
        retry_when_stale(step)
    assert len(runs) == 1
