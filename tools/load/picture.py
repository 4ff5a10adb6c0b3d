"""The picture of a load: requests, how long they took, and errors over time."""

from collections.abc import Sequence

from tools.load.svg import Chart, Line, draw
from tools.load.timeline import Second

SECONDS = "seconds since the beginning"


def picture(seconds: Sequence[Second], where: str) -> str:
    """The SVG of a load on the shop at `where`."""
    charts = (
        Chart(f"Requests a second on {where}", SECONDS, (_line("requests", seconds),)),
        Chart("Milliseconds on this machine", SECONDS, (_line("p50", seconds), _line("p95", seconds))),
        Chart("Errors a second", SECONDS, (_line("errors", seconds),), 180),
    )
    return draw(charts, f"Requests a second, percentiles and errors of a load on {where}")


def _line(name: str, seconds: Sequence[Second]) -> Line:
    return Line(name, [(second.second, float(getattr(second, name))) for second in seconds])
