"""Tests of unique values: claimed, released and changed in their owner's transaction."""

import pytest

from common.dynamodb import (
    TransactionRefused,
    UnitOfWork,
    change,
    claim,
    get_item,
    release,
)
from common.errors import Conflict
from tests.support.races import just_before


class Taken(Conflict):
    """The slug is in use."""


TAKEN = Taken("this slug is in use")


def owner_of(value: str) -> str | None:
    item = get_item((f"UNIQUE#PRODUCT_SLUG#{value}", "METADATA"))
    return None if item is None else str(item["owner"])


def claim_at_once(value: str, owner: str) -> None:
    with UnitOfWork() as work:
        claim(work, "PRODUCT_SLUG", value, owner, TAKEN)


def change_at_once(old: str | None, new: str | None, owner: str) -> None:
    with UnitOfWork() as work:
        change(work, "PRODUCT_SLUG", old, new, owner, TAKEN)


def test_a_claim_writes_the_owner(table: str) -> None:
    claim_at_once("ink", "PRODUCT#1")
    assert owner_of("ink") == "PRODUCT#1"


@pytest.mark.parametrize("owner", ["PRODUCT#1", "PRODUCT#2"])
def test_a_second_claim_is_refused_whoever_makes_it(table: str, owner: str) -> None:
    claim_at_once("ink", "PRODUCT#1")
    with pytest.raises(Taken):
        claim_at_once("ink", owner)
    assert owner_of("ink") == "PRODUCT#1"


def test_a_rival_that_claims_first_wins(table: str) -> None:
    def rival() -> None:
        claim_at_once("ink", "PRODUCT#2")

    work = UnitOfWork()
    claim(work, "PRODUCT_SLUG", "ink", "PRODUCT#1", TAKEN)
    work.put({"PK": "PRODUCT#1", "SK": "METADATA", "slug": "ink"})
    with just_before("common.dynamodb.transaction.call", rival), pytest.raises(Taken):
        work.commit()
    assert owner_of("ink") == "PRODUCT#2"
    assert get_item(("PRODUCT#1", "METADATA")) is None


def test_kinds_are_apart(table: str) -> None:
    claim_at_once("ink", "PRODUCT#1")
    with UnitOfWork() as work:
        claim(work, "CATEGORY_SLUG", "ink", "CATEGORY#1", TAKEN)
    assert owner_of("ink") == "PRODUCT#1"


def test_a_released_value_is_free(table: str) -> None:
    claim_at_once("ink", "PRODUCT#1")
    with UnitOfWork() as work:
        release(work, "PRODUCT_SLUG", "ink", "PRODUCT#1")
    assert owner_of("ink") is None
    claim_at_once("ink", "PRODUCT#2")
    assert owner_of("ink") == "PRODUCT#2"


def test_releasing_what_is_free_is_no_error(table: str) -> None:
    change_at_once("never-claimed", None, "PRODUCT#1")
    assert owner_of("never-claimed") is None


def test_a_late_release_does_not_free_another_owners_value(table: str) -> None:
    claim_at_once("ink", "PRODUCT#1")

    def rival() -> None:
        change_at_once("ink", None, "PRODUCT#1")
        claim_at_once("ink", "PRODUCT#2")

    with just_before("common.dynamodb.transaction.call", rival):
        work = UnitOfWork()
        release(work, "PRODUCT_SLUG", "ink", "PRODUCT#1")
        with pytest.raises(TransactionRefused) as caught:
            work.commit()
    assert [refusal.tag for refusal in caught.value.refusals] == [("unique", "PRODUCT_SLUG", "ink")]
    assert owner_of("ink") == "PRODUCT#2"


def test_a_change_claims_the_new_and_releases_the_old(table: str) -> None:
    claim_at_once("ink", "PRODUCT#1")
    change_at_once("ink", "paper", "PRODUCT#1")
    assert (owner_of("ink"), owner_of("paper")) == (None, "PRODUCT#1")


def test_a_change_to_a_taken_value_keeps_the_old(table: str) -> None:
    claim_at_once("ink", "PRODUCT#1")
    claim_at_once("paper", "PRODUCT#2")
    with pytest.raises(Taken):
        change_at_once("ink", "paper", "PRODUCT#1")
    assert (owner_of("ink"), owner_of("paper")) == ("PRODUCT#1", "PRODUCT#2")


@pytest.mark.parametrize("value", ["ink", "", None])
def test_a_change_to_the_same_does_nothing(value: str | None) -> None:
    work = UnitOfWork()
    change(work, "PRODUCT_SLUG", value, value, "PRODUCT#1", TAKEN)
    assert len(work) == 0


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_value_is_neither_claimed_nor_released(table: str, empty: str | None) -> None:
    change_at_once(empty, "ink", "PRODUCT#1")
    assert owner_of("ink") == "PRODUCT#1"
    change_at_once("ink", empty, "PRODUCT#1")
    assert owner_of("ink") is None
