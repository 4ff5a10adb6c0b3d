"""Pictures over HTTP: uploaded with an entry or before it, by form or by signed URL, and removed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from common import media
from common.media import key_of
from common.repositories.audit import entries_of_entity
from common.uploads import store_picture
from content.fumetti import MAX_PAGES
from content.personaggi import MAX_IMAGES
from tests.content.samples import FUMETTO, PERSONAGGIO, PNG, Kind, own_url, picture, stored_keys
from tests.support.http import Client

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def content_type_of(key: str) -> str:
    return str(media.get_client().head_object(Bucket="art-images-dev", Key=key)["ContentType"])


def test_an_uploaded_picture_joins_the_list(admin: Client, kind: Kind) -> None:
    kind.create(admin, **{kind.pictures: ["https://example.com/a.png"]})
    answer = kind.upload(admin, 1)
    assert answer.status == 200
    assert answer.json["message"] == "Image uploaded"
    assert answer.json["type"] == kind.many
    assert answer.json["key"].startswith(f"{kind.folder}/1/")
    assert answer.json["url"] == own_url(answer.json["key"])
    assert answer.json[kind.key][kind.pictures] == ["https://example.com/a.png", answer.json["url"]]
    assert answer.json[kind.key] == kind.shown(admin, 1)
    assert stored_keys() == [answer.json["key"]]


def test_an_uploaded_picture_takes_its_single_field(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    answer = kind.upload(admin, 1, kind.single)
    assert kind.shown(admin, 1)[kind.single_field] == answer.json["url"]
    assert kind.shown(admin, 1)[kind.pictures] == []


def test_an_uploaded_background_takes_its_field(admin: Client) -> None:
    PERSONAGGIO.create(admin)
    answer = PERSONAGGIO.upload(admin, 1, "background")
    assert answer.json["personaggio"]["backgroundImage"] == answer.json["url"]


def test_the_content_decides_the_type(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    for file_format, extension in (("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "gif"), ("AVIF", "avif")):
        key = kind.upload(admin, 1, file=("../../evil.svg", picture(file_format), "text/html")).json["key"]
        assert key.endswith(f".{extension}")
        assert "evil" not in key
        assert content_type_of(key) == f"image/{file_format.lower()}"


def test_what_is_no_picture_is_refused(admin: Client, kind: Kind) -> None:
    created = kind.create(admin)
    for data in (SVG, b"", b"text", picture()[:40], b"<html></html>"):
        answer = kind.upload(admin, 1, file=("a.png", data, "image/png"))
        assert answer.status == 400
        assert "file" in answer.error
    assert kind.shown(admin, 1) == created
    assert stored_keys() == []


def test_a_form_without_a_file_is_refused(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    answer = admin.post(f"{kind.path}/1/upload", files={"other": PNG})
    assert (answer.status, answer.error) == (400, "file is required")


def test_an_unknown_type_is_refused_before_anything_is_stored(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    answer = kind.upload(admin, 1, "banner")
    assert answer.status == 400
    assert "type" in answer.error
    assert stored_keys() == []


def test_an_upload_to_an_unknown_entry_stores_nothing(admin: Client, kind: Kind) -> None:
    assert kind.upload(admin, 9).status == 404
    assert stored_keys() == []


@pytest.mark.parametrize(("kind", "maximum"), [(PERSONAGGIO, MAX_IMAGES), (FUMETTO, MAX_PAGES)])
def test_a_full_list_takes_no_further_picture(admin: Client, kind: Kind, maximum: int) -> None:
    kind.create(admin, **{kind.pictures: ["/uploads/a.png"] * maximum})
    assert kind.upload(admin, 1).status == 409
    assert kind.upload(admin, 1, kind.single).status == 200


def test_an_upload_is_in_the_audit_log(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    key = kind.upload(admin, 1).json["key"]
    entries = entries_of_entity(kind.noun, "1", 10).entries
    assert {kind.pictures: {"old": [], "new": [key]}} in [entry.changes for entry in entries]


def test_any_other_body_asks_where_to_put_a_picture(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    answer = admin.post(f"{kind.path}/1/upload", json={}, params={"content_type": "image/webp"})
    assert answer.status == 200
    assert answer.json["expires_in"] == 300
    assert answer.json["key"].startswith(f"incoming/{kind.folder}/1/")
    assert answer.json["key"].endswith(".webp")
    assert answer.json["cdn_url"] == own_url(answer.json["key"])
    signed = parse_qs(urlsplit(answer.json["upload_url"]).query)
    assert "content-type" in signed["X-Amz-SignedHeaders"][0]
    assert signed["X-Amz-Expires"] == ["300"]


def test_only_pictures_may_be_put(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    for content_type in ("image/svg+xml", "text/html", "png"):
        for path in (f"{kind.path}/1/upload", "/api/upload/temp"):
            answer = admin.post(path, params={"content_type": content_type})
            assert answer.status == 400
            assert "content_type" in answer.error


def test_a_removed_picture_is_gone_from_the_entry_and_from_s3(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    gone = kind.upload(admin, 1).json
    kept = kind.upload(admin, 1).json
    answer = kind.remove(admin, 1, gone["url"], kind.many)
    assert (answer.status, answer.json) == (200, {"message": kind.removed})
    assert kind.shown(admin, 1)[kind.pictures] == [kept["url"]]
    assert stored_keys() == [kept["key"]]


def test_a_removed_single_picture_leaves_its_field(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    url = kind.upload(admin, 1, kind.single).json["url"]
    kind.remove(admin, 1, url, kind.single)
    assert kind.shown(admin, 1)[kind.single_field] is None
    assert stored_keys() == []


def test_a_picture_that_is_named_elsewhere_in_the_entry_stays_in_s3(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    url = kind.upload(admin, 1).json["url"]
    admin.put(f"{kind.path}/1", json={kind.single_field: url})
    kind.remove(admin, 1, url, kind.many)
    assert kind.shown(admin, 1)[kind.single_field] == url
    assert len(stored_keys()) == 1
    kind.remove(admin, 1, url, kind.single)
    assert stored_keys() == []


@pytest.mark.parametrize("deleted", [False, True])
def test_a_picture_that_another_entry_names_stays_in_s3(admin: Client, kind: Kind, deleted: bool) -> None:
    kind.create(admin)
    url = kind.upload(admin, 1).json["url"]
    kind.create(admin, "Other", **{kind.pictures: [url]})
    if deleted:
        admin.delete(f"{kind.path}/2")
    kind.remove(admin, 1, url)
    assert kind.shown(admin, 1)[kind.pictures] == []
    assert len(stored_keys()) == 1


def test_a_picture_of_the_web_is_only_forgotten(admin: Client, kind: Kind) -> None:
    kind.create(admin, **{kind.pictures: ["https://example.com/a.png"]})
    assert kind.remove(admin, 1, "https://example.com/a.png").status == 200
    assert kind.shown(admin, 1)[kind.pictures] == []


def test_a_picture_that_the_entry_does_not_have_changes_nothing(admin: Client, kind: Kind) -> None:
    created = kind.create(admin)
    key = admin.post("/api/upload/temp", files={"file": PNG}).json["key"]
    answer = kind.remove(admin, 1, own_url(key))
    assert (answer.status, answer.json) == (200, {"message": kind.removed})
    assert kind.shown(admin, 1) == created
    assert stored_keys() == [key]


@pytest.mark.parametrize(
    ("entity", "folder"), [("fumetti", "fumetti"), ("personaggi", "personaggi"), ("", "personaggi")]
)
def test_a_temporary_upload_answers_where_the_picture_is(admin: Client, entity: str, folder: str) -> None:
    data = {"type": "gallery", "entity": entity}
    answer = admin.post("/api/upload/temp", data=data, files={"file": PNG})
    assert answer.status == 200
    assert answer.json == {"url": own_url(answer.json["key"]), "key": answer.json["key"]}
    assert answer.json["key"].startswith(f"incoming/{folder}/")
    assert stored_keys() == [answer.json["key"]]


def test_an_entry_takes_a_copy_of_a_temporary_upload(admin: Client, kind: Kind) -> None:
    uploaded: Any = admin.post("/api/upload/temp", data={"entity": kind.folder}, files={"file": PNG}).json
    created = kind.create(admin, **{kind.pictures: [uploaded["url"]], kind.single_field: uploaded["url"]})
    (own,) = created[kind.pictures]
    assert created[kind.single_field] == own
    assert key_of(own).startswith(f"{kind.folder}/1/")
    assert stored_keys() == sorted([key_of(own), uploaded["key"]])
    kind.remove(admin, 1, own, kind.single)
    assert len(stored_keys()) == 2
    kind.remove(admin, 1, own)
    assert stored_keys() == [uploaded["key"]]


def test_a_temporary_upload_is_in_the_audit_log(admin: Client) -> None:
    key = admin.post("/api/upload/temp", files={"file": PNG}).json["key"]
    (entry,) = entries_of_entity("Upload", key.rpartition("/")[2], 10).entries
    assert (entry.action, entry.metadata) == ("UPLOAD", {"key": key})


@pytest.mark.parametrize("entity", ["fumetti", "personaggi"])
def test_a_temporary_upload_may_be_signed(admin: Client, entity: str) -> None:
    answer = admin.post("/api/upload/temp", params={"entity": entity})
    assert answer.status == 200
    assert answer.json["key"].startswith(f"incoming/{entity}/")
    assert answer.json["key"].endswith(".jpg")


def test_a_file_that_is_no_picture_is_not_kept_temporarily(admin: Client) -> None:
    answer = admin.post("/api/upload/temp", files={"file": ("a.png", SVG, "image/png")})
    assert answer.status == 400
    assert stored_keys() == []


@pytest.mark.parametrize("urls", ["absolute", "relative"])
@pytest.mark.parametrize(
    "address", ["/uploads/{key}", "http://localhost:3000/uploads/{key}", "https://cdn.example/{key}"]
)
def test_a_picture_is_known_however_a_storefront_sends_its_address_back(
    admin: Client, kind: Kind, monkeypatch: pytest.MonkeyPatch, urls: str, address: str
) -> None:
    monkeypatch.setenv("MEDIA_URLS", urls)
    monkeypatch.setenv("MEDIA_BASE_URL", "https://cdn.example")
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "http://localhost:3000")
    kind.create(admin)
    key = kind.upload(admin, 1).json["key"]
    shown = kind.shown(admin, 1)
    assert shown[kind.pictures] == [f"/uploads/{key}" if urls == "relative" else f"https://cdn.example/{key}"]
    sent = address.format(key=key)
    admin.put(f"{kind.path}/1", json={kind.pictures: [sent], kind.single_field: sent})
    assert kind.shown(admin, 1)[kind.single_field] == shown[kind.pictures][0]
    assert stored_keys() == [key]
    kind.remove(admin, 1, sent)
    kind.remove(admin, 1, sent, kind.single)
    assert stored_keys() == []


def test_an_entry_has_its_own_copy_of_a_products_picture(admin: Client, kind: Kind) -> None:
    key = store_picture("products/3", picture())
    created = kind.create(admin, **{kind.pictures: [own_url(key)]})
    media.remove(key)
    assert stored_keys() == [key_of(created[kind.pictures][0])]
    kind.remove(admin, 1, created[kind.pictures][0])
    assert stored_keys() == []


def test_a_picture_that_is_replaced_or_left_out_goes(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    kept = kind.upload(admin, 1).json
    kind.upload(admin, 1)
    kind.upload(admin, 1, kind.single)
    icon = kind.upload(admin, 1, kind.single).json
    admin.put(f"{kind.path}/1", json={kind.pictures: [kept["url"]]})
    assert stored_keys() == sorted([kept["key"], icon["key"]])


def test_an_upload_past_the_shop_that_is_no_picture_is_refused_when_it_is_taken(
    admin: Client, kind: Kind
) -> None:
    address = admin.post("/api/upload/temp", params={"entity": kind.folder}).json
    media.store(address["key"], SVG, "image/jpeg")
    answer = admin.post(kind.path, json=kind.body("Ada", **{kind.pictures: [address["cdn_url"]]}))
    assert answer.status == 400
    assert "SVG" in answer.error
    assert admin.get(kind.path).json == []
