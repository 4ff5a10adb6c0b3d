"""Commands that write rows without marks: processes read the catalogue anew, also when they fail."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from common.clock import utc_now
from common.errors import Unavailable
from common.repositories.catalogue_changes import changes_since
from tools.cli import cli
from tools.generations import new_generations


def generation() -> str | None:
    # However far ahead, for it stands behind every mark.
    return changes_since(utc_now() + timedelta(days=9000)).generation


def test_a_generation_begins_before_the_block_and_after_it(table: str) -> None:
    assert generation() is None
    with new_generations():
        first = generation()
        assert first is not None
    assert generation() not in {None, first}


def test_another_begins_each_minute(table: str) -> None:
    found = []
    times = iter((100.0, 130.0, 159.0, 160.0, 160.0, 219.0, 220.0, 220.0))
    with new_generations(clock=lambda: next(times)) as keep_up:
        for _ in range(5):
            keep_up()
            found.append(generation())
    assert found[0] == found[1] != found[2] == found[3] != found[4]


def test_a_block_that_fails_begins_one_and_says_why_it_failed(table: str) -> None:
    with pytest.raises(KeyError, match="the reason"), new_generations():
        first = generation()
        raise KeyError("the reason")
    assert generation() not in {None, first}


def test_what_failed_is_told_though_no_generation_could_begin(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> str:
        raise Unavailable("too busy")

    with pytest.raises(KeyError, match="the reason"), new_generations():
        monkeypatch.setattr("tools.generations.begin_generation", refuse)
        raise KeyError("the reason")


def test_a_generation_begins_by_hand(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = CliRunner().invoke(cli, ["catalogue", "--aws", "reread"])
    assert answer.exit_code == 0, answer.output
    assert answer.output == f"The catalogue of {table} is read anew: generation {generation()}.\n"
    before = generation()
    CliRunner().invoke(cli, ["catalogue", "--aws", "reread"])
    assert generation() != before


def test_without_a_table_the_command_says_so(aws: str) -> None:
    answer = CliRunner().invoke(cli, ["catalogue", "--aws", "reread"])
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output
    assert answer.output.startswith("Error: ")
