"""`artshop selling-terms`: shown, set from a file, refused by the field, taken away."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from common.repositories.selling_terms import selling_terms
from tests.catalog.builders import audit_of
from tools.cli import cli

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))


def artshop(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(cli, ["selling-terms", *arguments], input=text)


def test_a_part_is_set_from_a_file_shown_and_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "shipping.json"
    methods = [{"name": "Posta", "steps": [{"price": 5.1}]}]
    zones = [{"name": "Italia", "countries": ["Italien"], "methods": methods}]
    file.write_text(json.dumps({"zones": zones}))
    answer = artshop("set", "shipping", str(file))
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["zones"][0]["countries"] == ["IT"]
    again = artshop("set", "shipping", str(file))
    assert json.loads(again.output) == json.loads(answer.output)
    assert json.loads(artshop("show").output)["parts"]["shipping"]["zones"][0]["name"] == "Italia"
    assert artshop("remove", "shipping", text="n\n").exit_code == 1
    assert json.loads(artshop("remove", "shipping", "--yes").output)["is_set"] is False
    assert selling_terms().shipping is None
    assert {entry.user_id for entry in audit_of("SellingTerms", "shipping")} == {"console"}


@pytest.mark.parametrize(
    ("arguments", "text", "told"),
    [
        (("set", "seller", "-"), '{"country": "Italia"}', "Error: name is required\n"),
        (("set", "seller", "-"), "nothing", "Error: "),
        (("set", "moon", "-"), "{}", "seller, shipping"),
    ],
)
def test_what_cannot_be_set_is_said_in_one_sentence(arguments: tuple[str, ...], text: str, told: str) -> None:
    answer = artshop(*arguments, text=text)
    assert answer.exit_code in (1, 2)
    assert told in answer.output
    assert "Traceback" not in answer.output
    assert selling_terms().version == 0


def test_terms_that_were_changed_since_are_not_written_over() -> None:
    assert artshop("set", "seller", "-", text='{"name": "A"}').exit_code == 0
    assert artshop("set", "seller", "-", text='{"name": "B", "version": 1}').exit_code == 0
    stale = artshop("set", "seller", "-", text='{"name": "C", "version": 1}')
    assert (stale.exit_code, "changed" in stale.output) == (1, True)
