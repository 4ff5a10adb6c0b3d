"""Faults at the wire: answers, refusals and losses between botocore and the engine.

The project's own code stays as it is; botocore's events are where the faults enter.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from common.dynamodb import get_client

Parameters = dict[str, Any]
Entries = list[Any]


def _events() -> Any:
    return get_client().meta.events


def answer_calls(operation: str, answers: Sequence[Mapping[str, Any]], status: int = 200) -> list[None]:
    """Answer the next calls of an operation (`GetItem`) with these, one each; then the engine answers.

    The list that comes back grows by one entry with every call that was answered here.
    """
    answered: list[None] = []

    def answer(**_: object) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        if len(answered) == len(answers):
            return None
        answered.append(None)
        return SimpleNamespace(status_code=status), dict(answers[len(answered) - 1])

    _events().register(f"before-call.dynamodb.{operation}", answer)
    return answered


def refuse_calls(operation: str, refusals: Sequence[Mapping[str, Any]]) -> list[None]:
    """Refuse the next calls of an operation with these error bodies, one each."""
    return answer_calls(operation, refusals, status=400)


def cancelled(*codes: str) -> dict[str, Any]:
    """The body of a TransactionCanceledException with a reason for each action; `None` is no reason."""
    return {
        "Error": {"Code": "TransactionCanceledException", "Message": f"Transaction cancelled: {codes}"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }


def sent_parameters(operation: str) -> list[Parameters]:
    """A list that collects the parameters of every call of an operation from now on."""
    collected: list[Parameters] = []
    _events().register(
        f"before-parameter-build.dynamodb.{operation}",
        lambda params, **_: collected.append(dict(params)),
    )
    return collected


def sent_requests(operation: str) -> list[AWSPreparedRequest]:
    """A list that collects every HTTP request of an operation from now on, repetitions included."""
    collected: list[AWSPreparedRequest] = []

    def collect(request: AWSPreparedRequest, **_: object) -> None:
        collected.append(request)

    _events().register_first(f"before-send.dynamodb.{operation}", collect)
    return collected


def hold_back(operation: str, field: str, wanted: Callable[[Any], bool], times: int) -> list[int]:
    """Let a batch operation leave the wanted entries unprocessed in its next calls.

    They really are kept from the engine. The list that comes back holds how many were kept each time.
    """
    kept: list[int] = []
    held: dict[str, Any] = {}

    def take(params: Parameters, **_: object) -> None:
        held.clear()
        if len(kept) >= times:
            return
        for table, request in params["RequestItems"].items():
            entries = request["Keys"] if isinstance(request, dict) else request
            rest = [entry for entry in entries if not wanted(entry)]
            back = [entry for entry in entries if wanted(entry)]
            kept.append(len(back))
            held[table] = {"Keys": back} if isinstance(request, dict) else back
            held["rest"] = len(rest)
            entries[:] = rest or entries

    def skip(**_: object) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        if held and not held["rest"]:
            return SimpleNamespace(status_code=200), {"Responses": {}}
        return None

    def give_back(parsed: dict[str, Any], **_: object) -> None:
        parsed[field] = {table: entry for table, entry in held.items() if table != "rest"}

    events = _events()
    events.register(f"before-parameter-build.dynamodb.{operation}", take)
    events.register(f"before-call.dynamodb.{operation}", skip)
    events.register(f"after-call.dynamodb.{operation}", give_back)
    return kept


def lose_answer(operation: str, then: Callable[[], object] | None = None) -> list[AWSResponse]:
    """Let the engine carry out the next request of an operation, and lose its answer on the way back.

    The list that comes back holds the lost answer. `then` is called before anything is sent again.
    """
    lost: list[AWSResponse] = []

    def lose(request: AWSPreparedRequest, **_: object) -> None:
        if not lost:
            lost.append(_carried_out(request))
            if then is not None:
                then()
            raise ConnectionClosedError(endpoint_url=request.url)

    _events().register_first(f"before-send.dynamodb.{operation}", lose)
    return lost


def _carried_out(request: AWSPreparedRequest) -> AWSResponse:
    mocked: AWSResponse | None = botocore_stubber(event_name="before-send", request=request)
    return URLLib3Session().send(request) if mocked is None else mocked


def break_connection(operation: str, times: int = 99) -> list[None]:
    """Let the next requests of an operation fail before they reach the engine; the list counts them."""
    broken: list[None] = []

    def fail(request: AWSPreparedRequest, **_: object) -> None:
        if len(broken) < times:
            broken.append(None)
            raise ConnectionClosedError(endpoint_url=request.url)

    _events().register_first(f"before-send.dynamodb.{operation}", fail)
    return broken


def refuse_sent(operation: str, refusal: Mapping[str, Any], times: int = 1) -> list[None]:
    """Refuse the next requests of an operation where the engine would; the list counts them.

    Unlike `refuse_calls` it meets the client's own repetitions too.
    """
    refused: list[None] = []

    def refuse(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        if len(refused) == times:
            return None
        refused.append(None)
        return _refusal(request, refusal)

    _events().register_first(f"before-send.dynamodb.{operation}", refuse)
    return refused


def without_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let calls be repeated at once; the list collects the seconds that they would have waited."""
    waits: list[float] = []
    monkeypatch.setattr("common.dynamodb.sending.time", SimpleNamespace(sleep=waits.append))
    return waits


def trouble_at_every(number: int, refusals: Sequence[Mapping[str, Any]]) -> list[str]:
    """Spoil each `number`-th request from now on, repetitions included, by each kind of trouble in turn.

    The kinds are these refusals, an answer of 500, and the loss of the answer after the engine has carried
    the request out. The list that comes back names the trouble that was made.
    """
    made: list[str] = []
    seen = count(1)
    kinds = [*refusals, _OWN_FAULT, None]

    def spoil(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        if next(seen) % number:
            return None
        kind = kinds[len(made) % len(kinds)]
        made.append(kind["Error"]["Code"] if kind else "lost")
        if kind:
            return _refusal(request, kind, 500 if kind is _OWN_FAULT else 400)
        _carried_out(request)
        raise ConnectionClosedError(endpoint_url=request.url)

    _events().register_first("before-send.dynamodb", spoil)
    return made


_OWN_FAULT = {"Error": {"Code": "InternalServerError", "Message": "something went wrong"}}


def _refusal(request: AWSPreparedRequest, refusal: Mapping[str, Any], status: int = 400) -> AWSResponse:
    error = refusal["Error"]
    body = json.dumps({"__type": error["Code"], "message": error["Message"]}).encode()
    return AWSResponse(request.url, status, HTTPHeaders(), MockRawResponse(body))
