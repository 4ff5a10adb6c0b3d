"""How a load went, second by second."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from tools.percentiles import percentile


@dataclass(frozen=True, slots=True)
class Second:
    """What ended in one second since the beginning; p50 and p95 in milliseconds."""

    second: int
    requests: int
    errors: int
    p50: float
    p95: float


@dataclass
class Timeline:
    """Collects requests as they end."""

    _durations: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    _errors: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def note(self, ended: float, milliseconds: float, *, failed: bool) -> None:
        """A request that ended so many seconds after the beginning."""
        self._durations[int(ended)].append(milliseconds)
        self._errors[int(ended)] += failed

    def seconds(self) -> list[Second]:
        """All seconds up to the last in which something ended, the silent ones too."""
        return [self._second(number) for number in range(max(self._durations, default=-1) + 1)]

    def recent(self, count: int) -> Second:
        """The last `count` seconds taken together; `second` is the last of them."""
        last = max(self._durations, default=0)
        chosen = range(max(0, last - count + 1), last + 1)
        durations = [each for number in chosen for each in self._durations.get(number, ())]
        return _summary(last, durations, sum(self._errors.get(number, 0) for number in chosen))

    def _second(self, number: int) -> Second:
        return _summary(number, self._durations.get(number, []), self._errors.get(number, 0))


def _summary(number: int, durations: list[float], errors: int) -> Second:
    if not durations:
        return Second(number, 0, errors, 0.0, 0.0)
    p50, p95 = (round(percentile(durations, percent), 1) for percent in (50, 95))
    return Second(number, len(durations), errors, p50, p95)


def write_seconds(path: Path, seconds: Iterable[Second]) -> None:
    """A CSV with a line for each second."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(Second)])
        writer.writeheader()
        writer.writerows(asdict(second) for second in seconds)


def read_seconds(path: Path) -> list[Second]:
    """What `write_seconds` wrote; nothing where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Second(
                int(row["second"]),
                int(row["requests"]),
                int(row["errors"]),
                float(row["p50"]),
                float(row["p95"]),
            )
            for row in csv.DictReader(file)
        ]
