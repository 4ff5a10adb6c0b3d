"""The manifest: written whole, and refused when it is not what was written."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tools.backup.manifest import DataFile, Manifest, read_manifest
from tools.errors import ToolError

MANIFEST = Manifest(
    table="ArtManagementTable",
    started_at="2026-01-31T10:00:00.000Z",
    finished_at="2026-01-31T10:01:00.000Z",
    key_schema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    indexes=[{"IndexName": "GSI1", "KeySchema": [], "Projection": {"ProjectionType": "ALL"}}],
    time_to_live="expires_at",
    items=3,
    files=(DataFile("data/0001.jsonl.gz", 1, 50, "ab"), DataFile("data/0002.jsonl.gz", 2, 70, "cd")),
)


def rewrite(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert read_manifest(tmp_path) == MANIFEST
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_backup_is_named_by_everything_that_its_manifest_says() -> None:
    assert MANIFEST.checksum == replace(MANIFEST).checksum
    assert MANIFEST.checksum != replace(MANIFEST, started_at="2026-01-31T10:00:00.001Z").checksum


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"has no manifest\.json: it is no backup, or its export did not fin"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "\xff", "[]", "7", '{"format": "another"}', "{}"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ToolError, match=r"manifest\.json (cannot be read|is not the manifest)"):
        read_manifest(tmp_path)


def test_a_later_format_is_refused(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    rewrite(tmp_path, format_version=2)
    with pytest.raises(ToolError, match="has format version 2; this tool reads 1"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [{"items": 4}, {"files": []}, {"table": "Another"}, {"checksum": "0" * 64}, {"checksum": None}],
    ids=str,
)
def test_a_changed_manifest_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    MANIFEST.write(tmp_path)
    rewrite(tmp_path, **changes)
    with pytest.raises(ToolError, match="was changed after the export"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [
        replace(MANIFEST, items=4),
        replace(MANIFEST, files=(*MANIFEST.files, MANIFEST.files[0]), items=4),
        replace(MANIFEST, files=(DataFile("data/../../0001.jsonl.gz", 3, 50, "ab"),)),
        replace(MANIFEST, files=(DataFile("/data/0001.jsonl.gz", 3, 50, "ab"),)),
    ],
    ids=["count", "file twice", "outside", "absolute"],
)
def test_a_manifest_that_cannot_be_right_is_refused(tmp_path: Path, manifest: Manifest) -> None:
    manifest.write(tmp_path)
    with pytest.raises(ToolError, match="contradicts itself"):
        read_manifest(tmp_path)


def test_a_manifest_with_other_fields_is_refused(tmp_path: Path) -> None:
    Manifest.write(replace(MANIFEST, files=()), tmp_path)
    content = json.loads((tmp_path / "manifest.json").read_text())
    del content["checksum"], content["table"]
    _write_with_checksum(tmp_path, content)
    with pytest.raises(ToolError, match="is not the manifest of a backup"):
        read_manifest(tmp_path)


def _write_with_checksum(folder: Path, content: dict[str, Any]) -> None:
    from hashlib import sha256

    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    checksum = sha256(canonical.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({**content, "checksum": checksum}))
