"""The addresses of the shop's first uploads lead to where the pictures are today."""

import pytest

from common.media import url_for
from tests.content.samples import own_url
from tests.support.http import Client


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("products/1764-55.PNG", "products/1764-55.PNG"),
        ("personaggi/3/Ada_personaggi_0a1b2c3d.png", "personaggi/3/Ada_personaggi_0a1b2c3d.png"),
        ("fumetti/1/cover.page.jpeg", "fumetti/1/cover.page.jpeg"),
        ("personaggi/temp/a%20b%20(1).png", "personaggi/temp/a%20b%20%281%29.png"),
        ("personaggi/3/citt%C3%A0.avif", "personaggi/3/citt%C3%A0.avif"),
        ("products/3/0011223344556677889900112233445.png", "products/3/0011223344556677889900112233445.png"),
    ],
)
def test_an_upload_is_found_where_pictures_are_served(visitor: Client, path: str, key: str) -> None:
    answer = visitor.get(f"/uploads/{path}")
    assert (answer.status, answer.headers["Location"]) == (302, own_url(f"uploads/{key}"))
    assert answer.json == {"url": own_url(f"uploads/{key}")}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "key",
    [
        "products/3/00112233445566778899001122334455.png",
        "fumetti/3/0b0c7b1e-8a52-4c47-9d6b-3f3e1c2d4a5b.webp",
        "incoming/personaggi/3/0b0c7b1e-8a52-4c47-9d6b-3f3e1c2d4a5b.webp",
        "incoming/personaggi/00112233445566778899001122334455.jpg",
        "uploads/products/1764-55.PNG",
        "uploads/personaggi/3/Ada_personaggi_0a1b2c3d.png",
    ],
)
def test_a_relative_address_leads_to_where_pictures_are_served(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("MEDIA_URLS", "relative")
    assert visitor.get(url_for(key)).headers["Location"] == own_url(key)


def test_uploads_follow_the_place_of_the_pictures(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_BASE_URL", "https://media.example")
    assert visitor.get("/uploads/fumetti/1/a.png").headers["Location"] == (
        "https://media.example/uploads/fumetti/1/a.png"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "products",
        "products/..",
        "products/../x.png",
        "products/%2E%2E",
        "products/%2E%2E/x.png",
        "products/a%2Fb.png",
        "products/a%5Cb.png",
        "products/a%0Ab.png",
        "products/%3Cscript%3E",
        "products/a%3Fb",
        "products/a%0D%0ALocation:x",
        "products/1/2/3/4.png",
        "products/" + "x" * 256,
    ],
)
def test_what_is_no_picture_s_address_leads_nowhere(visitor: Client, wrong: str) -> None:
    answer = visitor.get(f"/uploads/{wrong}")
    assert answer.status == 404
    assert "Location" not in answer.headers
