"""Accounts: found by what they sign in with, one for each address and name, counted as they come and go."""

from dataclasses import replace

import pytest

from common.dynamodb import UnitOfWork, get_item, meter
from common.dynamodb.unique import marker_key
from common.errors import Conflict
from common.optimistic import StaleVersion
from common.repositories.accounts import (
    ACCOUNTS,
    EMAIL_KIND,
    NAME_KIND,
    account_by_email,
    account_by_name,
    all_accounts,
    change_account,
    number_of_accounts,
    oldest_accounts,
    remove_account,
)
from common.standing import standing_of
from tests.support.accounts import added

pytestmark = pytest.mark.usefixtures("table")


def test_an_account_is_found_by_every_form_of_its_address_in_one_trip() -> None:
    made = added("Info@münchen.de")
    for form in ("Info@münchen.de", "INFO@xn--mnchen-3ya.de", "info@MÜNCHEN.de"):
        with meter() as usage:
            assert account_by_email(form) == made
        assert usage.calls == 1
    assert account_by_email("other@example.com") is None


def test_an_account_is_found_by_its_name_whatever_its_capitals() -> None:
    made = added("a@example.com", username="Maria")
    assert account_by_name(" mARIA ") == made
    assert account_by_name("mario") is None


@pytest.mark.parametrize("taken", [{"email": "MARIA@example.com"}, {"username": "MARIA"}])
def test_an_address_or_a_name_is_one_accounts_whatever_its_capitals(taken: dict[str, str]) -> None:
    added("maria@example.com", username="maria")
    fields = {"email": "other@example.com", "username": "other"} | taken
    (field,) = taken
    with pytest.raises(Conflict, match=f"User with {field} {taken[field]} already exists"):
        added(**fields)
    assert number_of_accounts() == 1
    assert len(all_accounts()) == 1


def test_what_a_removed_account_had_is_free_and_its_tokens_have_ended() -> None:
    made = added("maria@example.com", username="maria")
    with UnitOfWork() as work:
        remove_account(work, made)
    assert ACCOUNTS.get(made.id) is None
    assert standing_of(made.id) is None
    assert get_item(marker_key(EMAIL_KIND, "maria@example.com"), consistent=True) is None
    assert get_item(marker_key(NAME_KIND, "maria"), consistent=True) is None
    assert number_of_accounts() == 0
    added("maria@example.com", username="maria")
    assert number_of_accounts() == 1


def test_an_account_is_removed_and_counted_off_once() -> None:
    made = added("maria@example.com")
    added("other@example.com")
    with UnitOfWork() as work:
        remove_account(work, made)
    with pytest.raises(Exception, match="User not found"), UnitOfWork() as work:
        remove_account(work, made)
    assert number_of_accounts() == 1


def test_an_account_that_was_changed_meanwhile_is_not_removed() -> None:
    made = added("maria@example.com")
    with UnitOfWork() as work:
        change_account(work, made, replace(made, name="Anna"))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        remove_account(work, made)
    assert number_of_accounts() == 1


def test_a_change_of_what_an_account_may_do_is_one_of_its_standing() -> None:
    made = added("maria@example.com")
    with UnitOfWork() as work:
        change_account(work, made, replace(made, role="editor", token_version=1))
    standing = standing_of(made.id)
    assert standing is not None
    assert (standing.role, standing.token_version) == ("editor", 1)


def test_accounts_are_listed_in_the_order_of_their_creation_from_or_after_a_moment() -> None:
    second = added("b@example.com", "2026-03-02T00:00:00.000Z")
    first = added("a@example.com", "2026-03-01T00:00:00.000Z")
    third = added("c@example.com", "2026-03-02T00:00:00.001Z")
    assert all_accounts() == [first, second, third]
    assert ACCOUNTS.all(oldest_accounts(after=second.created_at)) == [third]
    assert ACCOUNTS.all(oldest_accounts(since=second.created_at)) == [second, third]
