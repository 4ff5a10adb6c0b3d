"""docs/api.md lists every row of the documents' APIs, and no route that there is not."""

import re

from tools.api_document.document import all_routes
from tools.paths import ROOT

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ROWS = [f"{kind}{number}" for kind, most in (("E", 7), ("U", 6), ("P", 9)) for number in range(1, most + 1)]
ROWS += [f"C{number}" for number in range(8)] + [f"A{number}" for number in range(1, 19)]


def test_every_route_that_is_listed_is_there() -> None:
    listed = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`?]*)`", TEXT))
    known = {f"{route.method} {route.path}" for route in all_routes()}
    assert listed - known == set()
    assert len(listed) > 40


def test_no_row_is_left_out() -> None:
    first = [line.split("|")[1].strip() for line in TEXT.splitlines() if line.startswith("|")]
    named = {name for cell in first for name in cell.split(", ")}
    assert set(ROWS) - named == set()
