"""Prices by region, each with its source."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tools.costs.prices import PATH, prices_of, regions
from tools.errors import ToolError

FILE = json.loads(PATH.read_text())


def test_four_regions_are_known() -> None:
    assert {"us-east-1", "eu-west-1", "eu-central-1", "eu-south-1"} <= set(regions())


@pytest.mark.parametrize("name", FILE["prices"])
def test_a_price_has_a_source_and_is_known_everywhere(name: str) -> None:
    entry = FILE["prices"][name]
    assert entry["source"].startswith("https://")
    assert set(entry["usd"]) == set(regions())
    assert all(Decimal(price) > 0 for price in entry["usd"].values())
    assert set(entry["unverified"]) <= set(regions())


@pytest.mark.parametrize("name", FILE["free"])
def test_what_is_free_is_something_that_is_billed(name: str) -> None:
    assert name in FILE["prices"]
    assert FILE["free"][name]["source"].startswith("https://aws.amazon.com/")


def test_prices_are_dated_and_nothing_is_free_on_demand() -> None:
    assert date.fromisoformat(FILE["date"]) >= date(2026, 11, 1)
    found = prices_of("eu-west-1")
    assert {found[f"{kind}_requests"].free for kind in ("read", "write")} == {Decimal(0)}
    assert {found[f"{kind}_capacity"].free for kind in ("read", "write")} == {Decimal(25)}


def test_what_nobody_has_confirmed_is_named() -> None:
    assert (
        prices_of("us-east-1").unverified == prices_of("eu-west-1").unverified == ["requests to CloudFront"]
    )
    assert "read request units, on demand" in prices_of("eu-south-1").unverified


def test_an_unknown_region_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ToolError, match=r"mars-1 .* us-east-1, eu-west-1"):
        prices_of("mars-1")
