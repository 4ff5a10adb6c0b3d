"""The storefront's calls at a base URL: what any kind of deployment has to answer alike.

`ARTSHOP_CONTRACT_URL` and its companions name a shop; without them one is deployed for these tests.
"""

import gzip
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.support.http import Answer, Client
from tests.support.remote import remote_client
from tools.rehearsal.rehearse import ORIGIN, PASSWORD, PAYMENT, URL, USERNAME

# One pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
ADDRESS = {"street": "Via Roma 12", "city": "Torino", "state": "TO", "zip_code": "10121", "country": "IT"}
BUYER = {"customer_email": "maria@example.com", "customer_name": "Maria Rossi", "shipping_address": ADDRESS}
PIECES = 5


@pytest.fixture(scope="module")
def visitor(contract: dict[str, str]) -> Client:
    """A browser of the shop's storefront."""
    return remote_client(contract[URL], headers={"Origin": contract[ORIGIN]})


@pytest.fixture(scope="module")
def artist(contract: dict[str, str], visitor: Client) -> Client:
    """The same, signed in."""
    given = {"username": contract[USERNAME], "password": contract[PASSWORD]}
    token = ok(visitor.post("/api/auth/login", json=given))["token"]
    return remote_client(contract[URL], headers={"Origin": contract[ORIGIN]}, token=token)


def ok(answer: Answer) -> Any:
    """The content of an answer of success."""
    assert answer.status in {200, 201}, answer.text
    return answer.json


def a_work(artist: Client, price: float = 25.5) -> dict[str, Any]:
    """A new work on sale with one variant."""
    name = uuid4().hex[:12]
    variant = {"sku": f"SKU-{name}", "name": "Small", "stock": PIECES}
    body = {"title": f"Work {name}", "slug": name, "base_price": price, "status": "published"}
    made: dict[str, Any] = ok(artist.post("/api/products", json=body | {"variants": [variant]}))
    return made


def a_line(work: dict[str, Any], quantity: int) -> dict[str, Any]:
    return {"product_id": work["id"], "variant_id": work["variants"][0]["id"], "quantity": quantity}


def test_the_shop_is_healthy(visitor: Client) -> None:
    health = ok(visitor.get("/health"))
    assert (health["status"], health["checks"]["dynamodb"]["status"]) == ("healthy", "healthy")
    assert health["checks"]["s3"]["status"] == "healthy"


def test_a_work_is_made_found_changed_and_removed(artist: Client, visitor: Client) -> None:
    work = a_work(artist)
    place = f"/api/products/{work['id']}"
    assert ok(visitor.get(f"/api/products/{work['slug']}"))["title"] == work["title"]
    listed = ok(visitor.get("/api/products", params={"search": work["title"]}))
    assert [each["id"] for each in listed["products"]] == [work["id"]]
    changed = ok(artist.put(place, json={"title": "È un gatto 🐈"}))
    assert changed["title"] == ok(visitor.get(place))["title"] == "È un gatto 🐈"
    ok(artist.delete(place))
    assert visitor.get(place).status == 404


def test_categories_lead_to_their_works(artist: Client, visitor: Client) -> None:
    name = uuid4().hex[:12]
    category = ok(artist.post("/api/categories", json={"name": f"Prints {name}", "slug": name}))
    work = a_work(artist)
    ok(artist.put(f"/api/products/{work['id']}", json={"category_ids": [category["id"]]}))
    found = ok(visitor.get("/api/products", params={"category": name}))
    assert [each["id"] for each in found["products"]] == [work["id"]]


def test_a_cart_becomes_a_paid_order_that_the_artist_sees(
    contract: dict[str, str], artist: Client, visitor: Client
) -> None:
    # Where payments are real, what costs nothing is the order that can be paid in a test.
    takes_mock = contract[PAYMENT] == "mock"
    work, session = a_work(artist, 25.5 if takes_mock else 0), {"X-Cart-Session": str(uuid4())}
    cart = ok(visitor.post("/api/cart/items", json=a_line(work, 2), headers=session))
    assert [item["quantity"] for item in cart["items"]] == [2]
    item = cart["items"][0]["id"]
    ok(visitor.patch(f"/api/cart/items/{item}", json={"quantity": 3}, headers=session))
    body = BUYER | ({"payment_method": "mock"} if takes_mock else {})
    key = {"Idempotency-Key": uuid4().hex}
    placed = ok(visitor.post("/api/orders", json=body, headers=session | key))
    again = ok(visitor.post("/api/orders", json=body, headers=session | key))
    assert again["order"]["id"] == placed["order"]["id"]
    assert ok(visitor.get("/api/cart", headers=session))["items"] == []

    place = f"/api/orders/{placed['order']['id']}"
    paid = ok(visitor.post(f"{place}/payment", json={}, headers=session)) if takes_mock else placed
    assert paid["order"]["payment_status"] == "paid"
    assert ok(visitor.get(f"/api/products/{work['id']}"))["variants"][0]["stock"] == PIECES - 3
    orders = ok(artist.get("/api/admin/orders", params={"page": 1}))["orders"]
    assert placed["order"]["id"] in {each["id"] for each in orders}


def test_more_than_there_is_cannot_be_bought(artist: Client, visitor: Client) -> None:
    work, session = a_work(artist), {"X-Cart-Session": str(uuid4())}
    answer = visitor.post("/api/cart/items", json=a_line(work, PIECES + 1), headers=session)
    assert answer.status in {400, 409}
    assert answer.error


