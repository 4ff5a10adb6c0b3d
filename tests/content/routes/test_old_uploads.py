"""The addresses of the shop's first uploads lead to where the pictures are today."""

import pytest

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
    ],
)
def test_an_upload_is_found_where_pictures_are_served(visitor: Client, path: str, key: str) -> None:
    answer = visitor.get(f"/uploads/{path}")
    assert (answer.status, answer.headers["Location"]) == (302, own_url(f"uploads/{key}"))
    assert answer.json == {"url": own_url(f"uploads/{key}")}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


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
        "products/1/2/3.png",
        "products/" + "x" * 256,
    ],
)
def test_what_is_no_picture_s_address_leads_nowhere(visitor: Client, wrong: str) -> None:
    answer = visitor.get(f"/uploads/{wrong}")
    assert answer.status == 404
    assert "Location" not in answer.headers
