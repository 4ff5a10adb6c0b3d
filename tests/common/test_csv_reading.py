"""CSV of people and programs: encodings, separators, line ends, and files that are broken."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import csv_reading
from common.csv_files import BYTE_ORDER_MARK, csv_text
from common.csv_reading import UnreadableFile, read_table

PLAIN = "name,text\r\nSmall,Città\r\n"
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


def rows(data: bytes) -> list[dict[str, str]]:
    """The cells of each row."""
    return [dict(row.cells) for row in read_table(data).rows]


def refused(data: bytes, *words: str, row: int = 0) -> None:
    """Expects the file to be refused in this row, with these words."""
    with pytest.raises(UnreadableFile) as caught:
        read_table(data)
    assert caught.value.row == row
    assert all(word in caught.value.message for word in words), caught.value.message


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_each_encoding_is_known(codec: str, name: str) -> None:
    table = read_table(PLAIN.encode(codec))
    assert (table.encoding, dict(table.rows[0].cells)) == (name, {"name": "Small", "text": "Città"})


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_each_separator_and_line_end_is_known(separator: str, end: str, last: bool) -> None:
    text = f'a{separator}b{end}"1{separator}2{end}3"{separator}x{end * last}'
    table = read_table(text.encode())
    assert table.separator == separator
    assert [dict(row.cells) for row in table.rows] == [{"a": f"1{separator}2{end}3", "b": "x"}]


def test_a_first_line_may_name_the_separator() -> None:
    table = read_table(b"sep=;\r\na;b,c;d\r\n1;2;3\r\n")
    assert (table.separator, table.columns) == (";", ("a", "b,c", "d"))


def test_rows_are_counted_as_spreadsheets_do_and_empty_ones_passed_over() -> None:
    table = read_table(b'a,b\n\n"x\ny",1\n,\nz,2\n')
    assert [(row.number, row.cells["b"]) for row in table.rows] == [(3, "1"), (5, "2")]


def test_columns_are_known_in_any_letters_and_empty_ones_at_the_end_dropped() -> None:
    table = read_table(b" Title ,SKU,,\n1,2,,\n")
    assert table.columns == ("Title", "SKU")
    assert table.names == {"title", "sku"}
    assert dict(table.rows[0].cells) == {"title": "1", "sku": "2"}


def test_apostrophes_of_formulas_are_taken_away() -> None:
    assert rows(b"a,b\n'=1+1,'x\n") == [{"a": "=1+1", "b": "'x"}]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b" \n", b",,\n"])
def test_an_empty_file_is_none(data: bytes) -> None:
    refused(data, "empty")


@pytest.mark.parametrize("data", [b"a,b\n", b"a,b\n,\n\n", b"slug,ti"])
def test_a_header_alone_may_be_what_is_left_of_a_file(data: bytes) -> None:
    refused(data, "no rows")


@pytest.mark.parametrize(
    ("data", "row", "words"),
    [
        (b'a,b\n1,"2', 2, "cut off"),
        (b'a,b\n1,2\n"3\n4,5\n', 3, "cut off"),
        (b"a,b\n1,2\n3", 3, "cut off"),
        (b'a,b\n"1"x,2\n', 2, "quotation mark"),
        (b"a,b\n1,2,3\n", 2, "more cells"),
        (b"a,b,A\n1,2,3\n", 1, "twice"),
        (b"a,,b\n1,2,3\n", 1, "cell 2"),
        (b"a,b\n1,\x002\n", 2, "NUL"),
        (b"a,b\n1," + b"x" * 140_000 + b"\n", 2, "131,072"),
    ],
)
def test_what_is_broken_is_named_by_its_row(data: bytes, row: int, words: str) -> None:
    refused(data, words, row=row)


def test_utf8_that_is_cut_off_or_damaged_is_not_taken_for_something_else() -> None:
    whole = "a\nCittà\nperché".encode()
    refused(whole[:-1], "line 3", "cut off")
    refused("a\nCittà\n".encode() + b"perch\xe9\n", "line 3")


def test_bytes_that_no_encoding_has_are_refused() -> None:
    refused(b"a\nx\x81\n", "UTF-8 nor Windows-1252")
    refused("a,b\n1,2\n".encode("utf-16")[:-1], "UTF-16")


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reading, "MAX_ROWS", 2)
    refused(b"a\n1\n2\n3\n", "more than 2 rows")
    monkeypatch.setattr(csv_reading, "MAX_BYTES", 2**20)
    refused(b"a\n" + b"1" * 2**20, "larger than 1 MB")


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_whatever_is_written_is_read_again(
    cells: list[tuple[str, str]], separator: str, is_marked: bool
) -> None:
    text = csv_text(["first", "second"], [*cells, ("last", "row")])
    if separator != ",":
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(csv.reader(io.StringIO(text, newline="")))
        text = out.getvalue()
    found = [tuple(row.values()) for row in rows(((BYTE_ORDER_MARK if is_marked else "") + text).encode())]
    said = [[pair for pair in pairs if "".join(pair).strip()] for pairs in (found[:-1], cells)]
    assert said[0] == said[1]


@given(st.binary(max_size=80))
def test_no_bytes_make_it_fail_otherwise(data: bytes) -> None:
    try:
        table = read_table(data)
    except UnreadableFile:
        return
    assert table.columns
