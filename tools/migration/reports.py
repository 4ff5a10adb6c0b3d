"""What a command found, as Markdown for people and JSON for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOTHING = "–"
# What a person reads of a list; the JSON has all of it.
LISTED = 200


@dataclass(slots=True)
class Section:
    """A heading with sentences, a table, or both; `rows` have as many cells as `heads`."""

    title: str
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    notes: Sequence[str] = ()


@dataclass(slots=True)
class Report:
    """What a command found; `name` is that of its files, `passed` whether there is nothing to look at."""

    name: str
    title: str
    passed: bool
    summary: Sequence[str] = ()
    sections: list[Section] = field(default_factory=list)
    figures: Mapping[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """The report for people."""
        parts = [f"# {self.title}\n", "".join(f"- {sentence}\n" for sentence in self.summary)]
        parts += [_section(section) for section in self.sections]
        return "\n".join(parts)

    def data(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "command": self.name,
            "passed": self.passed,
            "summary": list(self.summary),
            **self.figures,
            "sections": [
                {
                    "title": section.title,
                    "notes": list(section.notes),
                    "rows": [dict(zip(section.heads, row, strict=True)) for row in section.rows],
                }
                for section in self.sections
            ],
        }

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both files into a folder, which is made where it is missing; gives their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        markdown, data = folder / f"{self.name}.md", folder / f"{self.name}.json"
        markdown.write_text(self.markdown(), encoding="utf-8")
        text = json.dumps(self.data(), ensure_ascii=False, indent=2, default=str)
        data.write_text(text + "\n", encoding="utf-8")
        return markdown, data


def _section(section: Section) -> str:
    lines = [f"## {section.title}\n", *(f"{note}\n" for note in section.notes)]
    if section.heads:
        lines.append(_table(section.heads, section.rows) if section.rows else "None.\n")
    return "\n".join(lines)


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    shown: Iterable[Sequence[object]] = rows[:LISTED]
    text = "\n".join(_line(cells) for cells in [heads, ["---"] * len(heads), *shown]) + "\n"
    more = len(rows) - LISTED
    return text + (f"\nand {more:,} more, in the JSON report\n" if more > 0 else "")


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(value: object) -> str:
    if value is None:
        return NOTHING
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\r", "").replace("\n", " ")
