"""Whose an order is: its secret, its session, its e-mail address."""

import pytest

from orders.access import Proofs, access_token, holds, is_address_of, session_mark
from tests.orders.order_builders import an_order

SESSION = "session-of-a-buyer"


def test_the_secret_of_an_order_is_the_same_each_time_and_no_other_orders() -> None:
    order = an_order(1)
    secrets = {access_token(order), access_token(order), access_token(an_order(1, payment_status="paid"))}
    assert len(secrets) == 1
    assert len(secrets.pop()) == 32
    assert access_token(order) != access_token(an_order(2, created_at=order.created_at))
    assert access_token(order) != access_token(an_order(1, created_at="2026-01-01T10:01:00.001Z"))


def test_another_key_makes_another_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    before = access_token(an_order(1))
    monkeypatch.setenv("JWT_SECRET", "another-secret-of-the-tests-with-40-char")
    assert access_token(an_order(1)) != before


@pytest.mark.parametrize(
    "proofs", [Proofs("x"), Proofs("é"), Proofs(sessions=("another-session",)), Proofs()]
)
def test_what_proves_nothing(proofs: Proofs) -> None:
    assert not holds(an_order(1, session_mark=session_mark(SESSION)), proofs)
    assert not holds(an_order(1), proofs)


def test_what_proves_that_an_order_is_the_callers() -> None:
    order = an_order(1, session_mark=session_mark(SESSION))
    assert holds(order, Proofs(sessions=("another-session", SESSION)))
    assert holds(order, Proofs(access_token(order)))
    # What the order keeps of the session opens nothing.
    assert not holds(order, Proofs(sessions=(session_mark(SESSION),)))


def test_an_address_is_known_whatever_its_capitals_and_none_is_nobodys() -> None:
    order = an_order(1, customer_email="Maria@Example.com")
    assert is_address_of(order, " maria@example.COM")
    assert not is_address_of(order, "maria@example.org")
    assert not is_address_of(an_order(1, customer_email=" "), " ")
