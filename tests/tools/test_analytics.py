"""`artshop analytics`: what it counts again, what it says, and its exit codes."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from common.clock import iso, utc_now
from shop.analytics import summaries
from shop.repositories.analytics import summaries_of
from tests.shop.analytics.builders import ADA, BEA, creator, happened_now
from tools.cli import cli


@pytest.fixture(autouse=True)
def _no_shop_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))


def date(days_ago: int) -> str:
    return iso(utc_now() - timedelta(days=days_ago))[:10]


def artshop(*arguments: str, first: int = 2, last: int = 0) -> Result:
    span = ["--from", date(first), "--to", date(last)]
    return CliRunner().invoke(cli, ["analytics", "summarise", *span, "--quiet", *arguments])


def test_the_days_of_every_creator_are_counted_again(table: str) -> None:
    creator(ADA)
    creator(BEA)
    happened_now(0, 24 * 60)
    answer = artshop()
    assert answer.exit_code == 0, answer.output
    assert answer.output == "analytics: completed (2 creators, 4 days unchanged, 2 days written)\n"
    assert artshop().output == "analytics: completed (2 creators, 6 days unchanged)\n"
    assert [len(summaries_of(whose)) for whose in (ADA, BEA)] == [2, 0]


@pytest.mark.parametrize("named", [ADA, "ada"])
def test_one_creator_is_named_by_slug_or_id(table: str, named: str) -> None:
    from common.dynamodb import AT_ONCE
    from common.repositories.creators import CREATORS, Creator

    moment = iso(utc_now())
    CREATORS.add(AT_ONCE, Creator(id=BEA, slug="bea", display_name="B", created_at=moment, updated_at=moment))
    CREATORS.add(AT_ONCE, Creator(id=ADA, slug="ada", display_name="A", created_at=moment, updated_at=moment))
    assert "1 creators" in artshop("--creator", named).output


def test_what_cannot_be_meant_is_said(table: str) -> None:
    nobody = artshop("--creator", "nobody")
    assert (nobody.exit_code, "There is no creator 'nobody'." in nobody.output) == (1, True)
    reversed_span = artshop(first=0, last=2)
    assert (reversed_span.exit_code, "--to must not be before" in reversed_span.output) == (2, True)
    no_day = CliRunner().invoke(cli, ["analytics", "summarise", "--from", "2026-02-30", "--to", "2026-03-01"])
    assert no_day.exit_code == 2


def test_a_day_that_is_too_old_is_left_and_said(table: str) -> None:
    creator()
    assert "1 days too old" in artshop(first=95, last=95).output


def test_a_creator_who_fails_is_said_and_ends_with_1(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    creator()

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(summaries, "events_of", broken)
    answer = artshop()
    assert answer.exit_code == 1
    assert f"creator {ADA} could not be summarised" in answer.output
