"""The receipt of a withdrawal holds the statement, word by word, with its date and time."""

import pytest

from common.repositories.withdrawals import REFUSED
from tests.shop.mail.builders import STATEMENT, Carrier, an_order, queued, send, withdrawn


def text_of(carrier: Carrier) -> str:
    body = carrier.sent[-1][1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_receipt_has_the_statement_and_the_moment(carrier: Carrier) -> None:
    # The page was read in English, whatever the order was placed in.
    order = an_order(language="it")
    withdrawn()
    assert send(queued(order, "withdrawal_received", withdrawal=1)) == {"sent": 1}
    text = text_of(carrier)
    for said in (
        STATEMENT,
        "1 December 2026, 10:20 CET",
        "ORD-00000001",
    ):
        assert said in text


def test_a_refusal_gives_its_reason(carrier: Carrier) -> None:
    order = an_order()
    withdrawn(status=REFUSED, refusal_reason="It was made to your measure")
    assert send(queued(order, "withdrawal_refused", withdrawal=1)) == {"sent": 1}
    assert "It was made to your measure" in text_of(carrier)


@pytest.mark.parametrize("kind", ["withdrawal_received", "withdrawal_refused"])
def test_without_its_withdrawal_there_is_nothing_to_say(carrier: Carrier, kind: str) -> None:
    assert send(queued(an_order(), kind, withdrawal=1)) == {"needless": 1}
