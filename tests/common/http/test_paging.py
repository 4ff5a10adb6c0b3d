"""Page numbers that are read strictly, and 0 a page for everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput
from common.http import Request
from common.http.paging import page_numbers
from tests.common.http.test_request import request_with


def _read(**query: str) -> tuple[int, int]:
    return page_numbers(_request(query))


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
def test_numbers_are_read_as_far_as_their_digits_go(query: dict[str, str], numbers: tuple[int, int]) -> None:
    assert _read(**query) == numbers


def test_a_list_may_have_another_default() -> None:
    assert page_numbers(_request({}), default_per_page=100) == (1, 100)


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize("wrong", ["x", "-1", "NaN", "١", "1000000000", "9" * 50])
def test_anything_else_is_refused_by_its_name(name: str, wrong: str) -> None:
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
