"""A request of the shop gives up soon; a program that said that it can wait does not."""

from itertools import islice
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, NoCredentialsError

from common.dynamodb import ConditionFailed, Update, attr, batch_get, get_item, put_item, update_item
from common.dynamodb.patience import LONGEST_PAUSE_S, attempts, is_passing, patience
from tests.support import wire

KEY = ("A", "METADATA")
BUSY: Any = {"Error": {"Code": "ThrottlingException", "Message": "slow down"}}
DENIED: Any = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
UNAVAILABLE: Any = {**DENIED, "ResponseMetadata": {"HTTPStatusCode": 503}}
MANY = 1000


def test_without_patience_a_refused_call_is_given_up_after_three_attempts(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.without_waiting(monkeypatch)
    refused = wire.refuse_sent("GetItem", BUSY, times=MANY)
    with pytest.raises(ClientError, match="Throttling"):
        get_item(KEY)
    assert len(refused) == 3


def test_patience_is_over_for_all_calls_once_it_is_used_up(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = wire.without_waiting(monkeypatch)
    refused = wire.refuse_sent("GetItem", BUSY, times=MANY)
    with patience(60):
        for _ in range(2):
            with pytest.raises(ClientError, match="Throttling"):
                get_item(KEY)
        first = len(refused)
        assert 60 <= sum(waits) < 60 + 3 * LONGEST_PAUSE_S
        with pytest.raises(ClientError):
            get_item(KEY)
    assert len(refused) - first == 3
    assert max(waits) <= LONGEST_PAUSE_S


def test_patience_is_not_for_what_will_not_pass(table: str) -> None:
    refused = wire.refuse_sent("GetItem", DENIED, times=MANY)
    with patience(), pytest.raises(ClientError, match="AccessDenied"):
        get_item(KEY)
    assert len(refused) == 1


def test_patience_ends_with_its_block(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.without_waiting(monkeypatch)
    with patience():
        assert get_item(KEY) is None
    refused = wire.refuse_sent("GetItem", BUSY, times=MANY)
    with pytest.raises(ClientError):
        get_item(KEY)
    assert len(refused) == 3


def test_a_patient_update_still_counts_once_when_its_answer_was_lost(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.without_waiting(monkeypatch)
    lost = wire.lose_answer("UpdateItem")
    refused = wire.refuse_sent("UpdateItem", BUSY, times=8)
    with patience():
        assert update_item(KEY, Update().add("n", 1))["n"] == 1
    assert (len(lost), len(refused)) == (1, 8)
    assert (get_item(KEY) or {})["n"] == 1


def test_a_condition_that_fails_is_an_answer(table: str) -> None:
    put_item({"PK": "A", "SK": "METADATA"})
    with patience(), pytest.raises(ConditionFailed):
        put_item({"PK": "A", "SK": "METADATA"}, condition=attr("PK").missing())


def test_keys_that_are_left_over_are_asked_for_as_patiently(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_item({"PK": "A", "SK": "METADATA"})
    waits: list[float] = []
    kept = wire.hold_back("BatchGetItem", "UnprocessedKeys", lambda _key: True, times=15)
    with patience():
        assert get_item(("B", "METADATA")) is None
        assert set(batch_get([KEY], sleep=waits.append)) == {KEY}
    assert len(kept) == len(waits) == 15


def test_attempts_are_numbered_and_have_pauses_between_them() -> None:
    waits: list[float] = []
    assert list(attempts(4, waits.append)) == [0, 1, 2, 3]
    assert len(waits) == 3
    assert list(islice(attempts(2, waits.append), 1)) == [0]


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (ClientError(BUSY, "GetItem"), True),
        (ClientError(UNAVAILABLE, "GetItem"), True),
        (ClientError(DENIED, "GetItem"), False),
        (ConnectionClosedError(endpoint_url="http://127.0.0.1"), True),
        (NoCredentialsError(), False),
    ],
)
def test_what_the_service_may_take_later_passes(error: Exception, passes: bool) -> None:
    assert is_passing(error) is passes
