"""A move goes on through refused calls and lost answers, and says how to go on when they do not end."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from common.dynamodb import get_client
from common.dynamodb.patience import patience
from migration.table.emptying import empty_table
from tests.migration.moves import Move, table_items
from tests.support import wire
from tools.cli import cli
from tools.progress import silent

REFUSALS = [
    {"Error": {"Code": code, "Message": "slow down"}}
    for code in ("ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded")
]
ENDLESS = 10_000


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Within a test nobody waits, however patient."""
    waits = wire.without_waiting(monkeypatch)
    with patience():
        yield waits


def test_a_run_ends_right_although_each_third_call_is_refused_or_its_answer_lost(
    move: Move, quick: list[float]
) -> None:
    made = wire.trouble_at_every(3, REFUSALS)
    result = move.run(workers=2)
    assert result.passed
    assert set(made) == {"lost", "InternalServerError", *(it["Error"]["Code"] for it in REFUSALS)}
    assert move.verify().differences == []
    assert empty_table(2, silent) > 0
    assert table_items(is_own=bool) == []


@pytest.mark.parametrize("operation", ["BatchWriteItem", "BatchGetItem", "Scan", "UpdateItem", "PutItem"])
def test_each_kind_of_call_is_repeated_long_after_the_shop_would_have_given_up(
    move: Move, quick: list[float], operation: str
) -> None:
    refused = wire.refuse_sent(operation, REFUSALS[0], times=12)
    assert move.run().passed
    assert len(refused) == len(quick) == 12


@pytest.mark.parametrize("operation", ["BatchWriteItem", "Scan"])
def test_when_patience_ends_the_error_says_that_the_same_command_goes_on(
    move: Move, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    waits = wire.without_waiting(monkeypatch)
    wire.refuse_sent(operation, REFUSALS[0], times=ENDLESS)
    answer = CliRunner().invoke(cli, ["migrate", "run", "--source", move.url])
    assert answer.exit_code == 1
    assert "same command" in answer.output
    assert "goes on from" in answer.output
    assert sum(waits) > 180


def test_an_endpoint_that_never_answered_is_told_at_once(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = wire.without_waiting(monkeypatch)
    broken = wire.break_connection("GetItem", ENDLESS)
    answer = CliRunner().invoke(cli, ["migrate", "run", "--source", move.url])
    assert answer.exit_code == 1
    assert get_client().meta.endpoint_url in answer.output
    assert (len(broken), sum(waits) < 10) == (3, True)
