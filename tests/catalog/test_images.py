"""Images of products over HTTP: uploaded to S3, ordered, described and removed."""

from collections.abc import Callable
from typing import Any

import pytest

from common.media import get_client, key_of
from common.repositories.products import Image
from tests.catalog.builders import (
    actions_of,
    audit_of,
    new_image,
    new_product,
    ok,
    picture,
    refused,
    row,
    rows_under,
    store,
)
from tests.support.http import Client
from tests.support.races import just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"


def _stored(bucket: str) -> list[str]:
    listed = get_client().list_objects_v2(Bucket=bucket)
    return [entry["Key"] for entry in listed.get("Contents", [])]


def _images(client: Client, product_id: int) -> list[dict[str, Any]]:
    return list(ok(client.get(f"/api/products/{product_id}/images"))["images"])


@pytest.mark.parametrize(
    ("kind", "extension", "content_type"),
    [("PNG", "png", "image/png"), ("JPEG", "jpg", "image/jpeg"), ("WEBP", "webp", "image/webp")],
)
def test_an_upload_is_stored_by_its_content_whatever_it_is_called(
    admin: Client, bucket: str, kind: str, extension: str, content_type: str
) -> None:
    product = new_product(admin)
    data = picture(kind)
    answer = admin.post(
        f"/api/products/{product['id']}/images", files={"file": ("../../x.html", data, "text/html")}
    )
    assert answer.status == 201
    assert answer.json["message"] == "Image uploaded"
    image = answer.json["image"]
    assert image["url"].startswith("http")
    (key,) = _stored(bucket)
    assert key == key_of(image["url"])
    assert key.startswith(f"products/{product['id']}/")
    assert key.endswith(f".{extension}")
    stored = get_client().get_object(Bucket=bucket, Key=key)
    assert (stored["ContentType"], stored["Body"].read()) == (content_type, data)


def test_images_are_shown_by_position_and_new_ones_come_last(
    admin: Client, visitor: Client, bucket: str
) -> None:
    product = new_product(admin)
    last = new_image(admin, product["id"], position="5", alt_text="Last")
    first = new_image(admin, product["id"], position="0")
    after = new_image(admin, product["id"], position="", alt_text="")
    shown = _images(visitor, product["id"])
    assert [image["id"] for image in shown] == [first["id"], last["id"], after["id"]]
    assert [image["position"] for image in shown] == [0, 5, 6]
    assert [image["is_primary"] for image in shown] == [True, False, False]
    assert ok(visitor.get(f"/api/products/{product['slug']}"))["images"] == shown
    assert _images(visitor, product["slug"]) == shown


def test_an_image_is_described_and_moved(admin: Client, bucket: str) -> None:
    product = new_product(admin)
    first, second = (new_image(admin, product["id"]) for _ in range(2))
    path = f"/api/products/{product['id']}/images"
    described = ok(admin.patch(f"{path}/{first['id']}", json={"alt_text": "On a wall"}))
    assert described == {"message": "Image updated", "image": first | {"alt_text": "On a wall"}}
    for image, position in ((first, 1), (second, 0)):
        # In between both stand at one place, which is tolerated.
        ok(admin.patch(f"{path}/{image['id']}", json={"position": position, "url": "x"}))
    shown = _images(admin, product["id"])
    assert [image["id"] for image in shown] == [second["id"], first["id"]]
    assert [image["url"] for image in shown] == [second["url"], first["url"]]


@pytest.mark.parametrize(
    "body",
    [{}, {"position": -1}, {"position": "x"}, {"position": None}, {"position": 1.5}, {"alt_text": "x" * 501}],
)
def test_other_changes_are_refused(admin: Client, bucket: str, body: dict[str, Any]) -> None:
    product = new_product(admin)
    image = new_image(admin, product["id"])
    refused(admin.patch(f"/api/products/{product['id']}/images/{image['id']}", json=body), 400)
    assert _images(admin, product["id"]) == [image]


def test_a_removed_image_is_gone_with_its_file(admin: Client, bucket: str) -> None:
    product = new_product(admin)
    gone, kept = (new_image(admin, product["id"]) for _ in range(2))
    path = f"/api/products/{product['id']}/images/{gone['id']}"
    assert ok(admin.delete(path)) == {"message": "Image deleted"}
    assert _images(admin, product["id"]) == [kept | {"is_primary": True}]
    assert _stored(bucket) == [key_of(kept["url"])]
    refused(admin.delete(path), 404, "Image not found")
    refused(admin.patch(path, json={"position": 1}), 404, "Image not found")


def test_an_image_belongs_to_its_product(admin: Client, bucket: str) -> None:
    mine, other = new_product(admin), new_product(admin)
    image = new_image(admin, mine["id"])
    for wrong in (
        f"{other['id']}/images/{image['id']}",
        f"{mine['id']}/images/99",
        f"77/images/{image['id']}",
    ):
        refused(admin.patch(f"/api/products/{wrong}", json={"position": 1}), 404)
        refused(admin.delete(f"/api/products/{wrong}"), 404)
    for wrong in ("0", "abc", "METADATA", "..%2Fx", "9" * 40):
        refused(admin.delete(f"/api/products/{mine['id']}/images/{wrong}"), 404, "Image not found")
    assert _images(admin, mine["id"]) == [image]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "file"),
        (b"just text", "file"),
        (b"<html><script>alert(1)</script></html>", "file"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (picture()[:40], "file"),
        (picture() + b"<script>alert(1)</script>", "file"),
    ],
)
def test_what_is_no_picture_is_refused_and_not_stored(
    admin: Client, bucket: str, data: bytes, words: str
) -> None:
    product = new_product(admin)
    answer = admin.post(f"/api/products/{product['id']}/images", files={"file": ("a.png", data, "image/png")})
    refused(answer, 400, words)
    assert (_stored(bucket), _images(admin, product["id"])) == ([], [])


