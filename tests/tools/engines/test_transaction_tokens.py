"""A transaction that is repeated under its token is answered, not carried out again."""

from typing import Any

import pytest

from tools.engines.row_store import Key
from tools.engines.transaction_tokens import KNOWN_FOR_S, TokenMismatch, TransactionTokens

SCOPE = ("1", "eu-west-1")
REQUEST = {"ClientRequestToken": "t", "TransactItems": [{"Put": {"Item": {"price": {"N": "10.50"}}}}]}


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_repetition_gets_the_answer_and_another_scope_or_token_does_not() -> None:
    tokens = TransactionTokens({}, Clock())
    assert tokens.answer_to(SCOPE, REQUEST) is None
    tokens.remember(SCOPE, REQUEST, "answer")
    assert tokens.answer_to(SCOPE, dict(REQUEST)) == "answer"
    assert tokens.answer_to(("2", "eu-west-1"), REQUEST) is None
    assert tokens.answer_to(SCOPE, REQUEST | {"ClientRequestToken": "u"}) is None


def test_the_token_of_another_transaction_is_refused() -> None:
    tokens = TransactionTokens({}, Clock())
    tokens.remember(SCOPE, REQUEST, "answer")
    with pytest.raises(TokenMismatch):
        tokens.answer_to(SCOPE, REQUEST | {"TransactItems": []})


def test_tokens_are_known_for_ten_minutes_and_their_rows_go_then() -> None:
    clock, changes = Clock(), dict[Key, Any]()
    tokens = TransactionTokens(changes, clock)
    tokens.remember(SCOPE, REQUEST, "answer")
    clock.now += KNOWN_FOR_S - 1
    assert tokens.answer_to(SCOPE, REQUEST) == "answer"
    clock.now += 2
    assert tokens.answer_to(SCOPE, REQUEST) is None
    assert changes == {("token", *SCOPE, "t"): None}


def test_tokens_outlive_their_process() -> None:
    clock, changes = Clock(), dict[Key, Any]()
    TransactionTokens(changes, clock).remember(SCOPE, REQUEST, "answer")
    later = TransactionTokens({}, clock)
    later.load(iter(changes.items()))
    assert later.answer_to(SCOPE, REQUEST) == "answer"
