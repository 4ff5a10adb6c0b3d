"""The order in which calls take turns."""

from benchmarks.timing import time_in_turns


def test_calls_take_turns_and_the_first_of_each_does_not_count() -> None:
    asked: list[str] = []
    durations = time_in_turns([lambda: asked.append("a"), lambda: asked.append("b")], 3, rounds=2)
    assert "".join(asked) == "ab" + "aabb" + "ab"
    assert [len(spent) for spent in durations] == [3, 3]
    assert all(duration > 0 for spent in durations for duration in spent)