def test_a_picture_arrives_as_it_was_sent(artist: Client, visitor: Client) -> None:
    place = f"/api/products/{a_work(artist)['id']}/images"
    sent = {"file": ("cat.png", PNG, "image/png")}
    image = ok(artist.post(place, files=sent, data={"alt_text": "Un gatto"}))["image"]
    assert image["alt_text"] == "Un gatto"
    assert [each["url"] for each in ok(visitor.get(place))["images"]] == [image["url"]]
    refused = artist.post(place, files={"file": ("cat.png", PNG[:-30] + b"no picture", "image/png")})
    assert refused.status == 400


def test_an_upload_to_come_gets_an_address_of_the_bucket(artist: Client) -> None:
    target = ok(artist.post("/api/upload/temp", params={"entity": "fumetti", "content_type": "image/png"}))
    answer = requests.put(target["upload_url"], data=PNG, headers={"Content-Type": "image/png"}, timeout=20)
    assert answer.status_code == 200, answer.text


def test_an_old_address_of_a_picture_leads_to_the_new_one(visitor: Client) -> None:
    answer = visitor.get("/uploads/products/1/product_0a1b2c3d.png")
    assert answer.status == 302
    assert answer.headers["Location"].endswith("/uploads/products/1/product_0a1b2c3d.png")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/products/there-is-none", 404),
        ("GET", "/api/there-is-none", 404),
        ("GET", "/there-is-none", 404),
        ("GET", "/api/admin/orders", 401),
        ("POST", "/api/products", 401),
    ],
)
def test_an_error_is_json_that_the_storefront_may_read(
    contract: dict[str, str], visitor: Client, method: str, path: str, status: int
) -> None:
    answer = visitor.request(method, path, json={} if method == "POST" else None)
    assert (answer.status, next(iter(answer.json))) == (status, "error")
    assert answer.headers["Access-Control-Allow-Origin"] == contract[ORIGIN]
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


def test_a_body_that_is_no_json_is_refused_by_name(artist: Client) -> None:
    answer = artist.post("/api/products", data=b"{no", headers={"Content-Type": "application/json"})
    assert answer.status == 400
    named = artist.post("/api/products", json={"title": "", "slug": "x", "base_price": -1})
    assert named.status == 400
    assert {"title", "base_price"} <= named.json["fields"].keys()


def test_a_preflight_allows_the_storefront_and_nobody_else(contract: dict[str, str], visitor: Client) -> None:
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
    answer = visitor.options("/api/products/1", headers=asked)
    assert answer.status in {200, 204}
    assert answer.headers["Access-Control-Allow-Origin"] == contract[ORIGIN]
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
    stranger = visitor.get("/api/products", headers={"Origin": "https://elsewhere.example.org"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


def test_what_has_not_changed_is_not_sent_again(artist: Client, visitor: Client) -> None:
    place = f"/api/products/{a_work(artist)['id']}"
    tag = visitor.get(place).headers["ETag"]
    answer = visitor.get(place, headers={"If-None-Match": tag})
    assert (answer.status, answer.text) == (304, "")


def test_a_form_over_what_somebody_else_changed_is_refused(artist: Client) -> None:
    place = f"/api/products/{a_work(artist)['id']}"
    tag = artist.get(place).headers["ETag"]
    ok(artist.put(place, json={"title": "First"}))
    assert artist.put(place, json={"title": "Second"}, headers={"If-Match": tag}).status == 412


def test_sign_in_sets_a_cookie_that_signs_in(contract: dict[str, str], visitor: Client) -> None:
    given = {"username": contract[USERNAME], "password": contract[PASSWORD]}
    answer = visitor.post("/api/auth/login", json=given)
    (line,) = [each for each in answer.set_cookies if "HttpOnly" in each]
    assert visitor.get("/api/admin/orders", headers={"Cookie": line.partition(";")[0]}).status == 200
    assert visitor.post("/api/auth/login", json=given | {"password": "wrong"}).status == 401


def test_a_character_and_its_letters_keep_their_form(artist: Client, visitor: Client) -> None:
    name = f"Ünïcødé {uuid4().hex[:8]} 🦊"
    made = ok(artist.post("/api/personaggi", json={"name": name, "description": "Riga 1\nRiga 2"}))
    assert ok(visitor.get(f"/api/personaggi/{made['id']}"))["name"] == name
    ok(artist.delete(f"/api/personaggi/{made['id']}"))


def test_arguments_are_read_as_they_were_sent(artist: Client, visitor: Client) -> None:
    work = a_work(artist)
    ok(artist.put(f"/api/products/{work['id']}", json={"title": f"A+B & 50% {work['slug']}"}))
    found = ok(visitor.get("/api/products", params={"search": f"A+B & 50% {work['slug']}"}))
    assert found["total"] == 1


def test_a_large_answer_is_compressed_for_who_takes_it(contract: dict[str, str], artist: Client) -> None:
    for _ in range(3):
        a_work(artist)
    plain = requests.get(f"{contract[URL]}/api/products", headers={"Accept-Encoding": "identity"}, timeout=20)
    packed = requests.get(
        f"{contract[URL]}/api/products", headers={"Accept-Encoding": "gzip"}, stream=True, timeout=20
    )
    content = packed.raw.read(decode_content=False)
    if packed.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    assert content == plain.content
