"""`artshop costs`: what it shows, its exit codes, and that the documents show the same."""

import json
import re
import shlex
from decimal import Decimal

import pytest
from click.testing import CliRunner, Result

from tools.cli import cli
from tools.costs import actual
from tools.costs.bill import Line
from tools.package.apis import kind_of
from tools.package.stages import read_stage
from tools.paths import ROOT

DOCUMENT = (ROOT / "docs" / "costs.md").read_text(encoding="utf-8")
SHOWN = re.compile(r"<!-- artshop (costs[^>]*) -->\n(.*?)<!-- end -->", re.DOTALL)


def artshop(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["costs", *arguments])


def test_every_line_shows_its_arithmetic_and_the_lines_add_up() -> None:
    found = json.loads(artshop("--json", "--api", "rest", "--alarms", "16").stdout)
    for line in found["lines"]:
        beyond = max(0, line["quantity"] - line["free"])
        assert line["cost_usd"] == pytest.approx(beyond / line["usd_for"] * line["price_usd"])
    assert found["total_usd"] == pytest.approx(sum(line["cost_usd"] for line in found["lines"]))
    assert {(each["api"], each["table"]) for each in found["modes"]} >= {("rest", "on-demand")}
    assert found["turns"]["even_use"] == pytest.approx(0.2886, abs=0.001)


def test_the_text_names_the_cheapest_way_and_where_it_turns() -> None:
    shown = artshop().stdout
    assert re.search(r"function URL +\S+ +\S+ \(\*\)", shown)
    assert "those of provisioned mode alone" in shown
    assert "cost more than on-demand" in shown
    assert "Not confirmed by a price list" in shown


def test_more_visits_cost_more() -> None:
    totals = [
        json.loads(artshop("--visits", visits, "--json").stdout)["total_usd"]
        for visits in ("100", "1000", "9000")
    ]
    assert totals == sorted(totals)
    assert len(set(totals)) == 3


def test_an_unknown_region_ends_with_1_and_names_those_there_are() -> None:
    refused = artshop("--region", "mars-1")
    assert refused.exit_code == 1
    assert "eu-west-1" in refused.stderr


@pytest.mark.parametrize("arguments", [["--visits", "0"], ["--api", "soap"], ["--products", "-1"]])
def test_what_makes_no_sense_ends_with_2(arguments: list[str]) -> None:
    assert artshop(*arguments).exit_code == 2


def test_a_warning_belongs_to_what_was_read() -> None:
    assert artshop("--fail-on-warning").exit_code == 1


@pytest.mark.parametrize(("used", "flag", "code"), [(7, [], 0), (9, [], 0), (9, ["--fail-on-warning"], 1)])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_warnings_go_to_standard_error_and_fail_only_where_asked(
    monkeypatch: pytest.MonkeyPatch, used: int, flag: list[str], code: int, form: list[str]
) -> None:
    line = Line("lambda_requests", "calls", Decimal(used), Decimal(10), Decimal(1), Decimal(1))
    monkeypatch.setattr(actual, "actual", lambda *_: [line])
    answer = artshop("--actual", *flag, *form)
    assert answer.exit_code == code
    assert answer.stderr == ("" if used < 8 else "Warning: calls: 9 of 10 free ones, 90 %\n")
    assert answer.stdout


def test_the_memory_is_that_of_the_stage_unless_another_is_named() -> None:
    def compute(*arguments: str) -> float:
        lines = json.loads(artshop("--json", *arguments).stdout)["lines"]
        return float(next(line["quantity"] for line in lines if line["name"] == "lambda_gb_seconds"))

    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    memory = config["stages"]["prod"].get("lambda_memory_size", config["lambda_memory_size"])
    assert compute() == compute("--memory", str(memory))
    assert compute("--memory", "2048") == pytest.approx(2 * compute("--memory", "1024"))


def test_a_stage_that_does_not_exist_is_named() -> None:
    refused = artshop("--actual", "--stage", "nowhere")
    assert refused.exit_code == 1
    assert "nowhere" in refused.stderr


def test_the_document_shows_tables() -> None:
    assert len(SHOWN.findall(DOCUMENT)) >= 2


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in SHOWN.findall(DOCUMENT)])
def test_the_document_shows_what_the_command_says(arguments: str) -> None:
    shown = dict(SHOWN.findall(DOCUMENT))[arguments]
    answer = CliRunner().invoke(cli, [*shlex.split(arguments), "--markdown"])
    assert shown.strip() == answer.stdout.strip()


def test_what_nothing_is_said_of_is_as_the_stage_has_it() -> None:
    def total(*arguments: str) -> float:
        return float(json.loads(artshop("--json", *arguments).stdout)["total_usd"])

    stage = read_stage(ROOT, "prod")
    table = str(stage.deploy.get("table_mode", "on-demand"))
    assert total() == total("--api", kind_of(stage), "--table", table, "--sealing", "parameter")
    assert total("--sealing", "kms") == pytest.approx(total() + 1)
