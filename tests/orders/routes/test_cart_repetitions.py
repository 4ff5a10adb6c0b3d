"""One click, one piece: what a cart holds when the answer to its write is lost and the client sends again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from botocore.awsrequest import AWSResponse

from common.clock import utc_now
from common.dynamodb import get_client
from tests.catalog.builders import ok, store
from tests.orders.cart_builders import a_code, cart_rows, on_sale, put, quantities, shopper
from tests.support.http import Answer, Client
from tests.support.races import just_before
from tests.support.wire import lose_answer, sent_requests, without_waiting

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    """A guest before a shop with three works, and a client library that repeats without waiting."""
    store([on_sale(number) for number in (1, 2, 3)])
    without_waiting(monkeypatch)
    return shopper()


def losing(ask: Callable[[], Answer], then: Callable[[], object] | None = None) -> Answer:
    """The answer to a call whose write is carried out and whose answer is lost on the way back."""
    lost = lose_answer("PutItem", then)
    answer = ask()
    assert [answer.status_code for answer in lost] == [200]
    return answer


def test_the_first_click_puts_one_piece_in(client: Client) -> None:
    body = ok(losing(lambda: put(client, 1)))
    assert [item["quantity"] for item in body["items"]] == [1]
    assert quantities(client) == {10: 1}


def test_each_further_click_puts_one_piece_in(client: Client) -> None:
    put(client, 1)
    body = ok(losing(lambda: put(client, 1)))
    assert [item["quantity"] for item in body["items"]] == [2]
    assert quantities(client) == {10: 2}


def test_the_repetition_is_the_client_librarys_own(client: Client) -> None:
    sent = sent_requests("PutItem")
    losing(lambda: put(client, 1))
    assert len(sent) == 2
    assert get_client().meta.config.retries["mode"] == "standard"  # type: ignore[attr-defined]


def test_a_change_an_emptying_and_a_code_take_effect_once(client: Client) -> None:
    a_code()
    (item,) = ok(put(client, 1))["items"]
    path = f"/api/cart/items/{item['id']}"
    assert ok(losing(lambda: client.patch(path, json={"quantity": 4})))["items"][0]["quantity"] == 4
    assert ok(losing(lambda: client.post("/api/cart/discount", json={"code": "SAVE10"})))["discount"] > 0
    assert ok(losing(lambda: client.delete(path)))["items"] == []
    (row,) = cart_rows()
    assert row["version"] == 4


def test_somebody_elses_click_between_the_two_attempts_changes_nothing(client: Client) -> None:
    put(client, 1)
    assert losing(lambda: put(client, 1), then=lambda: put(client, 2)).status == 200
    assert quantities(client) == {10: 2, 20: 1}


def test_many_clicks_between_the_two_attempts_change_nothing(client: Client) -> None:
    put(client, 1)

    def others() -> None:
        for _ in range(4):
            put(client, 1)

    assert losing(lambda: put(client, 1), then=others).status == 200
    assert quantities(client) == {10: 6}


def test_a_click_that_lost_against_another_is_made_after_it(client: Client) -> None:
    # The lost answer was a refusal: another window was faster, so the click has not been made yet.
    put(client, 1)
    answers: list[list[AWSResponse]] = []

    def other_window() -> None:
        put(client, 2)
        answers.append(lose_answer("PutItem"))

    with just_before("common.dynamodb.items.call", other_window):
        assert put(client, 1).status == 200
    assert [answer.status_code for answer in answers[0]] == [400]
    assert quantities(client) == {10: 2, 20: 1}


def test_what_marks_the_writes_is_shown_to_nobody(client: Client) -> None:
    answer = losing(lambda: put(client, 1))
    assert "write" not in answer.text
    assert "write" not in client.get("/api/cart").text


def test_a_cart_forgets_the_marks_of_a_minute_ago(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    put(client, 1)
    put(client, 2)
    (row,) = cart_rows()
    assert len(row["recent_writes"]) == 2
    later = utc_now() + timedelta(seconds=61)
    monkeypatch.setattr("common.clock.utc_now", lambda: later)
    put(client, 3)
    (row,) = cart_rows()
    assert len(row["recent_writes"]) == 1
