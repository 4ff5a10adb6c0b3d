"""A report says the same to people and to programs."""

import json
from decimal import Decimal
from pathlib import Path

from migration.reports import LISTED, Report, Section

REPORT = Report(
    "verify",
    "Verification",
    passed=False,
    summary=["2 differences"],
    tables=[
        Section("Differences", ("id", "value"), [(1234, "a|b\nc"), (2, None)], ["A note."]),
        Section("Nothing here", ("id",)),
    ],
    figures={"differences": 2},
)


def test_people_read_tables() -> None:
    assert REPORT.markdown() == (
        "# Verification\n\n- 2 differences\n\n## Differences\n\nA note.\n\n"
        "| id | value |\n| --- | --- |\n| 1,234 | a\\|b c |\n| 2 | – |\n\n"
        "## Nothing here\n\nNone.\n"
    )


def test_programs_read_json(tmp_path: Path) -> None:
    markdown, data = REPORT.write(tmp_path / "reports")
    assert markdown.read_text(encoding="utf-8") == REPORT.markdown()
    found = json.loads(data.read_text(encoding="utf-8"))
    assert (found["command"], found["passed"], found["differences"]) == ("verify", False, 2)
    assert found["sections"][0]["rows"] == [{"id": 1234, "value": "a|b\nc"}, {"id": 2, "value": None}]


def test_amounts_and_odd_values_become_text(tmp_path: Path) -> None:
    report = Report("run", "Run", passed=True, figures={"units": Decimal("1.5")})
    assert json.loads(report.write(tmp_path)[1].read_text(encoding="utf-8"))["units"] == "1.5"


def test_a_long_list_is_cut_for_people_and_whole_for_programs() -> None:
    rows = [(number,) for number in range(LISTED + 5)]
    report = Report("run", "Run", passed=True, tables=[Section("Rows", ("id",), rows)])
    assert "and 5 more, in the JSON report" in report.markdown()
    assert len(report.data()["sections"][0]["rows"]) == LISTED + 5
