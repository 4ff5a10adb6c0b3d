"""Widgets of a CloudWatch dashboard, in the form of its body.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

# The grid of a dashboard.
COLUMNS = 24
DAY, HOUR, FIVE_MINUTES = 86_400, 3_600, 300


@dataclass(frozen=True)
class Metric:
    """A metric, called `label` for people; what is only reckoned with is not shown."""

    label: str
    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    stat: str = "Sum"
    shown: bool = True

    def as_json(self, number: int) -> list[Any]:
        """The metric with the id by which expressions know it."""
        named = [part for pair in self.dimensions.items() for part in pair]
        about = {"id": f"m{number}", "label": self.label, "stat": self.stat, "visible": self.shown}
        return [self.namespace, self.name, *named, about]


@dataclass(frozen=True)
class Expression:
    """Metric math over the metrics of its widget, whose ids are m1, m2, ... in their order."""

    label: str
    formula: str

    def as_json(self, number: int) -> list[Any]:
        """The expression in the place of a metric."""
        return [{"id": f"e{number}", "label": self.label, "expression": self.formula}]


def text(markdown: str) -> Json:
    """A text."""
    return {"type": "text", "properties": {"markdown": markdown}}


def numbers(title: str, *series: Metric | Expression) -> Json:
    """One number for each series, of the whole time that is shown."""
    more = {"view": "singleValue", "setPeriodToTimeRange": True}
    return {"type": "metric", "properties": _properties(title, series, DAY) | more}


def graph(
    title: str,
    *series: Metric | Expression,
    period: int = DAY,
    lines: Mapping[str, float] | None = None,
    unit: str = "",
) -> Json:
    """The series over time; `lines` are drawn across it with their texts, as the ends of what is free."""
    more: dict[str, Any] = {"view": "timeSeries", "stacked": False}
    if lines:
        drawn = [{"label": label, "value": value} for label, value in lines.items()]
        more["annotations"] = {"horizontal": drawn}
    more["yAxis"] = {"left": {"min": 0, "label": unit, "showUnits": False}}
    return {"type": "metric", "properties": _properties(title, series, period) | more}


def log_table(title: str, group: str, *query: str) -> Json:
    """What a query of a log group finds, as a table."""
    asked = "\n| ".join([f"SOURCE '{group}'", *query])
    return {
        "type": "log",
        "properties": {"title": title, "region": "${Region}", "view": "table", "query": asked},
    }


def placed(rows: Sequence[tuple[int, Sequence[Json]]]) -> list[Json]:
    """The widgets with their places: rows of a height, each shared out evenly among its widgets."""
    found: list[Json] = []
    y = 0
    for height, widgets in rows:
        width = COLUMNS // len(widgets)
        for index, widget in enumerate(widgets):
            place = {"x": index * width, "y": y, "width": width, "height": height}
            found.append({**place, **widget})
        y += height
    return found


def _properties(title: str, series: Sequence[Metric | Expression], period: int) -> dict[str, Any]:
    metrics = [each.as_json(number) for number, each in enumerate(series, start=1)]
    return {"title": title, "region": "${Region}", "period": period, "metrics": metrics}
