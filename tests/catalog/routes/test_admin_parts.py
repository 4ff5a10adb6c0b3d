"""Variants and images of products below /api/admin/shop."""

from typing import Any

from tests.catalog.builders import created, new_product, ok, picture, refused, variant_body
from tests.support.http import Client

ROWS = "/api/admin/shop/products"
VARIANTS = "/api/admin/shop/variants"


def _upload(admin: Client, product_id: int, **fields: Any) -> Any:
    files = {"file": ("a.png", picture(), "image/png")}
    return admin.post(f"{ROWS}/{product_id}/images", files=files, data=fields)


def test_a_variant_is_made_and_changed(admin: Client) -> None:
    product = new_product(admin)
    body = {"sku": "S1", "name": "S", "attributes": '{"size": "S"}', "price_adjustment": "2.5", "stock": 4}
    made = created(admin.post(f"{ROWS}/{product['id']}/variants", json=body))
    assert made == {
        "id": made["id"],
        "product_id": product["id"],
        "sku": "S1",
        "name": "S",
        "attributes": {"size": "S"},
        "price_adjustment": "2.50",
        "stock": 4,
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
        "deleted_at": None,
    }
    changed = ok(admin.patch(f"{VARIANTS}/{made['id']}", json={"name": "Small", "price_adjustment": -1}))
    assert changed == made | {
        "name": "Small",
        "price_adjustment": "-1.00",
        "updated_at": changed["updated_at"],
    }


def test_a_variant_that_cannot_be_is_a_bad_request(admin: Client) -> None:
    product = new_product(admin)
    path = f"{ROWS}/{product['id']}/variants"
    first = created(admin.post(path, json=variant_body(sku="S1")))
    second = created(admin.post(path, json=variant_body(sku="S2")))
    refused(admin.post(path, json=variant_body(sku="S1")), 400, "SKU 'S1'")
    refused(admin.patch(f"{VARIANTS}/{second['id']}", json={"sku": "S1"}), 400, "SKU 'S1'")
    refused(admin.post(f"{ROWS}/77/variants", json=variant_body()), 400, "77 not found")
    refused(admin.patch(f"{VARIANTS}/77", json={"name": "X"}), 400, "Variant not found")
    refused(admin.patch(f"{VARIANTS}/x", json={"name": "X"}), 400, "Variant not found")
    refused(admin.post(path, json={"name": "X"}), 400, "sku is required")
    assert ok(admin.get(f"{ROWS}/{product['id']}"))["variants"] == [first, second]


def test_images_are_uploaded_described_and_removed(admin: Client, bucket: str) -> None:
    product = new_product(admin)
    path = f"{ROWS}/{product['id']}/images"
    first = created(_upload(admin, product["id"]))
    assert first["message"] == "Image uploaded"
    image = first["image"]
    assert (image["product_id"], image["alt_text"], image["position"]) == (product["id"], "", 0)
    second = created(_upload(admin, product["id"], alt_text="Back", position=5))["image"]
    assert ok(admin.get(path)) == {"images": [image, second]}

    changed = ok(admin.patch(f"{path}/{image['id']}", json={"position": 9, "alt_text": "Front", "url": "x"}))
    assert changed["message"] == "Image updated"
    assert (changed["image"]["position"], changed["image"]["alt_text"]) == (9, "Front")
    assert changed["image"]["url"] == image["url"]
    assert [each["id"] for each in ok(admin.get(path))["images"]] == [second["id"], image["id"]]

    assert ok(admin.delete(f"{path}/{image['id']}")) == {"message": "Image deleted"}
    assert [each["id"] for each in ok(admin.get(path))["images"]] == [second["id"]]


def test_a_product_that_is_not_there_has_no_images(admin: Client) -> None:
    gone = new_product(admin, images=[{"url": "a.png"}])
    ok(admin.delete(f"{ROWS}/{gone['id']}"))
    for product_id in (gone["id"], 77):
        assert ok(admin.get(f"{ROWS}/{product_id}/images")) == {"images": []}


def test_an_image_that_cannot_be_is_a_bad_request(admin: Client, bucket: str) -> None:
    product = new_product(admin)
    path = f"{ROWS}/{product['id']}/images"
    refused(admin.post(path, files={"other": ("a.png", picture(), "image/png")}), 400, "No file uploaded")
    refused(admin.post(path, files={"file": ("a.png", b"<svg/>", "image/png")}), 400, "file")
    refused(_upload(admin, 77), 400, "Product with id 77 not found")
    refused(admin.patch(f"{path}/77", json={"position": 1}), 400, "Image not found")
    refused(admin.delete(f"{path}/77"), 404, "Image not found")
    assert ok(admin.get(path)) == {"images": []}
