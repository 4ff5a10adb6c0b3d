"""Progress is a bar on a terminal and few plain lines anywhere else."""

import pytest

from tools.progress import bar, for_terminal, lines, silent


class _Clock:
    """Moves on by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_line_for_each_tenth_with_the_rate() -> None:
    said: list[str] = []
    clock = _Clock()
    with lines("Moving orders", 2000, clock, said.append) as advance:
        for _ in range(20):
            clock.now += 1
            advance(100)
    assert len(said) == 10
    assert said[0] == "Moving orders: 200 of 2,000 (100/s)"
    assert said[-1] == "Moving orders: 2,000 of 2,000 (100/s)"


def test_little_work_is_one_line() -> None:
    said: list[str] = []
    clock = _Clock()
    with lines("Moving carts", 3, clock, said.append) as advance:
        clock.now = 1
        for _ in range(3):
            advance(1)
    assert said == ["Moving carts: 3 (3/s)"]


def test_a_long_silence_is_broken() -> None:
    said: list[str] = []
    clock = _Clock()
    with lines("Moving orders", 1_000_000, clock, said.append) as advance:
        advance(1)
        clock.now = 15
        advance(1)
        assert said == ["Moving orders: 2 of 1,000,000 (0/s)"]


def test_nothing_to_do_is_said() -> None:
    said: list[str] = []
    with lines("Moving carts", 0, _Clock(), said.append):
        pass
    assert said == ["Moving carts: none"]


def test_a_bar_counts_and_names_the_rate(capsys: pytest.CaptureFixture[str]) -> None:
    clock = _Clock()
    with bar("Moving orders", 10, clock) as advance:
        clock.now = 2
        advance(10)
    assert "Moving orders" in capsys.readouterr().out


def test_the_output_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert for_terminal() is bar
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    assert for_terminal() is lines


def test_silence_is_possible(capsys: pytest.CaptureFixture[str]) -> None:
    with silent("Moving", 1) as advance:
        advance(1)
    assert capsys.readouterr().out == ""
