"""One load: locust against a shop, then the verdict and the files that tell of it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tools.errors import ToolError
from tools.load.access_lines import Spent, by_journey, by_route, read_lines
from tools.load.artist import Artist
from tools.load.asking import Unexpected
from tools.load.books import Books
from tools.load.http_client import HttpClient
from tools.load.own_shop import Shop
from tools.load.picture import picture
from tools.load.settings import BOOKS, SECONDS, Settings
from tools.load.stock_audit import Audit, Auditor, Snapshot
from tools.load.thresholds import Threshold, conduct, consumption
from tools.load.timeline import read_seconds
from tools.paths import ROOT

LOCUSTFILE = ROOT / "tests" / "load" / "locustfile.py"
REPORT, PICTURE, SUMMARY, REQUESTS, TABLES = (
    "report.html",
    "load.svg",
    "summary.json",
    "requests",
    "locust.txt",
)
# How long those that are in the middle of a visit get to end it, without reading.
ENDING_S = 30

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Load:
    """How much: so many visitors at once beside the artist, for so many seconds.

    `has_units` says whether the engine counts units as AWS does.
    """

    users: int
    seconds: int
    settings: Settings
    has_units: bool = True


@dataclass(frozen=True)
class Outcome:
    """What came of it. `processor` is the milliseconds of processor a request took the shop, where known."""

    books: Books
    requests: int
    audit: Audit
    thresholds: list[Threshold]
    routes: dict[str, Spent] = field(default_factory=dict)
    processor: float | None = None

    @property
    def holds(self) -> bool:
        """Whether every threshold was kept."""
        return all(each.holds for each in self.thresholds)


def run_load(load: Load, shop: Shop, say: Say) -> Outcome:
    """Load a shop and judge it; the files are in the folder of the settings.

    ToolError when the shop or locust cannot be run at all.
    """
    load.settings.out.mkdir(parents=True, exist_ok=True)
    with HttpClient(shop.url) as client:
        artist = Artist(client, Random(0), Books(), shop.username, shop.password)  # noqa: S311 - draws nothing
        auditor = Auditor(client, artist)
        before = _begin(auditor, shop)
        log_from, worked = shop.logged(), shop.processor_seconds()
        say(f"{load.users} visitors and an artist on {shop.url} for {load.seconds} s")
        _run_locust(load, shop.url)
        processor, log_to = shop.processor_seconds(), shop.logged()
        books = Books.from_json(json.loads((load.settings.out / BOOKS).read_text(encoding="utf-8")))
        audit = auditor.audit(before, books)
    requests = sum(second.requests for second in read_seconds(load.settings.out / SECONDS))
    lines = list(read_lines(shop.log, log_from, log_to)) if shop.log else []
    limits = conduct(books, audit.complaints)
    if shop.log:
        limits += consumption(by_journey(lines), books, before.published, has_units=load.has_units)
    each = None if worked is None or processor is None else 1000 * (processor - worked) / max(requests, 1)
    outcome = Outcome(books, requests, audit, limits, by_route(lines), each)
    _write(outcome, load, shop.url)
    return outcome


def _begin(auditor: Auditor, shop: Shop) -> Snapshot:
    try:
        auditor.prepare()
        return auditor.snapshot()
    except Unexpected as error:
        raise ToolError(f"{shop.username} cannot work at {shop.url}: {error}") from error


def _run_locust(load: Load, url: str) -> None:
    out = load.settings.out
    for name in (BOOKS, SECONDS):
        (out / name).unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--host", url),
        # The artist is one more, and all are there within a few seconds.
        *("--users", str(load.users + 1), "--spawn-rate", str(max(1, load.users // 3))),
        *("--run-time", f"{load.seconds}s", "--stop-timeout", str(ENDING_S), "--exit-code-on-error", "0"),
        *(
            "--html",
            str(out / REPORT),
            "--csv",
            str(out / REQUESTS),
            "--only-summary",
            "--loglevel",
            "WARNING",
        ),
    ]
    environ = {**os.environ, **load.settings.to_environment(), "PYTHONPATH": str(ROOT), "NO_PROXY": "*"}
    # Locust prints tables, which the report has too, on standard error, and how it goes on standard output.
    with (out / TABLES).open("wb") as tables:
        code = subprocess.run(command, cwd=ROOT, env=environ, stderr=tables, check=False).returncode
    if code or not (out / BOOKS).exists():
        said = (out / TABLES).read_text(encoding="utf-8", errors="replace")
        raise ToolError(f"locust ended with {code}: {said[-2000:]}")


def _write(outcome: Outcome, load: Load, url: str) -> None:
    out = load.settings.out
    (out / PICTURE).write_text(picture(read_seconds(out / SECONDS), url), encoding="utf-8")
    summary = {
        "url": url,
        "users": load.users,
        "seconds": load.seconds,
        "requests": outcome.requests,
        "processor_milliseconds_a_request": outcome.processor,
        "holds": outcome.holds,
        "thresholds": [
            {"what": each.what, "found": each.found, "limit": each.limit, "holds": each.holds}
            for each in outcome.thresholds
        ],
        "complaints": outcome.audit.complaints,
        "books": outcome.books.to_json(),
        "routes": {
            name: {
                "requests": spent.requests,
                "calls": round(spent.calls / spent.requests, 2),
                "read_units": round(spent.read / spent.requests, 2),
                "write_units": round(spent.write / spent.requests, 2),
            }
            for name, spent in outcome.routes.items()
        },
    }
    (out / SUMMARY).write_text(json.dumps(summary, indent=2), encoding="utf-8")
