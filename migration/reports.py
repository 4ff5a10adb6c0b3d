"""What a command found, as Markdown for people and JSON for programs."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from migration.findings import Finding, Kind, cells
from tools.errors import ToolError

NOTHING = "–"
# What a person reads of a list; the JSON has all of it.
LISTED = 200
_PROBE = b" " * 4096


@dataclass(slots=True)
class Section:
    """A heading with sentences, a table, or both; `rows` have as many cells as `heads`."""

    title: str
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    notes: Sequence[str] = ()


@dataclass(slots=True)
class Report:
    """What a command found; `name` is that of its files, `passed` whether there is nothing to look at.

    Behind the `tables` it lists the `findings`, those of each of the `kinds` under one heading.
    """

    name: str
    title: str
    passed: bool
    summary: Sequence[str] = ()
    tables: Sequence[Section] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    kinds: Sequence[Kind] = ()

    @property
    def sections(self) -> list[Section]:
        """Everything that it lists, in order."""
        return [*self.tables, *(listed(kind, self.findings) for kind in self.kinds)]

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
        """Write both files into a folder, which is made where it is missing; gives their paths.

        Raises ToolError when it does not take them; files of an earlier report stay whole then.
        """
        data = json.dumps(self.data(), ensure_ascii=False, indent=2, default=str) + "\n"
        texts = {folder / f"{self.name}.md": self.markdown(), folder / f"{self.name}.json": data}
        with _takes_files(folder):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                for path, text in texts.items():
                    _write_through(_beside(path), text)
                for path in texts:
                    _beside(path).replace(path)
            finally:
                for path in texts:
                    _beside(path).unlink(missing_ok=True)
        markdown, programs = texts
        return markdown, programs


def listed(kind: Kind, findings: Iterable[Finding]) -> Section:
    """The findings of a kind under its heading."""
    rows = cells(kind.heads, (finding for finding in findings if finding.kind is kind))
    return Section(kind.title, tuple(kind.heads), rows, [kind.note] if kind.note and rows else ())


def try_folder(folder: Path) -> None:
    """Make the folder of a report and see whether it takes files. Raises ToolError when it does not."""
    with _takes_files(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as probe:
            probe.write(_PROBE)


@contextmanager
def _takes_files(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ToolError(f"No report can be written into {folder}: {error.strerror}") from error


def _beside(path: Path) -> Path:
    """Where a file is written before it takes its place, so that it never stands there half."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def _write_through(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


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
