"""Enterprises as rows, and how they are read."""

import pytest

from common.dynamodb import batch_write, index_keys, meter
from shop.repositories.enterprises import (
    Enterprise,
    all_enterprises,
    enterprise_item,
    enterprise_rows,
    enterprises_named,
    find_enterprise,
)

MOMENT, LATER = "2026-01-31T10:00:00.000Z", "2026-02-01T10:00:00.000Z"
BROUGHT = Enterprise("42", "Premium Plan", MOMENT, LATER, original_pg_id=42)
FRESH = Enterprise("123e4567-e89b-42d3-a456-426614174000", "alpha", MOMENT, MOMENT)
NAMELESS = Enterprise("7", None, MOMENT, MOMENT, original_pg_id=7)


def store(*enterprises: Enterprise) -> None:
    assert not batch_write([enterprise_item(enterprise) for enterprise in enterprises]).failed


def test_a_row_has_every_name_that_readers_know() -> None:
    assert enterprise_item(BROUGHT) == {
        "PK": "ENT#42",
        "SK": "METADATA",
        **index_keys("GSI1", "ENTERPRISE", "premium plan#42"),
        "id": "42",
        "enterprise_name": "Premium Plan",
        "name": "Premium Plan",
        "created_date": MOMENT,
        "createdAt": MOMENT,
        "updated_date": LATER,
        "updatedAt": LATER,
        "entity_type": "enterprise",
        "migrated_from_pg": True,
        "original_pg_id": 42,
    }


def test_a_new_enterprise_is_not_marked_as_brought() -> None:
    assert {"migrated_from_pg", "original_pg_id"}.isdisjoint(enterprise_item(FRESH))


@pytest.mark.parametrize("enterprise", [BROUGHT, FRESH, NAMELESS, Enterprise("8", "", MOMENT, MOMENT, 8)])
def test_an_enterprise_is_the_same_after_it_was_a_row(table: str, enterprise: Enterprise) -> None:
    store(enterprise)
    assert find_enterprise(enterprise.id) == enterprise
    assert all_enterprises() == [enterprise]
    assert find_enterprise("nobody") is None


def test_they_are_listed_by_name_in_one_trip_whatever_the_case(table: str) -> None:
    names = ["Beta", "alpha two", "ALPHA", "Ärger", "beta"]
    store(*(Enterprise(str(n), name, MOMENT, MOMENT) for n, name in enumerate(names)), NAMELESS)
    with meter() as usage:
        found = [enterprise.name for enterprise in all_enterprises()]
    assert found == [None, "ALPHA", "alpha two", "Ärger", "Beta", "beta"]
    assert usage.calls == 1


def test_other_rows_of_an_enterprise_are_not_in_the_list(table: str) -> None:
    store(BROUGHT)
    assert not batch_write([{"PK": "ENT#42", "SK": "EPS#1", "entity_type": "enterprise_linkage"}]).failed
    assert all_enterprises() == [BROUGHT]


def test_a_very_long_name_is_kept_whole(table: str) -> None:
    long = Enterprise("1", "𝔸İ" * 5_000, MOMENT, MOMENT)
    store(long)
    assert find_enterprise("1") == long


def test_those_of_one_name_are_found_by_one_query_that_reads_no_others(table: str) -> None:
    twins = [Enterprise("3", "Beta", LATER, LATER), Enterprise("4", "Beta", MOMENT, LATER)]
    store(BROUGHT, FRESH, NAMELESS, Enterprise("5", "BETA", MOMENT, MOMENT), *twins)
    with meter() as usage:
        assert [each.id for each in enterprises_named("Beta")] == ["4", "3"]
    assert usage.calls == 1
    assert enterprises_named("Bet") == enterprises_named("nobody") == []


def test_rows_are_read_up_to_a_limit(table: str) -> None:
    store(*(Enterprise(str(n), f"E{n}", MOMENT, MOMENT) for n in range(5)))
    assert [row["id"] for row in enterprise_rows(3)] == ["0", "1", "2"]
    assert enterprise_rows(9) == [enterprise_item(each) for each in all_enterprises()]
