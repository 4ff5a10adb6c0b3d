"""Dumps that are not whole: none is taken for one, and what has not come is named."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from migration.dump.contents import Contents
from migration.dump.reading import read_through
from migration.dump.statements import pieces
from tests.migration.dump.dumping import DONE, MARK, Dump, Opened, Script, dump_all
from tests.migration.moves import table_items
from tests.support.awkward_data import fill, insert
from tools.cli import cli
from tools.engines import postgresql as engine
from tools.errors import ToolError

FORMS = {
    "schema and data": (),
    "inserts": ("--inserts", "--clean", "--if-exists"),
    "data only": ("--data-only",),
    "column inserts": ("--data-only", "--column-inserts"),
    "rows per insert": ("--data-only", "--column-inserts", "--rows-per-insert=3", "--disable-triggers"),
    "create": ("--create",),
    "verbose": ("--verbose", "--no-owner", "--no-privileges", "--no-comments"),
}
# A value that ends a dump for whoever looks at lines.
TRAP = f"--\n{DONE.decode()}\n--\n\n\\.\n;\n"


def _read(data: bytes) -> tuple[str, Contents]:
    return read_through(Path("shop.sql"), pieces(BytesIO(data)))


@pytest.fixture(scope="module")
def forms(postgresql: engine.Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same filled database in each of pg_dump's plain forms, and as pg_dumpall has it."""
    url = postgresql.create_database("cut_shop", template="shop_template")
    fill(url)
    insert(url, "products", {"id": 900, "slug": "trap", "title": "x", "long_description": TRAP})
    path = tmp_path_factory.mktemp("forms") / "shop.sql"
    found = {}
    for name, options in FORMS.items():
        subprocess.run(
            [engine.program("pg_dump"), f"--file={path}", *options, url], check=True, capture_output=True
        )
        found[name] = path.read_bytes()
    found["cluster"] = dump_all(postgresql)
    postgresql.drop_database("cut_shop")
    return found


@pytest.mark.parametrize("form", [*FORMS, "cluster"])
def test_a_dump_that_was_cut_off_anywhere_is_refused(forms: dict[str, bytes], form: str) -> None:
    whole = forms[form]
    # What may be missing is a line's end behind the last mark.
    end = whole.rindex(b"complete") + 7 if form == "cluster" else len(whole.rstrip())

    @settings(max_examples=40)
    @given(st.integers(1, len(whole) - 1))
    def cut(size: int) -> None:
        with pytest.raises(ToolError, match=r"is cut off|not made by pg_dump"):
            _read(whole[: min(size, end)])

    if form != "cluster":
        _read(whole)
    cut()
    trap = whole.find(DONE)
    for size in {*range(end - 150, end, 9), end - 1, end, trap + len(DONE), trap + len(TRAP)}:
        with pytest.raises(ToolError, match=r"is cut off"):
            _read(whole[:size])


@pytest.mark.parametrize("form", FORMS)
def test_a_dump_without_its_beginning_is_refused(forms: dict[str, bytes], form: str) -> None:
    lines = forms[form].splitlines(keepends=True)
    for start in (2, 10, len(lines) // 2, len(lines) - 5):
        with pytest.raises(ToolError, match=r"its beginning is missing|cut off"):
            _read(b"".join(lines[start:]))


def test_what_has_come_and_what_has_not_is_named(forms: dict[str, bytes]) -> None:
    whole = forms["data only"]
    with pytest.raises(ToolError) as cut:
        _read(whole[: whole.index(b"COPY public.product_images") + 200])
    assert "in the middle of the data of product_images" in str(cut.value)
    assert "fumetti" in str(cut.value).split("none of")[0]
    assert "shopify_links" in str(cut.value).split("none of")[1]


@pytest.mark.parametrize("command", ["plan", "run", "verify"])
def test_no_command_takes_a_dump_that_was_cut_off(
    forms: dict[str, bytes], command: str, tmp_path: Path, table: str
) -> None:
    whole = forms["data only"]
    path = tmp_path / "shop.sql"
    path.write_bytes(whole[: whole.index(b"-- Data for Name: product_images")])
    answer = CliRunner().invoke(cli, ["migrate", command, "--source", str(path)])
    assert answer.exit_code == 1
    assert "is cut off" in answer.output
    assert table_items() == []


@pytest.mark.parametrize(
    ("form", "first", "last", "lost"),
    [
        ("data only", b"COPY public.product_images", b"\\.\n", "the data of product_images"),
        ("schema and data", b"COPY public.product_images", b"\\.\n", "the data of product_images"),
        ("schema and data", b"CREATE TABLE public.orders ", b";\n", "the table orders"),
        (
            "column inserts",
            b"SELECT pg_catalog.setval('public.carts_id_seq'",
            b";\n",
            "the number of carts_id_seq",
        ),
    ],
)
def test_what_is_announced_and_missing_in_the_middle_is_named(
    forms: dict[str, bytes], form: str, first: bytes, last: bytes, lost: str
) -> None:
    start = forms[form].index(first)
    end = forms[form].index(last, start) + len(last)
    with pytest.raises(ToolError, match=f"has lost what its comments announce: {lost}"):
        _read(forms[form][:start] + forms[form][end:])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda whole: whole + b"INSERT INTO public.products (id) VALUES (7);\n",
            "goes on behind pg_dump's end",
        ),
        (lambda whole: whole.replace(b"\\unrestrict", b"-- "), r"without \\unrestrict"),
        (lambda whole: whole.replace(MARK, b"--"), "not made by pg_dump"),
        (lambda whole: whole.replace(DONE, b"--"), "ends without pg_dump's end mark"),
    ],
)
def test_marks_are_demanded(forms: dict[str, bytes], change: Callable[[bytes], bytes], reason: str) -> None:
    with pytest.raises(ToolError, match=reason):
        _read(change(forms["data only"]))


def test_marks_that_were_put_back_around_a_dump_without_comments_are_enough(
    forms: dict[str, bytes], script: Script, opened: Opened
) -> None:
    lines = forms["schema and data"].splitlines(keepends=True)
    bare = b"".join(line for line in lines if not line.startswith((b"--", b"\\restrict", b"\\unrestrict")))
    with pytest.raises(ToolError, match="put `-- PostgreSQL database dump` above it"):
        _read(bare)
    with opened(script(bare)) as source:
        assert source.missing_tables == ()


def test_schema_and_data_one_behind_the_other_are_one_dump(
    postgresql_database: str, dump: Dump, opened: Opened
) -> None:
    fill(postgresql_database)
    schema = dump("--section=pre-data").read_bytes()
    path = dump("--data-only")
    path.write_bytes(schema + path.read_bytes())
    with opened(path) as source:
        assert source.count("orders") == 8


def test_a_schema_alone_is_no_shop(dump: Dump, opened: Opened) -> None:
    with pytest.raises(ToolError, match="has tables and no rows"), opened(dump("--schema-only")):
        pass


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        (("--exclude-table-data=fumetti",), ("fumetti",)),
        (("--data-only", "--exclude-table=fumetti", "--exclude-table=carts"), ("carts", "fumetti")),
    ],
)
def test_tables_whose_rows_were_not_dumped_are_missing_and_not_empty(
    dump: Dump, opened: Opened, options: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    with opened(dump(*options)) as source:
        assert source.missing_tables == missing
        assert source.count("products") == 0
