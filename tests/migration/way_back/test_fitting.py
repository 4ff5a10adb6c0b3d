"""Whatever the shop has, PostgreSQL takes what was fitted to its column, and gives the same back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Json, Jsonb

from migration.way_back.fitting import Place, Unfit, fitted
from tools.engines.postgresql import Server

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.integers().map(Decimal)
MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9998, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
JSON = st.recursive(
    TEXTS | st.booleans() | st.integers(-(10**9), 10**9),
    lambda part: st.lists(part) | st.dictionaries(TEXTS, part),
    max_leaves=8,
)
few = settings(max_examples=30)


@pytest.fixture(scope="module")
def connection(postgresql: Server) -> Iterator[psycopg.Connection[Any]]:
    """A connection in UTC."""
    with psycopg.connect(postgresql.url(), autocommit=True) as opened:
        opened.execute("SET TIME ZONE 'UTC'")
        yield opened


@pytest.fixture(scope="module")
def latin(postgresql: Server) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database that knows the letters of western Europe only."""
    url = postgresql.create_database("latin", encoding="LATIN1")
    with psycopg.connect(url, autocommit=True) as opened:
        opened.execute("SET client_encoding TO 'LATIN1'")
        yield opened


def _kept(connection: psycopg.Connection[Any], kind: str, value: Any) -> Any:
    """What a column of this type gives back."""
    with connection.transaction(force_rollback=True):
        connection.execute(f"CREATE TEMP TABLE held (value {kind})".encode())
        connection.execute("INSERT INTO held VALUES (%s)", [value])
        ((found,),) = connection.execute("SELECT value FROM held").fetchall()
    return found


@few
@given(text=TEXTS, size=st.integers(1, 8))
@example("\0\0", 1)
def test_texts(connection: psycopg.Connection[Any], text: str, size: int) -> None:
    kind = f"character varying({size})"
    found, done = fitted(text, Place(kind))
    assert _kept(connection, kind, found) == found
    assert (done is None) == (found == text)


@few
@given(text=TEXTS)
def test_texts_of_a_database_with_few_letters(latin: psycopg.Connection[Any], text: str) -> None:
    found, _ = fitted(text, Place("text", "iso8859-1"))
    assert _kept(latin, "text", found) == found


@few
@given(number=NUMBERS, kind=st.sampled_from(["numeric(10,2)", "numeric(5,0)", "numeric(38,10)", "numeric"]))
@example(Decimal("99999999.995"), "numeric(10,2)")
@example(Decimal("-1E+60"), "numeric(10,2)")
@example(Decimal("1E+28"), "numeric(38,10)")
def test_amounts(connection: psycopg.Connection[Any], number: Decimal, kind: str) -> None:
    found, done = fitted(number, Place(kind))
    assert _kept(connection, kind, found) == found
    assert (done is None) == (found == number)


@few
@given(number=NUMBERS, kind=st.sampled_from(["smallint", "integer", "bigint"]))
@example(Decimal(2**31), "integer")
@example(Decimal(-(2**63) - 1), "bigint")
def test_whole_numbers(connection: psycopg.Connection[Any], number: Decimal, kind: str) -> None:
    found, _ = fitted(number, Place(kind))
    assert _kept(connection, kind, found) == found


@few
@given(moment=MOMENTS, digits=st.sampled_from(["", "(0)", "(3)"]))
@example(datetime(2024, 2, 29, 23, 59, 59, 999500, tzinfo=UTC), "(0)")
def test_moments(connection: psycopg.Connection[Any], moment: datetime, digits: str) -> None:
    kind = f"timestamp{digits} with time zone"
    found, done = fitted(moment, Place(kind))
    assert _kept(connection, kind, found) == found
    assert (done is None) == (found == moment)


@few
@given(value=JSON)
@example({"a\0b": ["\0"]})
def test_json(connection: psycopg.Connection[Any], value: Any) -> None:
    found, _ = fitted(value, Place("jsonb"))
    assert _kept(connection, "jsonb", Jsonb(found)) == found
    kept, done = fitted(value, Place("json"))
    assert done is None
    assert _kept(connection, "json", Json(kept)) == value


@pytest.mark.parametrize(
    ("kind", "instead"),
    [("text", ""), ("integer", 0), ("numeric(10,2)", 0), ("boolean", False), ("jsonb", {})],
)
def test_nothing_becomes_something_where_a_column_demands_it(kind: str, instead: Any) -> None:
    assert fitted(None, Place(kind)) == (None, None)
    assert fitted(None, Place(kind, is_required=True)) == (instead, f"it has none; it is {instead!r}")


def test_a_part_of_an_address_is_worth_nothing() -> None:
    place = Place("character varying(5)", is_address=True)
    assert fitted("/uploads", place)[0] is None
    with pytest.raises(Unfit) as refused:
        fitted("/uploads", Place("character varying(5)", is_required=True, is_address=True))
    assert refused.value.reason == "its address has 8 characters, and the column holds 5"
