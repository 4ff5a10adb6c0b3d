"""A picture of the dashboard's layout, made from its body."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

# Pixels for a unit of the dashboard's grid.
WIDE, HIGH, GAP = 40, 28, 6
COLUMNS = 24
_LINE = 15
_KINDS = {"text": "#f4f1ea", "metric": "#eef4fa", "log": "#eef7ee"}
_STYLE = (
    "text{font-family:sans-serif;fill:#222}.t{font-size:13px;font-weight:bold}.l{font-size:11px;fill:#555}"
    ".f{font-size:11px;fill:#a33}"
)


def picture(body: Mapping[str, Any]) -> str:
    """The layout as SVG: each widget in its place, with its title, its series, and the lines drawn across."""
    widgets = body["widgets"]
    height = max(widget["y"] + widget["height"] for widget in widgets) * HIGH
    width = COLUMNS * WIDE
    parts = [part for widget in widgets for part in _widget(widget)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">'
    return "\n".join([head, f"<style>{_STYLE}</style>", *parts, "</svg>", ""])


def _widget(widget: Mapping[str, Any]) -> Iterator[str]:
    x, y = widget["x"] * WIDE + GAP / 2, widget["y"] * HIGH + GAP / 2
    wide, high = widget["width"] * WIDE - GAP, widget["height"] * HIGH - GAP
    fill = _KINDS[widget["type"]]
    yield (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="4" fill="{fill}" stroke="#ccd"/>'
    )
    for number, (style, line) in enumerate(_lines(widget)):
        place = f'x="{x + 8:g}" y="{y + 18 + number * _LINE:g}"'
        yield f'<text class="{style}" {place}>{escape(line)}</text>'


def _lines(widget: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    properties = widget["properties"]
    if widget["type"] == "text":
        yield "t", properties["markdown"].splitlines()[0].lstrip("# ")
        return
    yield "t", properties["title"]
    for series in properties.get("metrics", ()):
        about = series[-1]
        if about.get("visible", True):
            yield "l", about["label"]
    for line in properties.get("annotations", {}).get("horizontal", ()):
        yield "f", f"— {line['label']}"
    if "query" in properties:
        yield "l", properties["query"].splitlines()[2].removeprefix("| stats ")
