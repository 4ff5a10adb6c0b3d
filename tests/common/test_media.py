"""Tests of the S3 storage."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from common import media
from common.config import ConfigurationError

BASE = "https://cdn.example"


@pytest.fixture(autouse=True)
def _base_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_BASE_URL", BASE)


def test_a_key_lies_in_its_folder_and_is_new_each_time() -> None:
    first, second = media.new_key("products/7", "png"), media.new_key("/products/7/", "png")
    assert re.fullmatch(r"products/7/[0-9a-f]{32}\.png", first)
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


@pytest.mark.parametrize("setting", ["absolute", "relative"])
def test_several_have_the_addresses_that_each_has_by_itself(
    setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDIA_URLS", setting)
    stored = ["a/b.png", "/c.png", "", "https://elsewhere.example/b.png"]
    assert media.urls_for(stored) == [media.url_for(key) for key in stored]
    assert media.urls_for([]) == []


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


@pytest.fixture
def _relative(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_URLS", "relative")


@pytest.mark.usefixtures("_relative")
@pytest.mark.parametrize("key", ["products/7/a.png", "uploads/products/1.png", "incoming/personaggi/a.png"])
def test_a_relative_address_is_read_back_as_its_key(key: str) -> None:
    assert media.url_for(key) == f"/uploads/{key}"
    assert media.key_of(f"/uploads/{key}") == key


@pytest.mark.usefixtures("_relative")
def test_foreign_addresses_stay_absolute() -> None:
    for text in ("https://elsewhere.example/a.png", ""):
        assert media.url_for(text) == text


@pytest.mark.parametrize("urls", ["absolute", "relative"])
@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}/products/7/a.png",
        "/uploads/products/7/a.png",
        "https://shop.example/uploads/products/7/a.png",
        f"{BASE}/uploads/products/7/a.png",
        "products/7/a.png",
    ],
)
def test_a_picture_of_ours_is_known_however_it_is_addressed(
    monkeypatch: pytest.MonkeyPatch, urls: str, address: str
) -> None:
    monkeypatch.setenv("MEDIA_URLS", urls)
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "https://shop.example")
    assert "products/7/a.png" in media.possible_keys(media.key_of(address))


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/uploads/products/7/a.png", "https://shop.example/a.png", "http://[/a"],
)
def test_an_address_elsewhere_is_foreign(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "https://shop.example")
    assert media.possible_keys(media.key_of(address)) == (address,)


def test_another_value_than_absolute_or_relative_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_URLS", "short")
    with pytest.raises(ConfigurationError, match="absolute or relative"):
        media.url_for("a.png")
