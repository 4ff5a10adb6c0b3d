"""One rule for page numbers that make no sense, and the lists that know another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput
from common.http import Request
from common.http.paging import Paging, oldest, page_of
from tests.common.http.test_request import request_with


def _read(**query: str) -> tuple[int, int]:
    return page_of(_request(query), oldest())


def _request(query: dict[str, str]) -> Request:
    return request_with(query={name: [value] for name, value in query.items()})


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, (1, 20)),
        ({"page": "", "per_page": ""}, (1, 20)),
        ({"page": "3", "per_page": "7"}, (3, 7)),
        ({"page": "+3", "per_page": "0"}, (3, 0)),
        ({"page": "2abc", "per_page": "1e3"}, (2, 1)),
        ({"page": "2.9", "per_page": "500"}, (2, 500)),
    ],
)
def test_the_oldest_lists_read_numbers_as_far_as_their_digits_go(
    query: dict[str, str], numbers: tuple[int, int]
) -> None:
    assert _read(**query) == numbers


def test_a_list_may_have_another_default() -> None:
    assert page_of(_request({}), oldest(100)) == (1, 100)


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize("wrong", ["x", "-1", "NaN", "١", "1000000000", "9" * 50])
def test_the_oldest_lists_refuse_anything_else_by_its_name(name: str, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _read(**{name: wrong})
    assert list(refusal.value.fields) == [name]


@given(page=st.text(max_size=15), per_page=st.text(max_size=15))
def test_numbers_are_within_bounds_or_refused(page: str, per_page: str) -> None:
    try:
        numbers = _read(page=page, per_page=per_page)
    except InvalidInput:
        return
    assert 1 <= numbers[0] < 10**9
    assert 0 <= numbers[1] < 10**9


@pytest.mark.parametrize(
    ("page", "per_page", "expected"),
    [
        ("", "", (1, 20)),
        ("3", "50", (3, 50)),
        ("0", "0", (1, 20)),
        ("-1", "-5", (1, 20)),
        ("x", "1e3", (1, 20)),
        ("1.5", "٣", (1, 20)),
        ("2", "1000", (2, 100)),
        ("9" * 5000, "9" * 5000, (1, 20)),
    ],
)
def test_page_arguments_are_read_leniently(page: str, per_page: str, expected: tuple[int, int]) -> None:
    assert page_of(_request({"page": page, "per_page": per_page}), Paging()) == expected


def test_page_arguments_have_a_routes_own_limits() -> None:
    assert page_of(_request({"per_page": "60"}), Paging(10, 50)) == (1, 50)
    assert page_of(_request({}), Paging(10)) == (1, 10)
