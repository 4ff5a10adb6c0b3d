"""Uploads are copied once under the keys that rows name, and what is missing or unused is listed."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from common import media
from common.dynamodb import put_item
from tests.support.buckets import fresh_bucket
from tools.migration.media_files import copy_media, named_keys
from tools.migration.progress import silent
from tools.migration.reports import Report


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
