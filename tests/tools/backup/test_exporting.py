"""Exports: everything is in them, and what is no clean start is refused."""

import stat
from pathlib import Path
from typing import Self

import pytest

from common.dynamodb import from_wire, put_item
from tests.support.wire import refuse_calls
from tools.backup.data_files import read_items
from tools.backup.exporting import export_table
from tools.backup.manifest import read_manifest
from tools.backup.unfinished import begin
from tools.errors import ToolError

from .conftest import EVERY_KIND


def test_every_item_is_exported_once_with_every_value(filled: str, folder: Path) -> None:
    manifest = export_table(folder).manifest
    items = [from_wire(wire) for file in manifest.files for wire in read_items(folder, file)]
    assert len(items) == manifest.items == 120
    assert len({item["PK"] for item in items}) == 120
    assert next(item for item in items if item["PK"] == "PRODUCT#1") == EVERY_KIND


def test_the_manifest_describes_the_table(filled: str, folder: Path) -> None:
    export_table(folder)
    manifest = read_manifest(folder)
    assert manifest.table == filled
    assert [key["AttributeName"] for key in manifest.key_schema] == ["PK", "SK"]
    assert [index["IndexName"] for index in manifest.indexes] == ["GSI1", "GSI2", "GSI3"]
    assert manifest.time_to_live == "expires_at"
    assert manifest.started_at <= manifest.finished_at


def test_an_empty_table_makes_a_backup_without_files(table: str, folder: Path) -> None:
    assert export_table(folder).manifest.files == ()
    assert read_manifest(folder).items == 0


def test_large_tables_are_spread_over_several_files(table: str, folder: Path) -> None:
    for number in range(20):
        put_item({"PK": f"A#{number}", "SK": "METADATA", "text": "x" * 200_000})
    files = export_table(folder, segments=1, file_items=6).manifest.files
    assert len(files) > 1
    assert [file.name for file in files] == [f"data/{n:04d}.jsonl.gz" for n in range(1, len(files) + 1)]
    assert sum(file.items for file in files) == 20


def test_the_folder_is_its_owners_alone(filled: str, folder: Path) -> None:
    export_table(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_is_not_empty_is_refused(filled: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(ToolError, match="is not empty"):
        export_table(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_backup_is_not_written_over(filled: str, folder: Path) -> None:
    before = export_table(folder).manifest
    with pytest.raises(ToolError, match="is not empty"):
        export_table(folder)
    assert read_manifest(folder) == before


def test_a_folder_that_cannot_be_made_is_refused(filled: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match="cannot be written"):
        export_table(tmp_path / "file" / "backup")


def test_a_missing_table_is_an_error_that_leaves_no_folder(
    aws: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "nowhere")
    with pytest.raises(ToolError, match="did not do it"):
        export_table(folder)
    assert not folder.exists()


def test_a_half_restored_table_is_not_exported(filled: str, folder: Path) -> None:
    begin("a checksum")
    with pytest.raises(ToolError, match="has not finished; finish it before an export"):
        export_table(folder)


def test_an_export_that_fails_is_no_backup(filled: str, folder: Path) -> None:
    refuse_calls("Scan", [{"Error": {"Code": "AccessDeniedException", "Message": "no"}}])
    with pytest.raises(ToolError, match="AccessDenied"):
        export_table(folder)
    with pytest.raises(ToolError, match="its export did not finish"):
        read_manifest(folder)
    with pytest.raises(ToolError, match="has an export that did not finish; delete it"):
        export_table(folder)


def test_progress_reaches_the_number_of_items(filled: str, folder: Path) -> None:
    seen: list[int] = []

    class Stretch:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

        def __call__(self, count: int) -> None:
            seen.append(count)

    export_table(folder, progress=lambda _label, _total: Stretch())
    assert sum(seen) == 120
