"""Data files: what is written is read, and a file that is not as written is refused."""

import gzip
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.backup.data_files import DataFileWriter, check_files, check_items, read_items
from tools.backup.manifest import DataFile, Manifest
from tools.errors import ToolError

ITEMS = [{"PK": {"S": f"ORDER#{number}"}, "SK": {"S": "METADATA"}} for number in range(3)]


def write(folder: Path, number: int = 1) -> DataFile:
    (folder / "data").mkdir(exist_ok=True)
    writer = DataFileWriter(folder, number)
    for item in ITEMS:
        writer.write([item])
    return writer.close()


def manifest(*files: DataFile) -> Manifest:
    return Manifest("T", "", "", [], [], None, sum(file.items for file in files), files)


def test_each_line_is_an_item_in_the_form_of_dynamodbs_own_export(tmp_path: Path) -> None:
    file = write(tmp_path)
    lines = gzip.decompress((tmp_path / "data/0001.jsonl.gz").read_bytes()).decode().splitlines()
    assert [json.loads(line) for line in lines] == [{"Item": item} for item in ITEMS]
    assert (file.name, file.items) == ("data/0001.jsonl.gz", 3)
    assert list(read_items(tmp_path, file)) == ITEMS


def test_equal_items_make_an_equal_file(tmp_path: Path) -> None:
    assert write(tmp_path, 1).sha256 == write(tmp_path, 2).sha256


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    writer = DataFileWriter(tmp_path, 1)
    writer.write(ITEMS)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["0001.jsonl.gz.part"]
    writer.abandon()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["0001.jsonl.gz.part"]


def test_only_its_owner_reads_a_file(tmp_path: Path) -> None:
    write(tmp_path)
    assert stat.S_IMODE((tmp_path / "data/0001.jsonl.gz").stat().st_mode) == 0o600


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("backup")
    (folder / "data").mkdir()
    writer = DataFileWriter(folder, 1)
    item = {**ITEMS[0], "text": {"S": text}, "map": {"M": {text: {"NULL": True}}}}
    writer.write([item])
    assert list(read_items(folder, writer.close())) == [item]


def test_files_as_written_are_whole(tmp_path: Path) -> None:
    files = write(tmp_path, 1), write(tmp_path, 2)
    check_files(tmp_path, manifest(*files))
    assert sum(check_items(tmp_path, files[0])) == 3


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def altered(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def another_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [truncated, altered, Path.unlink, another_folder])
def test_a_damaged_file_is_named(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    files = write(tmp_path, 1), write(tmp_path, 2)
    damage(tmp_path / "data/0002.jsonl.gz")
    with pytest.raises(ToolError, match=r"0002\.jsonl\.gz (was altered after the export|cannot be read)"):
        check_files(tmp_path, manifest(*files))


def test_a_file_that_the_manifest_does_not_name_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path)
    write(tmp_path, 2)
    with pytest.raises(ToolError, match=r"0002\.jsonl\.gz is not in the manifest"):
        check_files(tmp_path, manifest(file))


@pytest.mark.parametrize(
    "line",
    [b"{", b"\xff", b"[]", b"{}", b'{"Item": {"PK": {"S": "A"}}}', b'{"Item": {"PK": {"S": ""}, "SK": {}}}'],
)
def test_a_line_that_is_no_item_is_named(tmp_path: Path, line: bytes) -> None:
    file = write(tmp_path)
    good = json.dumps({"Item": ITEMS[0]}).encode()
    (tmp_path / file.name).write_bytes(gzip.compress(b"\n".join([good, line, good])))
    with pytest.raises(ToolError, match=r"0001\.jsonl\.gz cannot be read: line 2: "):
        list(read_items(tmp_path, file))


def test_another_number_of_items_than_the_manifest_says_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path)
    (tmp_path / file.name).write_bytes(gzip.compress(json.dumps({"Item": ITEMS[0]}).encode()))
    with pytest.raises(ToolError, match="has 1 items; the manifest says 3"):
        list(check_items(tmp_path, file))
