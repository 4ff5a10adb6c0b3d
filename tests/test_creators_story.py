"""A creator's story through every domain: signing up, showing a work, selling it, and losing the account."""

from typing import Any

import pytest

from app import app
from common.passwords import hash_of
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SIGN_UP = {
    "username": "Lino Stampe",
    "email": "lino@example.com",
    "password": "Correct-Horse-7",
    "displayName": "Lino",
}
WORK = {
    "title": "Harbour at night",
    "description": "Linocut in two colours",
    "category": "prints",
    "imageUrl": "https://pictures.example.com/harbour.jpg",
    "amazonLink": "https://shop.example.com/harbour",
    "price": "€25.00",
    "published": True,
    "stock": 1,
}


def _client(token: str = "", address: str = "198.51.100.7") -> Client:
    return Client(app, token=token, address=address, headers={"User-Agent": BROWSER})


def _ok(answer: Answer) -> Any:
    assert answer.status in {200, 201}, answer
    return answer.json


def _signed_up() -> tuple[Client, str]:
    """The creator, signed in, and the slug of the page."""
    stranger = _client()
    creator = _ok(stranger.post("/api/creators", json=SIGN_UP))["creator"]
    signed_in = _ok(
        stranger.post("/api/auth/login", json={"username": SIGN_UP["email"], "password": SIGN_UP["password"]})
    )
    return _client(signed_in["token"]), creator["slug"]


def _is_shown(product: dict[str, Any], slug: str) -> list[bool]:
    """Whether the creator's page, the shop's list, its search and the work's own page show the work."""
    stranger = _client()
    on_page = _ok(stranger.get(f"/api/creators/{slug}/products"))["products"]
    listed = _ok(stranger.get("/api/products"))["products"]
    found = _ok(stranger.get("/api/products", params={"search": "harbour"}))["products"]
    alone = stranger.get(f"/api/products/{product['id']}").status == 200
    return [bool(on_page), bool(listed), bool(found), alone]


def _bought(product: dict[str, Any]) -> Answer:
    body = {
        "customer_email": "buyer@example.com",
        "customer_name": "Buyer",
        "payment_method": "mock",
        "items": [{"product_id": int(product["id"]), "quantity": 1}],
    }
    return _client(address="203.0.113.9").post("/api/orders", json=body)


def _viewed(creator_id: str, product: dict[str, Any]) -> None:
    visitor = _client(address="203.0.113.50")
    _ok(visitor.post("/api/analytics/page-view", json={"creatorId": creator_id}))
    body = {"creatorId": creator_id, "productId": str(product["id"])}
    _ok(visitor.post("/api/analytics/product-view", json=body))


@pytest.fixture(autouse=True)
def _open_shop(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREATOR_SIGN_UP", "open")
    monkeypatch.setenv("ADMIN_USERNAME", "artist")
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", hash_of("Quiet-Evening-12"))
    artist = _client(admin_token())
    assert artist.post("/api/categories", json={"name": "Prints", "slug": "prints"}).status == 201


def test_a_creator_signs_up_shows_a_work_sells_it_and_is_disabled() -> None:
    artist = _client(admin_token())
    creator, slug = _signed_up()
    assert creator.get("/api/creator/profile").json["creator"]["slug"] == slug == "lino-stampe"

    product = _ok(creator.post("/api/creator/products", json=WORK))["product"]
    assert product["status"] == "pending"
    assert _is_shown(product, slug) == [False, False, False, False]
    assert _bought(product).status == 404

    (waiting,) = _ok(artist.get("/api/admin/products/pending"))["products"]
    assert waiting["id"] == product["id"]
    assert _ok(artist.put(f"/api/admin/products/{product['id']}/approve"))["product"]["status"] == "approved"
    assert _is_shown(product, slug) == [True, True, True, True]
    assert _bought(product).status == 201
    assert _bought(product).status == 409

    _viewed(product["creatorId"], product)
    numbers = _ok(creator.get("/api/creator/analytics"))
    assert (numbers["totalPageViews"], numbers["totalProductViews"]) == (1, 1)

    _ok(artist.put(f"/api/admin/users/{SIGN_UP['email']}", json={"enabled": False}))
    assert creator.get("/api/creator/profile").status == 401
    assert creator.get("/api/auth/me").status == 401
    again = _client().post(
        "/api/auth/login", json={"username": SIGN_UP["email"], "password": SIGN_UP["password"]}
    )
    assert again.status == 401


def test_what_is_rejected_is_gone_everywhere_until_it_was_mended_and_approved() -> None:
    artist = _client(admin_token())
    creator, slug = _signed_up()
    product = _ok(creator.post("/api/creator/products", json=WORK))["product"]
    path = f"/api/admin/products/{product['id']}"
    _ok(artist.put(f"{path}/approve"))
    _ok(artist.put(f"{path}/reject", json={"reason": "The picture is too small"}))
    assert _is_shown(product, slug) == [False, False, False, False]
    assert _bought(product).status == 404
    own = _ok(creator.get("/api/creator/products", params={"status": "rejected"}))["products"]
    assert [work["rejectionReason"] for work in own] == ["The picture is too small"]
    mended = creator.put(f"/api/creator/products/{product['id']}", json={"title": "Harbour, larger"})
    assert _ok(mended)["product"]["status"] == "pending"
    _ok(artist.put(f"{path}/approve"))
    assert _is_shown(product, slug) == [True, True, True, True]


def test_the_works_of_a_disabled_creator_are_nowhere_until_enabled_again() -> None:
    artist = _client(admin_token())
    creator, slug = _signed_up()
    product = _ok(creator.post("/api/creator/products", json=WORK))["product"]
    _ok(artist.put(f"/api/admin/products/{product['id']}/approve"))
    path = f"/api/admin/creators/{product['creatorId']}/status"
    _ok(artist.put(path, json={"status": "disabled", "reason": "Copies of others' work"}))
    stranger = _client()
    assert stranger.get(f"/api/creators/{slug}").status == 404
    assert stranger.get(f"/api/creators/{slug}/products").status == 404
    assert _ok(stranger.get("/api/products"))["products"] == []
    assert _bought(product).status == 404
    assert creator.post("/api/creator/products", json=WORK).status == 403
    _ok(artist.put(path, json={"status": "active"}))
    assert _is_shown(product, slug) == [True, True, True, True]


def test_nothing_of_one_creator_is_touched_by_another() -> None:
    creator, _ = _signed_up()
    product = _ok(creator.post("/api/creator/products", json=WORK))["product"]
    other = SIGN_UP | {"username": "Another", "email": "another@example.com"}
    stranger = _client(address="192.0.2.4")
    _ok(stranger.post("/api/creators", json=other))
    login = {"username": other["email"], "password": other["password"]}
    rival = _client(_ok(stranger.post("/api/auth/login", json=login))["token"])
    path = f"/api/creator/products/{product['id']}"
    assert rival.put(path, json={"title": "Mine now"}).status == 403
    assert rival.delete(path).status == 403
    assert _ok(rival.get("/api/creator/products"))["products"] == []
    assert rival.put(f"/api/admin/products/{product['id']}/approve").status == 403
    assert _ok(creator.get("/api/creator/products"))["products"][0]["title"] == WORK["title"]
