"""Pictures on their way into S3."""

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from common.errors import InvalidInput, PayloadTooLarge
from common.media import get_client
from common.uploads import store_picture, upload_address


def _gif() -> bytes:
    buffer = BytesIO()
    Image.new("P", (2, 2)).save(buffer, "GIF")
    return buffer.getvalue()


def test_a_picture_is_stored_under_a_fresh_key_of_its_folder(bucket: str) -> None:
    keys = {store_picture("folder/7", _gif()) for _ in range(2)}
    assert len(keys) == 2
    for key in keys:
        assert key.startswith("folder/7/")
        assert key.endswith(".gif")
        stored = get_client().get_object(Bucket=bucket, Key=key)
        assert (stored["ContentType"], stored["Body"].read()) == ("image/gif", _gif())


@pytest.mark.parametrize("data", [b"", b"text", b"<svg xmlns='http://www.w3.org/2000/svg'/>", _gif()[:10]])
def test_what_is_no_picture_is_not_stored(bucket: str, data: bytes) -> None:
    with pytest.raises(InvalidInput, match="file"):
        store_picture("folder", data)
    assert "Contents" not in get_client().list_objects_v2(Bucket=bucket)


def test_what_is_too_large_is_not_stored(bucket: str) -> None:
    with pytest.raises(PayloadTooLarge):
        store_picture("folder", _gif() + b"\0" * (10 * 2**20))
    assert "Contents" not in get_client().list_objects_v2(Bucket=bucket)


def test_an_address_takes_one_type_for_five_minutes(bucket: str) -> None:
    address = upload_address("folder", "image/png")
    signed = urlsplit(address["upload_url"])
    query = parse_qs(signed.query)
    assert signed.path.endswith(address["key"])
    assert query["X-Amz-Expires"] == ["300"]
    assert "content-type" in query["X-Amz-SignedHeaders"][0]
    assert (address["key"].partition("/")[0], address["key"][-4:]) == ("incoming", ".png")
    assert address["cdn_url"] == f"https://{bucket}.s3.eu-west-1.amazonaws.com/{address['key']}"


@pytest.mark.parametrize(
    ("asked", "extension"),
    [("image/jpg", "jpg"), ("IMAGE/JPEG", "jpg"), ("image/webp", "webp"), ("image/gif", "gif")],
)
def test_the_types_that_browsers_name_are_known(bucket: str, asked: str, extension: str) -> None:
    assert upload_address("folder", asked)["key"].endswith(f".{extension}")


@pytest.mark.parametrize("asked", ["text/html", "", "png"])
def test_other_types_are_refused(asked: str) -> None:
    with pytest.raises(InvalidInput, match="content_type must be one of image/jpeg"):
        upload_address("folder", asked)


def test_an_svg_is_refused_before_it_is_sent_with_what_to_send_instead() -> None:
    with pytest.raises(InvalidInput, match=r"is an SVG drawing, .* export it as PNG or WebP and upload that"):
        upload_address("folder", "image/svg+xml")
