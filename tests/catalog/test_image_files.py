"""Files that two rows are given: each has its own, and each goes with its own row."""

from collections.abc import Callable
from typing import Any

import pytest

from common.media import get_client, key_of, store
from common.repositories.products import Image
from tests.catalog.builders import new_image, new_product, ok, picture, refused, row
from tests.catalog.builders import store as store_rows
from tests.support.http import Client
from tests.support.races import just_after, just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"
ROWS = "/api/admin/shop/products"

Given = Callable[[Client, str], dict[str, Any]]


def _stored(bucket: str) -> set[str]:
    listed = get_client().list_objects_v2(Bucket=bucket)
    return {entry["Key"] for entry in listed.get("Contents", [])}


def _keys(product: dict[str, Any]) -> list[str]:
    return [key_of(image["url"]) for image in product["images"]]


def _created(admin: Client, url: str) -> dict[str, Any]:
    return new_product(admin, images=[{"url": url}])


def _created_twice(admin: Client, url: str) -> dict[str, Any]:
    return new_product(admin, images=[{"url": url}, {"url": url}])


def _row_created(admin: Client, url: str) -> dict[str, Any]:
    answer = admin.post(ROWS, json={"name": "Row", "price": 3, "image_url": url})
    assert answer.status == 201
    return _shown(admin, answer.json["product"]["id"] if "product" in answer.json else answer.json["id"])


def _row_given_its_first(admin: Client, url: str) -> dict[str, Any]:
    product = new_product(admin)
    ok(admin.patch(f"{ROWS}/{product['id']}", json={"image_url": url}))
    return _shown(admin, product["id"])


def _row_given_another(admin: Client, url: str) -> dict[str, Any]:
    product = new_product(admin)
    new_image(admin, product["id"])
    ok(admin.patch(f"{ROWS}/{product['id']}", json={"image_url": url}))
    return _shown(admin, product["id"])


def _shown(admin: Client, product_id: int) -> dict[str, Any]:
    return ok(admin.get(f"/api/products/{product_id}"))


def _remove_all(admin: Client, product: dict[str, Any]) -> None:
    for image in _shown(admin, product["id"])["images"]:
        ok(admin.delete(f"/api/products/{product['id']}/images/{image['id']}"))


@pytest.mark.parametrize(
    "given", [_created, _created_twice, _row_created, _row_given_its_first, _row_given_another]
)
@pytest.mark.parametrize("first_goes_first", [True, False])
def test_a_file_that_two_products_were_given_goes_with_the_last_of_them(
    admin: Client, bucket: str, given: Given, first_goes_first: bool
) -> None:
    first = new_product(admin)
    url = new_image(admin, first["id"])["url"]
    second = given(admin, url)
    one, other = (first, second) if first_goes_first else (second, first)
    _remove_all(admin, one)
    assert _stored(bucket) == set(_keys(_shown(admin, other["id"])))
    _remove_all(admin, other)
    assert _stored(bucket) == set()


def test_one_of_two_equal_pictures_of_a_product_may_go(admin: Client, bucket: str) -> None:
    first = new_product(admin)
    product = _created_twice(admin, new_image(admin, first["id"])["url"])
    one, other = product["images"]
    ok(admin.delete(f"/api/products/{product['id']}/images/{one['id']}"))
    assert key_of(other["url"]) in _stored(bucket)


def test_a_picture_of_a_deleted_product_is_there_when_it_comes_back(admin: Client, bucket: str) -> None:
    first = new_product(admin)
    url = new_image(admin, first["id"])["url"]
    second = _created(admin, url)
    ok(admin.delete(f"/api/products/{second['id']}"))
    _remove_all(admin, first)
    assert _stored(bucket) == set(_keys(second))


def test_a_file_that_is_taken_while_it_is_deleted_is_taken_or_refused(admin: Client, bucket: str) -> None:
    first = new_product(admin)
    image = new_image(admin, first["id"])

    def delete() -> None:
        ok(admin.delete(f"/api/products/{first['id']}/images/{image['id']}"))

    with just_before(COMMIT, delete):
        second = _created(admin, image["url"])
    assert _stored(bucket) == set(_keys(second))
    body = {"title": "Late", "slug": "late", "base_price": 1, "images": [{"url": image["url"]}]}
    refused(admin.post("/api/products", json=body), 400, "images", "upload it again")


def test_a_picture_that_is_exchanged_while_it_is_deleted_leaves_no_file(admin: Client, bucket: str) -> None:
    product = new_product(admin)
    image = new_image(admin, product["id"])
    other = new_image(admin, new_product(admin)["id"])

    def exchange() -> None:
        ok(admin.patch(f"{ROWS}/{product['id']}", json={"image_url": other["url"]}))

    with just_before(COMMIT, exchange):
        ok(admin.delete(f"/api/products/{product['id']}/images/{image['id']}"))
    assert _stored(bucket) == {key_of(other["url"])}


def test_a_refused_product_leaves_no_copy(admin: Client, bucket: str) -> None:
    first = new_product(admin, slug="taken")
    url = new_image(admin, first["id"])["url"]
    body = {"title": "Again", "slug": "taken", "base_price": 1, "images": [{"url": url}]}
    refused(admin.post("/api/products", json=body), 409)
    assert _stored(bucket) == {key_of(url)}


def test_products_that_were_moved_in_with_one_file_lose_it_with_the_last(admin: Client, bucket: str) -> None:
    key = "uploads/products/1764-55.png"
    store(key, picture(), "image/png")
    images = [Image(number, number, key, "", 0, "2026-01-01T00:00:00.000Z") for number in (1, 2)]
    store_rows([row(1, images=(images[0],)), row(2, images=(images[1],))])
    ok(admin.delete("/api/products/1/images/1"))
    assert _stored(bucket) == {key}
    ok(admin.delete("/api/products/2"))
    assert _stored(bucket) == {key}
    ok(admin.post("/api/products/2/restore"))
    ok(admin.delete("/api/products/2/images/2"))
    assert _stored(bucket) == set()


def test_a_picture_given_to_a_product_that_is_deleted_at_once_comes_back_with_it(
    admin: Client, bucket: str
) -> None:
    url = new_image(admin, new_product(admin)["id"])["url"]
    product = new_product(admin)
    new_image(admin, product["id"])

    def delete() -> None:
        ok(admin.delete(f"/api/products/{product['id']}"))

    with just_after(COMMIT, delete):
        refused(admin.patch(f"{ROWS}/{product['id']}", json={"image_url": url}), 404)
    ok(admin.post(f"/api/products/{product['id']}/restore"))
    (key,) = _keys(_shown(admin, product["id"]))
    assert key != key_of(url)
    assert key in _stored(bucket)
