"""Files of rows: copied when a row takes an address of ours, deleted when no row names them."""

from collections.abc import Iterator
from io import BytesIO
from unittest.mock import patch

import pytest
from PIL import Image

from common import media
from common.dynamodb import put_item
from common.dynamodb.counters import raise_counter
from common.errors import Conflict, InvalidInput, PayloadTooLarge
from common.media import store
from common.picture_files import MAX_UNCHECKED, PictureFiles, discard
from common.uploads import store_picture, upload_address
from tests.support.buckets import fresh_bucket
from tests.support.races import just_before

FOLDER = "products/7"


@pytest.fixture
def bucket(table: str) -> Iterator[str]:
    """The name of an empty bucket beside an empty table."""
    with fresh_bucket() as name:
        yield name


def photograph(image_format: str = "JPEG") -> bytes:
    """A picture with a camera's name and held sideways."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera 4711"
    buffer = BytesIO()
    Image.new("RGB", (32, 16), "red").save(buffer, image_format, exif=exif.tobytes())
    return buffer.getvalue()


def stored(bucket: str) -> list[str]:
    listed = media.get_client().list_objects_v2(Bucket=bucket)
    return [entry["Key"] for entry in listed.get("Contents", [])]


def sent(data: bytes, content_type: str = "image/jpeg") -> str:
    """The key of what a browser has put to a signed address."""
    key = str(upload_address(FOLDER, content_type)["key"])
    store(key, data, content_type)
    return key


def take(address: str, *named: str) -> str:
    with PictureFiles(FOLDER) as files:
        return files.take(address, named, field="url")


def test_an_upload_past_the_shop_is_cleaned_when_it_is_taken(bucket: str) -> None:
    key = take(sent(photograph()))
    found = media.get_client().get_object(Bucket=bucket, Key=key)
    data = found["Body"].read()
    assert (media.folder_of_checked(key), found["ContentType"]) == (FOLDER, "image/jpeg")
    assert b"Camera" not in data
    assert Image.open(BytesIO(data)).size == (16, 32)


def test_the_content_of_an_upload_decides_what_it_is(bucket: str) -> None:
    key = take(sent(photograph("WEBP"), "image/png"))
    assert key.endswith(".webp")
    assert media.get_client().head_object(Bucket=bucket, Key=key)["ContentType"] == "image/webp"


def test_a_later_write_to_the_signed_address_changes_nothing_that_is_shown(bucket: str) -> None:
    upload = sent(photograph())
    key = take(upload)
    before = media.read(key, 10**7)
    store(upload, b"<script>", "image/jpeg")
    assert media.read(key, 10**7) == before


@pytest.mark.parametrize("data", [b"", b"<script>alert(1)</script>", photograph()[:200]])
def test_an_upload_that_is_no_picture_is_refused_when_it_is_taken(bucket: str, data: bytes) -> None:
    with pytest.raises(InvalidInput, match="url"):
        take(sent(data))
    assert all(key.startswith("incoming/") for key in stored(bucket))


def test_an_upload_that_is_too_large_is_refused_when_it_is_taken(bucket: str) -> None:
    with pytest.raises(PayloadTooLarge):
        take(sent(photograph() + b"\0" * (10 * 2**20)))


@pytest.mark.parametrize(
    "gone", [f"incoming/{FOLDER}/a.png", f"products/3/{'0' * 32}.png", f"uploads/products/3/{'0' * 32}.png"]
)
def test_an_upload_that_is_gone_is_refused(bucket: str, gone: str) -> None:
    with pytest.raises(InvalidInput, match="url names an upload that is not there any more"):
        take(gone)


@pytest.mark.parametrize("address", ["https://elsewhere.example/a.png", "a/b.png", "personaggi/hero.png", ""])
def test_what_is_not_stored_with_us_stays_as_it_is(bucket: str, address: str) -> None:
    assert take(address) == address
    assert stored(bucket) == []


def test_what_the_row_names_already_stays_as_it_is(bucket: str) -> None:
    key = store_picture(FOLDER, photograph())
    assert take(key, key) == key
    assert take(f"uploads/{key}", key) == key
    assert stored(bucket) == [key]


def test_a_picture_of_another_row_is_copied(bucket: str) -> None:
    other = store_picture("personaggi/1", photograph())
    key = take(other)
    assert (media.folder_of_checked(key), media.read(key, 10**7)) == (FOLDER, media.read(other, 10**7))


@pytest.mark.parametrize("sent_as", ["uploads/products/1-2.jpg", "products/1-2.jpg"])
def test_a_picture_of_the_first_server_is_found_and_cleaned(bucket: str, sent_as: str) -> None:
    store("uploads/products/1-2.jpg", photograph(), "image/jpeg")
    key = take(sent_as)
    assert media.folder_of_checked(key) == FOLDER
    assert b"Camera" not in (media.read(key, 10**7) or b"")


def test_one_address_is_copied_once_in_a_change(bucket: str) -> None:
    upload = sent(photograph())
    with PictureFiles(FOLDER) as files:
        keys = files.take_all([upload, upload, "https://elsewhere.example/a.png"], field="url")
    assert keys[0] == keys[1]
    assert files.copies == {keys[0]}
    assert len(stored(bucket)) == 2


def test_only_so_many_uploads_are_decoded_in_one_request(bucket: str) -> None:
    uploads = [f"incoming/{FOLDER}/{number}.jpg" for number in range(MAX_UNCHECKED + 1)]
    with pytest.raises(InvalidInput, match="url takes 12 new uploads at once"), PictureFiles(FOLDER) as files:
        files.take_all(uploads, field="url")


def test_many_checked_pictures_are_copied_at_once(bucket: str) -> None:
    keys = [store_picture("incoming/fumetti", photograph()) for _ in range(MAX_UNCHECKED + 8)]
    with PictureFiles(FOLDER) as files:
        assert len(set(files.take_all(keys, field="url"))) == len(keys)


def test_a_refused_change_leaves_no_copies(bucket: str) -> None:
    upload = sent(photograph())
    with pytest.raises(Conflict), PictureFiles(FOLDER) as files:
        files.take(upload, field="url")
        raise Conflict("taken")
    assert stored(bucket) == [upload]


def test_copies_stay_when_only_the_answer_was_lost(bucket: str) -> None:
    upload = sent(photograph())
    with pytest.raises(ConnectionError), PictureFiles(FOLDER) as files:
        files.take(upload, field="url")
        raise ConnectionError
    assert len(stored(bucket)) == 2


def row(kind: str, **fields: object) -> None:
    """A row as it was written before rows had files of their own."""
    raise_counter(f"{kind}_ID", 3)
    put_item({"PK": f"{kind}#3", "SK": "METADATA", **fields})


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("PRODUCT", {"images": {"1": {"key": "uploads/a.jpg", "position": 0}}}),
        ("PRODUCT", {"images": {"1": {"key": "uploads/a.jpg", "position": 0}}, "deleted_at": "2026-01-01"}),
        ("PERSONAGGIO", {"icon": "uploads/a.jpg"}),
        ("PERSONAGGIO", {"images": ["uploads/b.jpg", "uploads/a.jpg"], "deleted_at": "2026-01-01"}),
        ("FUMETTO", {"pages": ["uploads/a.jpg"]}),
    ],
)
def test_an_old_file_stays_while_any_row_names_it(bucket: str, kind: str, fields: dict[str, object]) -> None:
    store("uploads/a.jpg", photograph(), "image/jpeg")
    row(kind, **fields)
    discard(["uploads/a.jpg"], FOLDER)
    assert stored(bucket) == ["uploads/a.jpg"]
    row(kind, title="Without pictures")
    discard(["uploads/a.jpg"], FOLDER)
    assert stored(bucket) == []


def test_a_file_of_the_rows_own_is_deleted_without_looking_at_others(bucket: str) -> None:
    key = store_picture(FOLDER, photograph())
    row("PERSONAGGIO", icon="personaggi/3/a.png")
    with patch("common.picture_files.is_named", side_effect=AssertionError("looked")):
        discard([key], FOLDER)
    assert stored(bucket) == []


def test_a_file_of_another_rows_folder_is_looked_for(bucket: str) -> None:
    key = store_picture("personaggi/3", photograph())
    row("PERSONAGGIO", icon=key)
    discard([key, "https://elsewhere.example/a.png"], FOLDER)
    assert stored(bucket) == [key]


def test_a_file_stays_when_nobody_can_say_whether_it_is_named(bucket: str) -> None:
    store("uploads/a.jpg", photograph(), "image/jpeg")

    def fail() -> None:
        raise Conflict("busy")

    with just_before("common.picture_files.is_named", fail):
        discard(["uploads/a.jpg"], FOLDER)
    assert stored(bucket) == ["uploads/a.jpg"]
