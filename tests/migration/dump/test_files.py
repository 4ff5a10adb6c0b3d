"""Files that dumps come in: each is read like the database, or refused with the command that helps."""

import bz2
import gzip
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from migration.dump import files as dump_files
from migration.dump.files import opened as lines_of
from migration.dump.opening import open_source
from migration.dump.reading import read_through
from migration.dump.statements import LONGEST, pieces
from migration.schema.tables import ddl
from tests.migration.dump.dumping import HEAD, Dump, Opened, dump_all, everything
from tests.support.awkward_data import fill
from tests.support.postgresql import run_script
from tools.engines import postgresql as engine
from tools.errors import ToolError


def _lines(path: Path) -> bytes:
    with lines_of(path) as lines:
        return b"".join(lines)


def _zip(data: bytes, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shop.sql", data)


PACKERS: dict[str, Callable[[bytes, Path], object]] = {
    "gz": lambda data, path: path.write_bytes(gzip.compress(data)),
    "bz2": lambda data, path: path.write_bytes(bz2.compress(data)),
    "xz": lambda data, path: path.write_bytes(lzma.compress(data)),
    "zip": _zip,
    "bom": lambda data, path: path.write_bytes(b"\xef\xbb\xbf" + data),
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_compressed_dump_is_read_and_refused_when_it_was_cut_off(suffix: str, tmp_path: Path) -> None:
    data = HEAD + b"".join(b"-- %d\n" % (number * 7919) for number in range(5000))
    path = tmp_path / f"shop.sql.{suffix}"
    PACKERS[suffix](data, path)
    assert _lines(path) == data

    whole = path.read_bytes()
    for size in () if suffix == "bom" else (len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(ToolError, match=r"cut off"):
            _lines(path)


@pytest.mark.parametrize("form", ["custom", "tar", "directory", "gz"])
def test_an_archive_reads_like_its_database(
    form: str, postgresql_database: str, dump: Dump, opened: Opened, tmp_path: Path
) -> None:
    fill(postgresql_database)
    path = dump(f"--format={form}", name="archive") if form != "gz" else tmp_path / "shop.sql.gz"
    if form == "gz":
        path.write_bytes(gzip.compress(dump().read_bytes()))
    with open_source(postgresql_database) as source, opened(path) as read:
        assert everything(read) == everything(source)
        assert read.identity == f"dump:{dump_files.identity(path)}"


@pytest.mark.parametrize("form", ["custom", "tar"])
def test_an_archive_that_was_cut_off_is_refused(form: str, postgresql_database: str, dump: Dump) -> None:
    fill(postgresql_database)
    path = dump(f"--format={form}")
    whole = path.read_bytes()
    # tar ends with blocks of zeros, which say nothing.
    end = len(whole.rstrip(b"\0"))
    for size in (600, end // 2, end * 3 // 4, end - 600, end - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(ToolError, match="cut off"):
            _lines(path)


def test_a_folder_that_lacks_a_part_is_refused(postgresql_database: str, dump: Dump) -> None:
    fill(postgresql_database)
    path = dump("--format=directory", name="folder")
    identity = dump_files.identity(path)
    max(path.glob("*.dat.gz"), key=lambda it: it.stat().st_size).unlink()
    assert dump_files.identity(path) != identity
    with pytest.raises(ToolError, match="pg_restore"):
        _lines(path)


def test_line_ends_of_windows_are_none_of_the_data(
    postgresql_database: str, dump: Dump, opened: Opened
) -> None:
    fill(postgresql_database)
    path = dump()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with open_source(postgresql_database) as source, opened(path) as read:
        assert everything(read) == everything(source)

    path = dump("--data-only", "--column-inserts")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with (
        pytest.raises(ToolError, match=r"\(CRLF\), also within values of"),
        opened(path),
    ):
        pass


@pytest.mark.parametrize("options", [("--create",), ("--create", "--clean", "--if-exists")])
def test_a_dump_that_creates_its_database_is_read(
    postgresql: engine.Server, dump: Dump, opened: Opened, options: tuple[str, ...]
) -> None:
    url = postgresql.create_database("the 'odd' shop", template="shop_template")
    try:
        fill(url)
        path = dump(*options, url=url)
    finally:
        postgresql.drop_database("the 'odd' shop")
    with opened(path) as source:
        assert source.count("orders") == 8
        assert source.missing_tables == ()


def test_of_a_whole_server_the_database_with_the_shop_is_read(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "all.sql"
    with engine.start() as server:
        url = server.create_database("shop")
        run_script(url, f"{ddl()} CREATE ROLE keeper PASSWORD 'x'; ALTER TABLE orders OWNER TO keeper")
        fill(url)
        path.write_bytes(dump_all(server))
    with opened(path) as source:
        assert source.count("orders") == 8


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (HEAD.decode().encode("utf-16"), r"iconv -f UTF-16 -t UTF-8 .* > shop\.sql"),
        (HEAD.decode().encode("utf-16-le"), "pg_dump --file="),
        (HEAD.decode().encode("utf-16-be"), "pg_dump --file="),
        (b"-- MySQL dump 10.13\n", "MySQL"),
        (b"-- MariaDB dump 10.19\n", "MySQL"),
        (b"SQLite format 3\0\1\2\n", "SQLite"),
        (b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n", "SQLite"),
        (b"<!DOCTYPE html>\n<html>", "failed download"),
        (b'{"error": "Not found"}', "JSON"),
        (gzip.compress(b"PGDMP\1\2", mtime=0), "unpack it first"),
        (gzip.compress(b"a.sql".ljust(257, b"\0") + b"ustar\0", mtime=0), "tar -xf"),
        (b"\x7fELF\2\1\1\0\0\0", "is no text"),
        (b"\x1f\x8bnonsense", "damaged"),
        (b"PK\3\4nonsense", "damaged"),
    ],
)
def test_what_is_no_dump_is_refused_with_words_that_help(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "given"
    path.write_bytes(content)
    with pytest.raises(ToolError, match=words):
        _lines(path)


def test_folders_and_collections_are_told_from_dumps(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_bytes(HEAD)
    with pytest.raises(ToolError, match=r"toc\.dat"):
        _lines(tmp_path)
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(tmp_path / "a.sql", "a.sql")
    with pytest.raises(ToolError, match="tar -xf"):
        _lines(tmp_path / "a.tar")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as both:
        both.writestr("a", b"1")
        both.writestr("b", b"2")
    with pytest.raises(ToolError, match="holds 2 files"):
        _lines(tmp_path / "two.zip")


@pytest.mark.parametrize(("start", "program"), [(b"\x28\xb5\x2f\xfd", "zstd"), (b"\x04\x22\x4d\x18", "lz4")])
def test_what_python_cannot_unpack_is_refused_with_the_command_that_can(
    tmp_path: Path, start: bytes, program: str
) -> None:
    path = tmp_path / "shop.sql.packed"
    path.write_bytes(start)
    with pytest.raises(ToolError, match=rf"{program} -d .*shop\.sql\.packed"):
        _lines(path)


@pytest.mark.parametrize("text", [b"a", b"('" + b"x" * 1020 + b"\n"])
def test_what_unpacks_without_end_is_not_held_in_memory(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "shop.sql.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEAD)
        for _ in range(LONGEST // 2**20 + 1):
            file.write(text * (2**20 // len(text)))
    with pytest.raises(ToolError, match="64 MB"), lines_of(path) as lines:
        read_through(path, pieces(lines))
