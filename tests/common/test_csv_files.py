"""Tables as CSV that no spreadsheet runs."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.csv_files import as_meant, csv_text


def test_cells_are_quoted_where_they_have_to_be() -> None:
    rows = [["Ada, of Torino", 'said "no"', 3, Decimal("12.50"), None], ["two\nlines", "", -4, 0, "é"]]
    assert csv_text(["name", "text", "n", "rate", "x"], rows) == (
        'name,text,n,rate,x\r\n"Ada, of Torino","said ""no""",3,12.50,\r\n"two\nlines",,-4,0,é\r\n'
    )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n@x"])
def test_what_looks_like_a_formula_is_a_text(cell: str) -> None:
    (_, row) = csv.reader(io.StringIO(csv_text(["a"], [[cell]]), newline=""))
    assert row == [f"'{cell}"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2))
def test_whatever_is_written_is_read_again(cells: list[str]) -> None:
    (_, row) = csv.reader(io.StringIO(csv_text(["a"], [cells]), newline=""))
    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_each_cell_is_read_as_it_was_meant(text: str) -> None:
    (_, row) = csv.reader(io.StringIO(csv_text(["a"], [[text, "x"]]), newline=""))
    assert as_meant(row[0]) == text


@pytest.mark.parametrize("text", ["'=1", "''=1", "'", "''", "' =1", "'a", "'\t", "\uff1d1"])
def test_apostrophes_of_its_own_stay(text: str) -> None:
    (_, row) = csv.reader(io.StringIO(csv_text(["a"], [[text, "x"]]), newline=""))
    assert as_meant(row[0]) == text
