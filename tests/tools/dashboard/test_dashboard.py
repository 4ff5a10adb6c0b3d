"""The dashboard shows metrics that there are, in places that do not overlap, and its files are current."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from common.metrics import METRICS
from tests.infra.test_alarms import TEMPLATES
from tools.costs.bill import Setup
from tools.costs.prices import prices_of
from tools.dashboard.body import body
from tools.dashboard.files import BODY, PICTURE, TEMPLATE, files, write
from tools.dashboard.picture import picture
from tools.dashboard.widgets import COLUMNS
from tools.paths import ROOT

FREE_METRICS = 50
WIDGETS: list[Mapping[str, Any]] = body()["widgets"]
DRAWN = [widget for widget in WIDGETS if widget["type"] == "metric"]
TITLES = [widget["properties"]["title"] for widget in DRAWN]


def metrics(widget: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The metrics of a widget, without what is reckoned with them."""
    yield from (each for each in widget["properties"]["metrics"] if len(each) > 1)


@pytest.mark.parametrize("path", files())
def test_the_files_are_those_that_the_code_makes(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == files()[path], "run `artshop dashboard`"


def test_writing_puts_them_where_they_belong(tmp_path: Path) -> None:
    for folder in ("infra", "docs"):
        (tmp_path / folder).mkdir()
    assert write(tmp_path) == [BODY, TEMPLATE, PICTURE]
    assert json.loads((tmp_path / BODY).read_text()) == body()


def test_cloudformation_and_terraform_put_in_the_same_names() -> None:
    template = yaml.safe_load(files()[TEMPLATE])
    text, given = template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    names = set(re.findall(r"\$\{([^}]*)\}", text))
    assert names == set(re.findall(r"\$\{([^}]*)\}", files()[BODY]))
    # A name with colons would be none of Terraform's, and %{ begins a directive there.
    assert all(name.isalpha() for name in names)
    assert "%{" not in text
    assert names == set(template["Parameters"]) | set(given)
    assert json.loads(text) == body()


def test_the_names_are_those_of_the_stages() -> None:
    given = yaml.safe_load(files()[TEMPLATE])["Parameters"]
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    variables = config["stages"]["prod"]["environment_variables"]
    assert given["TableName"]["Default"] == variables["DYNAMODB_TABLE_NAME"]
    assert given["QueueName"]["Default"] == variables["STOCK_QUEUE_NAME"]
    assert given["MetricsNamespace"]["Default"] == variables["METRICS_NAMESPACE"]


def test_no_widget_lies_on_another_or_beside_the_page() -> None:
    def cells(widget: Mapping[str, Any]) -> set[tuple[int, int]]:
        across = range(widget["x"], widget["x"] + widget["width"])
        return {(x, y) for x in across for y in range(widget["y"], widget["y"] + widget["height"])}

    for one, other in combinations(WIDGETS, 2):
        assert not cells(one) & cells(other)
    assert all(widget["x"] + widget["width"] <= COLUMNS for widget in WIDGETS)


def test_it_is_free() -> None:
    """Three dashboards are, with 50 metrics each."""
    assert sum(1 for widget in DRAWN for _ in metrics(widget)) <= FREE_METRICS
    resources = [
        each for path in TEMPLATES for each in yaml.safe_load(path.read_text())["Resources"].values()
    ]
    made = [each for each in resources if each["Type"] == "AWS::CloudWatch::Dashboard"]
    assert len(made) == Setup().dashboards <= 3


@pytest.mark.parametrize("widget", DRAWN, ids=TITLES)
def test_expressions_reckon_with_metrics_of_their_widget(widget: Mapping[str, Any]) -> None:
    known = {each[-1]["id"] for each in metrics(widget)}
    formulas = [each[0]["expression"] for each in widget["properties"]["metrics"] if len(each) == 1]
    for formula in formulas:
        assert set(re.findall(r"\bm\d+\b", formula)) <= known
    shown = [each[-1] for each in widget["properties"]["metrics"] if each[-1].get("visible", True)]
    assert shown
    assert len({each["label"] for each in shown}) == len(shown)


def test_every_metric_of_the_shop_is_shown_under_the_dimensions_that_it_has() -> None:
    own = [each for widget in DRAWN for each in metrics(widget) if each[0] == "${MetricsNamespace}"]
    for _, name, *dimensions, _about in own:
        assert tuple(dimensions[::2]) == METRICS[name].by
    # Units of the table are told by DynamoDB itself; by domain the log tells them.
    assert {each[1] for each in own} == set(METRICS) - {"read_units", "write_units"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Free: Lambda calls", "lambda_requests"),
        ("Free: Lambda time at 1,024 MB", "lambda_gb_seconds"),
        ("Free: requests to the queue", "queue_requests"),
        ("Free: logs", "log_gb"),
        ("What the table is asked for", "read_capacity"),
    ],
)
def test_the_ends_of_what_is_free_are_drawn_in(title: str, name: str) -> None:
    (widget,) = [each for each in DRAWN if each["properties"]["title"] == title]
    (line,) = widget["properties"]["annotations"]["horizontal"]
    assert line["value"] == float(prices_of("eu-west-1")[name].free) > 0
    assert line["label"].startswith("free: ")


def test_the_picture_shows_every_widget_in_its_place() -> None:
    root = ET.fromstring(picture(body()))  # noqa: S314 - it was just made here
    texts = [each.text or "" for each in root.iter() if each.tag.endswith("text")]
    assert set(TITLES) <= set(texts)
    assert len([each for each in root.iter() if each.tag.endswith("rect")]) == len(WIDGETS)
    assert "— free: 1,000,000" in texts
