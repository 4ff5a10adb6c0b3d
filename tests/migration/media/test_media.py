"""Uploads are copied once under the keys that rows name, and what is missing or unused is listed."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from PIL import Image

from common import media
from common.dynamodb import put_item
from migration.media.copying import copy_media, named_keys
from migration.reports import Report
from tests.support.buckets import fresh_bucket
from tools.errors import ToolError
from tools.progress import silent


@pytest.fixture
def bucket(table: str) -> Iterator[str]:
    with fresh_bucket() as name:
        yield name


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A folder with a picture, a picture that no row names, a broken one and a page."""
    folder = tmp_path / "uploads"
    for name, data in {
        "products/4/lion.png": _picture(),
        "products/4/with space é.PNG": _picture("blue"),
        "personaggi/1/broken.jpg": b"no picture",
        "pages/page.html": b"<html><script>alert(1)</script></html>",
        ".DS_Store": b"hidden",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def readable_by_nobody() -> Iterator[Path]:
    """A folder that an account without privileges may read; those of pytest are shut."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def _unprivileged() -> Iterator[None]:
    """As an account that file modes hold for."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


def _picture(colour: str = "red") -> bytes:
    target = BytesIO()
    Image.new("RGB", (2, 2), colour).save(target, "PNG")
    return target.getvalue()


def _name(*keys: str) -> None:
    images = {str(number): {"key": key, "position": 0} for number, key in enumerate(keys)}
    put_item({"PK": "PRODUCT#4", "SK": "METADATA", "images": images})


def _copy(folder: Path, *, is_dry: bool = False) -> Report:
    return copy_media(folder, 2, silent, is_dry=is_dry)


def _rows(report: Report, title: str) -> list[object]:
    return [row[0] for section in report.sections if section.title == title for row in section.rows]


def _stored(bucket: str) -> dict[str, str]:
    client = media.get_client()
    listed = client.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {item["Key"]: client.head_object(Bucket=bucket, Key=item["Key"])["ContentType"] for item in listed}


def test_every_file_gets_its_key_and_the_type_of_its_content(bucket: str, uploads: Path) -> None:
    _copy(uploads)
    assert _stored(bucket) == {
        "uploads/products/4/lion.png": "image/png",
        "uploads/products/4/with space é.PNG": "image/png",
        "uploads/personaggi/1/broken.jpg": "image/jpeg",
        "uploads/pages/page.html": "application/octet-stream",
    }


def test_a_photograph_is_moved_in_without_its_camera_and_place(bucket: str, uploads: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera 4711"
    photograph = BytesIO()
    Image.new("RGB", (8, 8)).save(photograph, "JPEG", exif=exif.tobytes())
    (uploads / "products/4/lion.jpg").write_bytes(photograph.getvalue())
    key = "uploads/products/4/lion.jpg"
    media.store(key, photograph.getvalue(), "image/jpeg")
    assert _copy(uploads).figures["copied"] == 5
    assert b"Camera" not in (media.read(key, 10**6) or b"")
    assert _copy(uploads).figures["copied"] == 0


def test_the_folder_above_uploads_will_do(bucket: str, uploads: Path) -> None:
    _copy(uploads.parent)
    assert "uploads/products/4/lion.png" in _stored(bucket)


def test_a_second_time_nothing_is_copied(bucket: str, uploads: Path) -> None:
    assert _copy(uploads).figures["copied"] == 4
    again = _copy(uploads)
    assert (again.figures["copied"], again.figures["present"]) == (0, 4)


def test_a_file_of_other_content_is_copied_again(bucket: str, uploads: Path) -> None:
    _copy(uploads)
    path = uploads / "personaggi/1/broken.jpg"
    path.write_bytes(b"NO PICTURE")
    assert _copy(uploads).figures["copied"] == 1
    body = media.get_client().get_object(Bucket=bucket, Key="uploads/personaggi/1/broken.jpg")["Body"]
    assert body.read() == b"NO PICTURE"


def test_what_somebody_else_has_copied_is_left_as_it_is(bucket: str, uploads: Path) -> None:
    key = "uploads/products/4/lion.png"
    media.get_client().put_object(Bucket=bucket, Key=key, Body=_picture())
    assert _copy(uploads).figures["present"] == 1


def test_missing_and_unused_files_are_listed(bucket: str, uploads: Path) -> None:
    _name("uploads/products/4/lion.png", "uploads/products/4/gone.png", "https://cdn.example.com/x.png")
    report = _copy(uploads)
    assert not report.passed
    assert _rows(report, "Missing files") == ["uploads/products/4/gone.png"]
    assert "uploads/pages/page.html" in _rows(report, "Files that no row names")
    assert "uploads/products/4/lion.png" not in _rows(report, "Files that no row names")
    assert _rows(report, "Files that are no proper images") == [
        "uploads/pages/page.html",
        "uploads/personaggi/1/broken.jpg",
    ]


def test_a_rehearsal_copies_nothing(bucket: str, uploads: Path) -> None:
    report = _copy(uploads, is_dry=True)
    assert report.figures["copied"] == 4
    assert _stored(bucket) == {}


def test_uploads_are_found_however_deep_a_row_holds_them(bucket: str) -> None:
    put_item({"PK": "FUMETTO#1", "SK": "METADATA", "pages": [{"url": "uploads/a.png"}, "uploads/b.png"]})
    put_item({"PK": "ORDER#1", "SK": "DETAILS", "notes": "uploads/c.png"})
    assert named_keys(1) == {"uploads/a.png": "FUMETTO#1", "uploads/b.png": "FUMETTO#1"}


def _left_out(report: Report) -> dict[str, str]:
    rows = [row for section in report.sections if section.title == "Not copied" for row in section.rows]
    return {str(name): str(reason) for name, reason in rows}


def test_no_link_leads_out_of_the_folder(bucket: str, uploads: Path, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "key.pem").write_bytes(b"secret")
    for name, target in {
        "file.png": secrets / "key.pem",
        "relative.png": Path("../secrets/key.pem"),
        "around.png": uploads / ".." / "secrets" / "key.pem",
        "folder": secrets,
        "through.png": uploads / "folder" / "key.pem",
        "nowhere.png": tmp_path / "nowhere",
        "self.png": uploads / "self.png",
        "up": tmp_path,
    }.items():
        (uploads / name).symlink_to(target)
    report = _copy(uploads)
    out = "is a link that leads out of the folder"
    assert _left_out(report) == {
        "around.png": out,
        "file.png": out,
        "folder": out,
        "nowhere.png": "is a link that leads nowhere",
        "relative.png": out,
        "self.png": "is a link that leads nowhere",
        "through.png": out,
        "up": out,
    }
    assert not report.passed
    assert report.figures["copied"] == len(_stored(bucket)) == 4


def test_a_link_within_the_folder_is_a_file_or_a_folder_like_any_other(bucket: str, uploads: Path) -> None:
    (uploads / "again.png").symlink_to("products/4/lion.png")
    (uploads / "old").symlink_to("products")
    report = _copy(uploads)
    assert report.passed
    assert {"uploads/again.png", "uploads/old/4/lion.png"} <= set(_stored(bucket))


def test_links_in_a_circle_are_left_out(bucket: str, uploads: Path) -> None:
    (uploads / "products" / "up").symlink_to("..")
    (uploads / "products" / "across").symlink_to("../personaggi")
    (uploads / "personaggi" / "across").symlink_to("../products")
    report = _copy(uploads)
    reason = "is a link to a folder that is being read or was read by another link"
    assert set(_left_out(report).values()) == {reason}
    assert "products/up" in _left_out(report)
    assert "uploads/products/across/1/broken.jpg" in _stored(bucket)


def test_uploads_that_lead_elsewhere_are_refused(bucket: str, uploads: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "uploads").symlink_to(uploads)
    with pytest.raises(ToolError, match=r"is a link to .* name that with --from"):
        _copy(other)
    assert _stored(bucket) == {}
    # Who names a link means what it leads to.
    assert _copy(other / "uploads").passed


def test_what_is_no_file_does_not_block(bucket: str, uploads: Path) -> None:
    os.mkfifo(uploads / "pipe.png")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(uploads / "socket.png"))
        report = _copy(uploads)
    assert _left_out(report) == {
        "pipe.png": "is no file: a pipe, a socket or a device",
        "socket.png": "is no file: a pipe, a socket or a device",
    }
    assert report.figures["copied"] == 4


def test_what_cannot_be_read_is_listed_and_the_rest_is_copied(bucket: str, readable_by_nobody: Path) -> None:
    folder = readable_by_nobody
    (folder / "shut.png").write_bytes(_picture())
    (folder / "shut.png").chmod(0)
    (folder / "cellar").mkdir(mode=0)
    (folder / "open.png").write_bytes(_picture())
    with _unprivileged():
        report = _copy(folder)
    assert _left_out(report) == {
        "cellar": "is a folder that cannot be read: Permission denied",
        "shut.png": "cannot be read: Permission denied",
    }
    assert set(_stored(bucket)) == {"uploads/open.png"}


def test_a_name_that_is_no_text_is_listed(bucket: str, uploads: Path) -> None:
    (uploads / os.fsdecode(b"citt\xe0.png")).write_bytes(_picture())
    deep = uploads.joinpath(*["d" * 200] * 6)
    deep.mkdir(parents=True)
    (deep / "far.png").write_bytes(_picture())
    report = _copy(uploads)
    found = _left_out(report)
    assert found[r"citt\xe0.png"] == "has a name that is not in UTF-8: give it another one"
    assert [reason for name, reason in found.items() if name.endswith("far.png")] == [
        "has a name of more than 1016 bytes"
    ]
    assert r"citt\\xe0.png" in report.markdown()
    assert report.figures["copied"] == 4


def test_a_file_that_changes_while_it_is_read_is_not_copied_half(
    bucket: str, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fstat, grown = os.fstat, uploads / "products" / "4" / "lion.png"

    def growing(descriptor: int) -> os.stat_result:
        found = fstat(descriptor)
        if os.path.samestat(found, grown.stat()):
            with grown.open("ab") as file:
                file.write(b"more")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(os, "fstat", growing)
        report = _copy(uploads)
    assert _left_out(report) == {"products/4/lion.png": "was changed while it was read: repeat the command"}
    assert "uploads/products/4/lion.png" not in _stored(bucket)
    assert _copy(uploads).figures["copied"] == 1


def test_a_file_is_found_whatever_form_its_accents_have(bucket: str, uploads: Path) -> None:
    composed, parted = normalize("NFC", "città.png"), normalize("NFD", "città.png")
    (uploads / parted).write_bytes(_picture())
    _name(f"uploads/{composed}")
    report = _copy(uploads)
    assert report.passed
    assert f"uploads/{composed}" in _stored(bucket)
    # Both names stand for themselves where both are there.
    (uploads / composed).write_bytes(_picture("blue"))
    assert _copy(uploads).figures["copied"] == 2
    assert {f"uploads/{composed}", f"uploads/{parted}"} <= set(_stored(bucket))
