"""Whatever a client sends to any route of the catalogue, it gets JSON and never a 5xx."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalog.builders import catalog_app, new_category, new_product, picture
from tests.support.http import Answer, Client

FIELDS = (
    "title",
    "slug",
    "base_price",
    "currency",
    "sku",
    "status",
    "character_id",
    "etsy_link",
    "category_ids",
    "images",
    "variants",
    "categories",
    "name",
    "price",
    "stock",
    "image_url",
    "attributes",
    "price_adjustment",
    "quantity",
    "operation",
    "adjustments",
    "variantId",
    "variant_id",
    "parent",
    "alt_text",
    "position",
    "parent_id",
    "url",
    "id",
    "PK",
    "created_at",
    "version",
    "__proto__",
)
SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.sampled_from(
        [0, 1, "1", "x", "", "published", "add", "../x", "METADATA", "a.png", "\x00", "#n0", ":v0"]
    )
    | st.floats()
    | st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8)
NAMES = [
    "status",
    "search",
    "category",
    "character",
    "min_price",
    "max_price",
    "price_min",
    "price_max",
    "in_stock",
    "sort_by",
    "sort_order",
    "page",
    "per_page",
    "limit",
    "last_key",
    "tree",
    "include_parent",
    "content_type",
]
ARGUMENTS = st.text(max_size=12) | st.sampled_from(
    ["1", "-1", "NaN", "1e999", "true", "\x00", "x" * 2000, "%"]
)
PARTS = st.text(min_size=1, max_size=12).map(lambda text: quote(text.encode("utf-8", "replace"), safe=""))
PARTS |= st.sampled_from(
    ["1", "0", "-1", "METADATA", "..%2Fx", "%2e%2e", "9" * 40, "%00", "%FF", "1#", "%2F"]
)


def writing_routes() -> Iterator[tuple[str, str]]:
    """The method and path of every route that may read a body."""
    for path, methods in catalog_app().shop_routes.items():
        yield from ((method, path) for method in methods if method in ("POST", "PUT", "PATCH", "DELETE"))


def reading_routes() -> list[str]:
    """The path of every route that is read."""
    return [path for path, methods in catalog_app().shop_routes.items() if "GET" in methods]


def _is_civil(answer: Answer) -> bool:
    """Whether an answer is no failure, and JSON that names its error when it is one.

    What succeeds may be a file of another type.
    """
    assert answer.status < 500, answer.text
    if answer.status < 400 and not answer.headers["Content-Type"].startswith("application/json"):
        return True
    body = json.loads(answer.text)
    return answer.status < 400 or (isinstance(body, dict) and bool(body["error"]))


def _filled(path: str, part: str) -> str:
    return "/".join(part if piece.startswith("{") else piece for piece in path.split("/"))


@pytest.fixture
def shop(admin: Client, bucket: str) -> Client:
    """A shop whose first product, variant, image and category all have the id 1."""
    category = new_category(admin, "Prints")
    product = new_product(
        admin,
        category_ids=[category["id"]],
        images=[{"url": "a.png"}],
        variants=[{"sku": "V1", "name": "S", "stock": 3}],
    )
    assert {it["id"] for it in (product, category, product["images"][0], product["variants"][0])} == {1}
    return admin


@pytest.mark.exhaustive
@given(route=st.sampled_from(sorted(writing_routes())), body=BODIES)
@settings(max_examples=150)
def test_any_json_body_is_answered_in_json(shop: Client, route: tuple[str, str], body: Any) -> None:
    method, path = route
    # What is deleted comes back, so that later bodies meet something.
    if method == "DELETE":
        path = path.replace("/products/", "/variants/")
    answer = shop.request(method, _filled(path, "1"), data=json.dumps(body))
    assert _is_civil(answer)


@pytest.mark.exhaustive
@given(route=st.sampled_from(sorted(writing_routes())), body=st.binary(max_size=40) | st.text(max_size=40))
@settings(max_examples=60)
def test_any_bytes_are_answered_in_json(shop: Client, route: tuple[str, str], body: bytes | str) -> None:
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    headers = {"Content-Type": "application/json"}
    assert _is_civil(shop.request(route[0], _filled(route[1], "2"), data=data, headers=headers))


@pytest.mark.exhaustive
@given(path=st.sampled_from(reading_routes()), query=st.dictionaries(st.sampled_from(NAMES), ARGUMENTS))
@settings(max_examples=100)
def test_any_query_string_is_answered_in_json(shop: Client, path: str, query: dict[str, str]) -> None:
    assert _is_civil(shop.get(_filled(path, "1"), params=query))


@pytest.mark.exhaustive
@given(route=st.sampled_from(sorted(writing_routes())), part=PARTS)
@settings(max_examples=80)
def test_any_id_in_a_changing_path_is_answered_in_json(
    shop: Client, route: tuple[str, str], part: str
) -> None:
    answer = shop.request(route[0], _filled(route[1], part), json={"title": "T", "quantity": 1, "name": "N"})
    assert _is_civil(answer)


@pytest.mark.exhaustive
@given(path=st.sampled_from(reading_routes()), part=PARTS)
@settings(max_examples=80)
def test_any_name_in_a_path_that_is_read_is_answered_in_json(shop: Client, path: str, part: str) -> None:
    assert _is_civil(shop.get(_filled(path, part)))


@given(
    fields=st.dictionaries(st.sampled_from(["alt_text", "position", "x"]), st.text(max_size=8)),
    tail=st.binary(max_size=30),
)
@settings(max_examples=25)
def test_any_upload_is_answered_in_json(shop: Client, fields: dict[str, str], tail: bytes) -> None:
    file = ("a.png", picture() + tail if len(tail) % 2 else tail, "image/png")
    answer = shop.post("/api/products/1/images", files={"file": file}, data=_encodable(fields))
    assert _is_civil(answer)


def _encodable(fields: dict[str, str]) -> dict[str, str]:
    return {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
