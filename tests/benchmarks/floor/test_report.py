"""The section on the floor says what was measured and whether it holds."""

from benchmarks.floor.calls import FLOOR_CALLS
from benchmarks.floor.measure import FloorSample, Turn
from benchmarks.floor.report import Floor, render_floor
from benchmarks.floor.start import BARE, StartSample

MS = 1_000_000


def test_it_names_calls_and_starts_with_their_ratios_and_whether_they_hold() -> None:
    turns = (Turn(4 * MS, 2 * MS), Turn(5 * MS, 4 * MS), Turn(MS, MS))
    sample = FloorSample(FLOOR_CALLS[0], 1, [turns] * 3)
    floor = Floor([sample], [StartSample(BARE, 300 * MS, 1.0), StartSample("catalog", 380 * MS, 1.27)])
    report = render_floor(floor, 7, "Python", "an engine")
    assert (
        "| product page by slug | 1 | 4.00 | 5.00 | 1.00 | 0.80 | yes | 4.00 | **no** | 2.00 | 0.50 |"
        in report
    )
    assert "| catalog | 380 | 1.27 | **no** |" in report
    assert "There were 3 rounds of 5 calls of each" in report
