"""In Lambda a call that succeeds at once needs no client; any other goes by the client's rules."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest
from botocore.exceptions import ConnectionClosedError

from common.dynamodb import (
    ConditionFailed,
    Query,
    UnitOfWork,
    Update,
    attr,
    batch_get,
    batch_write,
    client,
    delete_item,
    fetch_all,
    get_client,
    get_item,
    meter,
    put_item,
    reset_client,
    update_item,
)
from common.dynamodb.connections import Connections, HttpAnswer
from tests.common.dynamodb.lambdas import as_in_lambda
from tests.support.engines import DYNAMODB_LOCAL

KEY = ("ROW#1", "METADATA")
ROW = {"PK": "ROW#1", "SK": "METADATA", "left": 3, "data": b"\x00\xff"}
Exchange = Callable[[Connections, Mapping[str, str], bytes], HttpAnswer]


@pytest.fixture
def engine_name() -> str:
    """What goes over the wire needs an engine at its other end."""
    return DYNAMODB_LOCAL


@pytest.fixture
def new_function(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that has just started, with a row in its table."""
    put_item(ROW)
    as_in_lambda(monkeypatch)
    reset_client()
    monkeypatch.setattr("common.dynamodb.sending.time", SimpleNamespace(sleep=lambda _: None))


def _break_first(monkeypatch: pytest.MonkeyPatch, make: Callable[[HttpAnswer], HttpAnswer]) -> list[bytes]:
    """Let the engine carry out the first request, and make something else of its answer."""
    posted: list[bytes] = []
    exchange: Exchange = Connections.exchange

    def exchanged(connections: Connections, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        posted.append(body)
        answer = exchange(connections, headers, body)
        return make(answer) if len(posted) == 1 else answer

    monkeypatch.setattr(Connections, "exchange", exchanged)
    return posted


def _lost(_answer: HttpAnswer) -> HttpAnswer:
    raise ConnectionClosedError(endpoint_url="http://127.0.0.1")


def _damaged(answer: HttpAnswer) -> HttpAnswer:
    return HttpAnswer(200, {}, answer.content[:-1])


def _changed(answer: HttpAnswer) -> HttpAnswer:
    return HttpAnswer(200, answer.headers, answer.content.replace(b"3", b"4"))


def _unavailable(_answer: HttpAnswer) -> HttpAnswer:
    return HttpAnswer(500, {}, b'{"__type": "InternalServerError"}')


@pytest.mark.usefixtures("new_function")
def test_every_kind_of_read_and_write_succeeds_without_a_client() -> None:
    other = {"PK": "ROW#1", "SK": "OTHER"}
    with meter() as usage:
        assert get_item(KEY) == ROW
        assert fetch_all(Query("ROW#1")) == [ROW]
        assert batch_get([KEY]) == {KEY: ROW}
        assert not batch_write([other]).failed
        assert update_item(KEY, Update().add("left", 1))["left"] == 4
        assert delete_item(("ROW#1", "OTHER")) == other
        with UnitOfWork() as work:
            work.put(other, condition=attr("PK").missing())
    assert usage.calls == 7
    assert client._client is None


@pytest.mark.usefixtures("new_function")
def test_a_refusal_is_told_as_ever() -> None:
    with pytest.raises(ConditionFailed) as caught:
        put_item(ROW, condition=attr("PK").missing())
    assert caught.value.item == ROW
    assert client._client is not None


@pytest.mark.usefixtures("new_function")
@pytest.mark.parametrize("make", [_lost, _damaged, _changed, _unavailable])
def test_what_is_no_success_is_asked_for_again(
    make: Callable[[HttpAnswer], HttpAnswer], monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = _break_first(monkeypatch, make)
    assert get_item(KEY) == ROW
    assert len(posted) == 2
    assert posted[0] == posted[1]


@pytest.mark.usefixtures("new_function")
@pytest.mark.parametrize("make", [_lost, _damaged, _unavailable])
def test_a_write_whose_answer_was_lost_counts_once(
    make: Callable[[HttpAnswer], HttpAnswer], monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = _break_first(monkeypatch, make)
    assert update_item(KEY, Update().add("left", 1))["left"] == 4
    assert len(posted) == 2
    assert (get_item(KEY) or {})["left"] == 4


@pytest.mark.usefixtures("new_function")
def test_who_listens_hears_of_each_call() -> None:
    heard: list[str] = []
    get_client().meta.events.register("after-call.dynamodb.GetItem", lambda **_: heard.append("read"))
    assert get_item(KEY) == ROW
    assert heard == ["read"]


@pytest.mark.usefixtures("new_function")
def test_a_new_function_imports_nothing_of_botocore() -> None:
    program = (
        "import sys; from common.dynamodb import get_item; print(get_item(('ROW#1', 'METADATA')));"
        "print(sorted({'boto3', 'botocore', 'urllib3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    row, brought = done.stdout.splitlines()
    assert "'left': 3" in row
    assert brought == "[]"
