"""Tests of the S3 storage."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from common import media

BASE = "https://cdn.example"


@pytest.fixture(autouse=True)
def _base_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_BASE_URL", BASE)


def test_a_key_lies_in_its_folder_and_is_new_each_time() -> None:
    first, second = media.new_key("products/7", "png"), media.new_key("/products/7/", "png")
    assert re.fullmatch(r"products/7/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.png", first)
    assert second.startswith("products/7/")
    assert first != second


def test_a_stored_object_says_what_it_is_and_may_be_kept(bucket: str) -> None:
    media.store("products/1/a.png", b"\x89PNG", "image/png")
    stored = media.get_client().get_object(Bucket=bucket, Key="products/1/a.png")
    assert stored["Body"].read() == b"\x89PNG"
    assert stored["ContentType"] == "image/png"
    assert stored["CacheControl"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["a/b.png", f"{BASE}/a/b.png", "/a/b.png"])
def test_an_object_is_removed_by_key_or_url(bucket: str, name: str) -> None:
    media.store("a/b.png", b"x", "image/png")
    media.remove(name)
    with pytest.raises(ClientError, match="NoSuchKey"):
        media.get_client().get_object(Bucket=bucket, Key="a/b.png")


@pytest.mark.parametrize("name", ["", "a/missing.png", "https://elsewhere.example/a/b.png"])
def test_removing_what_is_not_ours_or_missing_does_nothing(bucket: str, name: str) -> None:
    media.store("a/b.png", b"x", "image/png")
    media.remove(name)
    assert media.get_client().get_object(Bucket=bucket, Key="a/b.png")["ContentLength"] == 1


@pytest.mark.parametrize(
    ("stored", "url"),
    [
        ("a/b.png", f"{BASE}/a/b.png"),
        ("/uploads/b.png", f"{BASE}/uploads/b.png"),
        ("https://elsewhere.example/b.png", "https://elsewhere.example/b.png"),
        ("HTTP://elsewhere.example/b.png", "HTTP://elsewhere.example/b.png"),
        ("", ""),
    ],
)
def test_what_is_stored_is_answered_as_an_absolute_url(stored: str, url: str) -> None:
    assert media.url_for(stored) == url


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (f"{BASE}/a/b.png", "a/b.png"),
        ("a/b.png", "a/b.png"),
        ("/a/b.png", "a/b.png"),
        (f"{BASE}.evil.example/a", f"{BASE}.evil.example/a"),
        ("https://elsewhere.example/b.png", "https://elsewhere.example/b.png"),
        ("", ""),
    ],
)
def test_a_url_is_stored_as_its_key_when_it_is_ours(given: str, key: str) -> None:
    assert media.key_of(given) == key
    assert media.key_of(media.url_for(media.key_of(given))) == key


def test_a_presigned_url_accepts_one_type_for_a_while(bucket: str) -> None:
    parts = urlsplit(media.presign_put("a/b.png", "image/png"))
    query = parse_qs(parts.query)
    assert parts.path.endswith("/a/b.png")
    assert bucket in parts.netloc + parts.path
    assert query["X-Amz-Expires"] == ["300"]
    assert query["X-Amz-SignedHeaders"] == ["content-type;host"]


def test_a_local_engine_is_asked_by_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    monkeypatch.setenv("S3_BUCKET_NAME", "pictures")
    media.reset_client()
    url = media.presign_put("a/b.png", "image/png", expires=60)
    media.reset_client()
    assert url.startswith("http://127.0.0.1:4566/pictures/a/b.png?")
    assert "X-Amz-Expires=60" in url


def test_the_client_is_built_once_and_gives_up_in_time() -> None:
    media.reset_client()
    client = media.get_client()
    assert media.get_client() is client
    assert vars(client.meta.config)["connect_timeout"] == 2
    assert vars(client.meta.config)["read_timeout"] == 15
    media.reset_client()
