"""Stored images, as the local server hands them out."""

from collections.abc import Iterator
from unicodedata import normalize
from urllib.parse import quote

import pytest

from common import media
from tests.support.buckets import fresh_bucket
from tests.tools.local.conftest import ORIGIN, Server


@pytest.fixture(autouse=True)
def _bucket(aws: str) -> Iterator[None]:
    with fresh_bucket():
        media.store("products/7/a.png", b"PNG", "image/png")
        yield


def test_an_image_comes_with_its_type_and_cors(server: Server) -> None:
    reply = server.ask("GET", "/media/products/7/a.png", Origin=ORIGIN)
    assert (reply.status, reply.data) == (200, b"PNG")
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == media.CACHE_CONTROL


def test_an_image_that_the_caller_holds_is_not_sent_again(server: Server) -> None:
    tag = server.ask("GET", "/media/products/7/a.png").headers["etag"]
    reply = server.ask("GET", "/media/products/7/a.png", If_None_Match=tag)
    assert (reply.status, reply.data) == (304, b"")


def test_head_tells_the_size_only(server: Server) -> None:
    reply = server.ask("HEAD", "/media/products/7/a.png")
    assert (reply.status, reply.headers["content-length"], reply.data) == (200, "3", b"")


@pytest.mark.parametrize(
    "path", ["/media/products/7/b.png", "/media/", "/media/../app.py", "/media/%2e%2e/app.py", "/media/%00"]
)
def test_what_is_no_image_is_the_apps_own_404(server: Server, path: str) -> None:
    reply = server.ask("GET", path)
    assert (reply.status, reply.data) == (404, b'{"error":"Not found"}')


@pytest.mark.parametrize(
    "path",
    [
        "/media/private/catalogue/shop/snapshot",
        "/media/%70rivate/catalogue/shop/snapshot",
        "/media/private%2Fcatalogue%2Fshop%2Fsnapshot",
        "/uploads/private/catalogue/shop/snapshot",
        "/uploads/uploads/private/catalogue/shop/snapshot",
        "/media//private/catalogue/shop/snapshot",
        "/media/./private/catalogue/shop/snapshot",
        "/media/products/../private/catalogue/shop/snapshot",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_shop_keeps_for_itself_is_not_served(server: Server, method: str, path: str) -> None:
    media.store(f"{media.PRIVATE}catalogue/shop/snapshot", b"drafts", "application/octet-stream")
    reply = server.ask(method, path)
    assert reply.status == 404
    assert b"drafts" not in reply.data


def test_an_image_cannot_be_written_through_the_server(server: Server) -> None:
    assert server.ask("PUT", "/media/products/7/a.png", b"x").status == 404
    assert server.ask("GET", "/media/products/7/a.png").data == b"PNG"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/uploads/products/7/a.png", "products/7/a.png"),
        ("/uploads/products/1764-55.png", "uploads/products/1764-55.png"),
        ("/uploads/uploads/products/1764-55.png", "uploads/products/1764-55.png"),
        ("/uploads/fumetti/1/citt%C3%A0%20(1).png", "uploads/fumetti/1/città (1).png"),
    ],
)
def test_pictures_are_served_where_a_storefront_fetches_them_from_its_own_host(
    server: Server, path: str, key: str
) -> None:
    media.store(key, key.encode(), "image/png")
    reply = server.ask("GET", path)
    assert (reply.status, reply.data) == (200, key.encode())
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "path", ["/uploads/products/7/b.png", "/uploads/", "/uploads/../app.py", "/uploads/%00"]
)
def test_an_upload_that_is_not_there_is_the_apps_own_404(server: Server, path: str) -> None:
    assert server.ask("GET", path).status == 404


NAMES = [
    "a b.png",
    normalize("NFC", "città à è (1).png"),
    normalize("NFD", "città à è (1).png"),
    "a+b.png",
    "no. #1.png",
    "what?.png",
    "100%.png",
    "a%20b.png",
    "(1) [2] {3}; a:b|c!$*.png",
    "日本語 👩\u200d🎨.png",
    "two..dots.png",
    "\xa0.png",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("start", ["/media/uploads", "/uploads/uploads", "/uploads"])
def test_a_picture_comes_whatever_its_artist_called_it(server: Server, start: str, name: str) -> None:
    media.store(f"uploads/fumetti/1/{name}", name.encode(), "image/png")
    reply = server.ask("GET", f"{start}/fumetti/1/{quote(name)}")
    assert (reply.status, reply.data) == (200, name.encode())


def test_names_that_differ_in_their_form_only_are_two_pictures(server: Server) -> None:
    composed, parted = normalize("NFC", "città.png"), normalize("NFD", "città.png")
    media.store(composed, b"NFC", "image/png")
    assert server.ask("GET", f"/media/{quote(parted)}").status == 404
    media.store(parted, b"NFD", "image/png")
    assert server.ask("GET", f"/media/{quote(parted)}").data == b"NFD"
    assert server.ask("GET", f"/media/{quote(composed)}").data == b"NFC"


@pytest.mark.parametrize("name", ["città à.png", normalize("NFD", "è.png")])
def test_a_name_need_not_be_quoted(server: Server, name: str) -> None:
    media.store(f"uploads/{name}", b"PNG", "image/png")
    answer = server.send(f"GET /media/uploads/{name.replace(' ', '%20')} HTTP/1.0\r\n\r\n".encode())
    assert b" 200 " in answer.splitlines()[0]
    assert answer.endswith(b"PNG")


@pytest.mark.parametrize(
    "name",
    [
        "..", "a/../products/7/a.png", "./products/7/a.png", "products//7/a.png", "products/7/a.png/",
        "%2e%2e/a", "%2E%2E%2Fa", "products/7/..%2f7/a.png", "a%0Ab", "%1b", "%ff%fe", "%ed%a0%80", "é" * 513,
    ],
)  # fmt: skip
def test_no_other_place_is_reached_by_a_name(server: Server, name: str) -> None:
    for start in ("/media/", "/uploads/"):
        assert server.ask("GET", start + quote(name, safe="/%")).status == 404
