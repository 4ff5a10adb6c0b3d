"""Zips that depend on their files only."""

import os
import zipfile
from pathlib import Path

from tools.package.archive import sizes, write_archive


def tree(folder: Path, names: list[str]) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * 1000)
    return folder


def test_order_dates_and_permissions_of_the_files_do_not_matter(tmp_path: Path) -> None:
    names = ["b/z.pyc", "a.pyc", "b/a.so"]
    first, second = tree(tmp_path / "1", names), tree(tmp_path / "2", names[::-1])
    os.utime(second / "a.pyc", (1, 1))
    (second / "a.pyc").chmod(0o600)
    write_archive(first, tmp_path / "1.zip")
    write_archive(second, tmp_path / "2.zip")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_every_user_may_read_and_libraries_are_executable(tmp_path: Path) -> None:
    write_archive(
        tree(tmp_path / "tree", ["a.pyc", "b/a.cpython-312-x86_64-linux-gnu.so"]), tmp_path / "x.zip"
    )
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes == {"a.pyc": 0o644, "b/a.cpython-312-x86_64-linux-gnu.so": 0o755}


def test_sizes_are_added_up_by_top_name_largest_first(tmp_path: Path) -> None:
    write_archive(tree(tmp_path / "tree", ["small.pyc", "large/a.pyc", "large/b.pyc"]), tmp_path / "x.zip")
    found = sizes(tmp_path / "x.zip")
    assert list(found) == ["large", "small.pyc"]
    assert found["large"] == 2 * found["small.pyc"]
