"""What a kill left of objects that were being written."""

import json
import os
from pathlib import Path
from typing import Any

from tools.engines.ministack_data import mend_torn_objects


def write(path: Path, content: bytes, at: int, described: bytes | None = None) -> Path:
    """An object written at a second, described as one of `described` content is."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))
    if described is not None:
        text = json.dumps({"content_type": "image/png", "size": len(described), "etag": "of the first"})
        description = path.with_name(f"{path.name}.meta.json")
        description.write_text(text)
        os.utime(description, (1000, 1000))
    return path


def description(path: Path) -> Any:
    return json.loads(path.with_name(f"{path.name}.meta.json").read_text())


def test_halves_go_and_objects_stay(tmp_path: Path) -> None:
    half = write(tmp_path / "bucket" / "half.png.tmp", b"ha", at=1000)
    half_description = write(tmp_path / "bucket" / "half.png.meta.json.tmp", b"{", at=1000)
    named_so = write(tmp_path / "bucket" / "whole.tmp", b"whole", at=999, described=b"whole")
    mend_torn_objects(tmp_path)
    assert not half.exists()
    assert not half_description.exists()
    assert description(named_so)["etag"] == "of the first"
    assert named_so.read_bytes() == b"whole"


def test_a_second_upload_is_not_served_by_the_description_of_the_first(tmp_path: Path) -> None:
    path = write(tmp_path / "bucket" / "twice.png", b"the second", at=1001, described=b"first")
    mend_torn_objects(tmp_path)
    mended = description(path)
    assert (mended["size"], mended["content_type"]) == (10, "image/png")
    assert mended["etag"] == '"3212eb1ca5254451d20dfc92428d2cbe"'


def test_a_first_start_has_nothing_to_mend(tmp_path: Path) -> None:
    mend_torn_objects(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