def test_an_upload_without_a_file_is_refused(admin: Client, bucket: str) -> None:
    path = f"/api/products/{new_product(admin)['id']}/images"
    refused(admin.post(path, files={}, data={"alt_text": "x"}), 400, "No file uploaded")
    refused(admin.post(path, files={"other": ("a.png", picture(), "image/png")}), 400, "No file uploaded")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    refused(admin.post(path, data=b"nonsense", headers=headers), 400)
    refused(admin.post(path, json={"file": "x"}), 415)


def test_an_upload_beyond_ten_megabytes_is_too_large(admin: Client, bucket: str) -> None:
    path = f"/api/products/{new_product(admin)['id']}/images"
    data = picture() + b"\0" * (10 * 2**20)
    refused(admin.post(path, files={"file": ("a.png", data, "image/png")}), 413)
    assert _stored(bucket) == []


@pytest.mark.parametrize("fields", [{"position": "-1"}, {"position": "first"}, {"alt_text": "x" * 501}])
def test_an_upload_with_other_fields_that_are_wrong_stores_nothing(
    admin: Client, bucket: str, fields: dict[str, str]
) -> None:
    path = f"/api/products/{new_product(admin)['id']}/images"
    answer = admin.post(path, files={"file": ("a.png", picture(), "image/png")}, data=fields)
    refused(answer, 400, next(iter(fields)))
    assert _stored(bucket) == []


def test_an_upload_to_no_product_stores_nothing(admin: Client, bucket: str) -> None:
    answer = admin.post("/api/products/77/images", files={"file": ("a.png", picture(), "image/png")})
    refused(answer, 404)
    assert _stored(bucket) == []


def test_a_browser_is_told_where_to_put_a_large_picture(admin: Client, bucket: str) -> None:
    path = f"/api/products/{new_product(admin)['id']}/upload-url"
    for given, extension in (("", "jpg"), ("image/jpg", "jpg"), ("IMAGE/PNG", "png"), ("image/avif", "avif")):
        body = ok(admin.get(path, params={"content_type": given}))
        assert body.keys() == {"upload_url", "cdn_url", "key", "expires_in"}
        assert body["expires_in"] == 300
        assert body["key"].endswith(f".{extension}")
        assert body["cdn_url"].endswith(body["key"])
        assert body["key"] in body["upload_url"]
    for refused_type in ("image/svg+xml", "text/html", "x"):
        refused(admin.get(path, params={"content_type": refused_type}), 400, "content_type")
    refused(admin.get("/api/products/77/upload-url"), 404)


def test_a_product_takes_fifty_images_and_no_more(admin: Client, bucket: str) -> None:
    images = tuple(Image(n, 1, "a.png", "", n, "2026-01-01T00:00:00.000Z") for n in range(50))
    store([row(1, images=images)])
    answer = admin.post("/api/products/1/images", files={"file": ("a.png", picture(), "image/png")})
    refused(answer, 409, "50")
    assert _stored(bucket) == []


def test_each_change_is_in_the_audit_log(admin: Client, bucket: str) -> None:
    product = new_product(admin)
    image = new_image(admin, product["id"])
    path = f"/api/products/{product['id']}/images/{image['id']}"
    ok(admin.patch(path, json={"alt_text": "New"}))
    ok(admin.delete(path))
    entries = {entry.action: entry for entry in audit_of("ProductImage", image["id"])}
    assert entries.keys() == {"CREATE", "UPDATE", "DELETE"}
    assert entries["UPDATE"].changes == {"alt_text": {"old": "", "new": "New"}}


def test_two_images_that_change_places_at_once_both_move(admin: Client, bucket: str) -> None:
    product = new_product(admin)
    first, second = (new_image(admin, product["id"]) for _ in range(2))
    path = f"/api/products/{product['id']}/images"

    def rival() -> None:
        ok(admin.patch(f"{path}/{second['id']}", json={"position": 0}))

    with just_before(COMMIT, rival):
        ok(admin.patch(f"{path}/{first['id']}", json={"position": 1}))
    assert [(it["id"], it["position"]) for it in _images(admin, product["id"])] == [
        (second["id"], 0),
        (first["id"], 1),
    ]


@pytest.mark.parametrize("step", ["change", "removal"])
def test_nothing_is_left_of_an_image_that_was_removed_meanwhile(
    admin: Client, bucket: str, step: str
) -> None:
    product = new_product(admin)
    image = new_image(admin, product["id"])
    path = f"/api/products/{product['id']}/images/{image['id']}"
    steps: dict[str, Callable[[], Any]] = {
        "change": lambda: admin.patch(path, json={"position": 7}),
        "removal": lambda: admin.delete(path),
    }
    with just_before(COMMIT, lambda: ok(admin.delete(path))):
        refused(steps[step](), 404, "Image not found")
    document = next(it for it in rows_under(f"PRODUCT#{product['id']}") if it["SK"] == "METADATA")
    assert document["images"] == {}
    assert actions_of("ProductImage", image["id"]).count("DELETE") == 1


def test_a_refused_upload_leaves_no_file_behind(admin: Client, bucket: str) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}"

    def rival() -> None:
        ok(admin.delete(path))

    with just_before(COMMIT, rival):
        refused(admin.post(f"{path}/images", files={"file": ("a.png", picture(), "image/png")}), 404)
    assert _stored(bucket) == []
