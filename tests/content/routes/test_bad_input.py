"""What cannot be used is refused with a 4xx that names it, and nothing is stored."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.content.samples import FUMETTO, PERSONAGGIO, Kind
from tests.support.http import Answer, Client

WEB = "https://example.com/"

REFUSED_FIELDS = [
    ("description", 7),
    ("description", "x" * 5001),
    ("description", "nul \x00 inside"),
    ("order", -1),
    ("order", 10**10),
    ("order", "first"),
    ("order", 1.5),
    ("order", True),
    ("order", [1]),
    ("PK", "PERSONAGGIO#2"),
    ("SK", "METADATA"),
    ("GSI1PK", "PERSONAGGIO_ORDER"),
    ("expires_at", 1),
]
REFUSED_PICTURES: list[Any] = [
    7,
    "not a list",
    "[1",
    '{"a": 1}',
    [7],
    [None],
    [""],
    ["javascript:alert(1)"],
    ["data:image/png;base64,AAAA"],
    ["//example.com/a.png"],
    ["/../secrets"],
    ["uploads/../../x"],
    ["/"],
    ["http://"],
    ["http://[broken/a.png"],
    ["/a\\b.png"],
    ['/a"onerror=.png'],
    [WEB + "a" * 1000],
    ["/a.png"] * 201,
    ['["\\u0000"]'],
]
REFUSED_PERSONAGGIO = [
    ("backgroundColor", "red"),
    ("backgroundColor", "#12345"),
    ("backgroundColor", "#123456\n"),
    ("gradientFrom", 7),
    ("backgroundType", "stripes"),
    ("backgroundType", {}),
    ("icon", "javascript:alert(1)"),
    ("icon", {}),
    ("name", ""),
    ("name", "   "),
    ("name", "x" * 101),
    ("name", None),
    ("name", ["Ada"]),
    ("images", [WEB] * 21),
]
UNUSABLE_BODIES = {
    "": "Request body is required",
    "{": "Invalid JSON in request body",
    '{"order": NaN}': "order must be a number, not NaN",
    '{"order": 1e999}': "order is a number out of range",
    "[]": "Request body must be a JSON object",
    "{}": "is required",
    '"text"': "Request body must be a JSON object",
}
BAD_IDS = ["METADATA", "0", "-1", "1.5", "..%2Fx", "1e3", "١", "9" * 16, "1%2F2", "deleted%20"]


def nothing_stored(kind: Kind) -> bool:
    return kind.collection.live() == [] and kind.collection.deleted() == []


def refused(answer: Answer, named: str) -> bool:
    """Whether the answer is a 400 that names what is wrong."""
    return answer.status == 400 and named in answer.error


def test_a_wrong_field_is_named(admin: Client, kind: Kind) -> None:
    for field, value in REFUSED_FIELDS:
        answer = admin.post(kind.path, json={**kind.body(), field: value})
        assert refused(answer, field), (field, value, answer)
    assert nothing_stored(kind)


def test_a_wrong_field_does_not_change_an_entry(admin: Client, kind: Kind) -> None:
    created = kind.create(admin)
    for field, value in REFUSED_FIELDS:
        answer = admin.put(f"{kind.path}/1", json={kind.name: "New", field: value})
        assert refused(answer, field), (field, value, answer)
    assert kind.shown(admin, 1) == created


def test_wrong_pictures_are_named(admin: Client, kind: Kind) -> None:
    for pictures in REFUSED_PICTURES:
        answer = admin.post(kind.path, json={**kind.body(), kind.pictures: pictures})
        assert refused(answer, kind.pictures), (pictures, answer)
    assert nothing_stored(kind)


def test_a_wrong_field_of_a_personaggio_is_named(admin: Client) -> None:
    for field, value in REFUSED_PERSONAGGIO:
        answer = admin.post("/api/personaggi", json={**PERSONAGGIO.body(), field: value})
        assert refused(answer, field), (field, value, answer)
    assert nothing_stored(PERSONAGGIO)


def test_a_new_entry_brings_no_dates(admin: Client, kind: Kind) -> None:
    for field in ("created_at", "updatedAt", "deleted_at"):
        answer = admin.post(kind.path, json={**kind.body(), field: "1999-01-01T00:00:00Z"})
        assert (answer.status, answer.error) == (400, f"{field} must not be set")
    assert nothing_stored(kind)


def test_lists_that_would_not_fit_into_a_row_are_refused(admin: Client) -> None:
    pages = [f"{WEB}{'é' * 900}{number}" for number in range(120)]
    answer = admin.post("/api/fumetti", json={**FUMETTO.body(), "pages": pages})
    assert answer.status == 400
    assert "pages" in answer.error


def test_an_unusable_body_is_refused(admin: Client, kind: Kind) -> None:
    for body, error in UNUSABLE_BODIES.items():
        answer = admin.post(kind.path, data=body)
        assert refused(answer, error), (body, answer)
    assert nothing_stored(kind)


def test_an_update_of_nothing_is_refused(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    for body in ({}, {"id": 4}, {"created_at": "1999-01-01T00:00:00Z"}, {"unknown": 1}):
        assert refused(admin.put(f"{kind.path}/1", json=body), "No fields to update"), body


def test_an_id_must_be_a_positive_integer(admin: Client, kind: Kind) -> None:
    for bad_id in BAD_IDS:
        for method, suffix in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/restore")):
            answer = admin.request(method, f"{kind.path}/{bad_id}{suffix}", json=kind.body())
            assert (answer.status, answer.error) == (400, "id must be a positive integer"), bad_id


def test_an_id_with_a_nul_character_is_refused(admin: Client, kind: Kind) -> None:
    assert refused(admin.get(f"{kind.path}/%00"), kind.key)


def test_a_removal_names_its_picture(admin: Client) -> None:
    PERSONAGGIO.create(admin)
    for wrong in ({}, {"imageUrl": 7}, {"imageUrl": ""}, {"pageUrl": "/a"}, {"imageUrl": "x" * 2001}):
        answer = admin.delete("/api/personaggi/1/images", json=wrong)
        assert refused(answer, "imageUrl"), (wrong, answer)


def test_a_removal_of_an_unknown_type_is_refused(admin: Client, kind: Kind) -> None:
    kind.create(admin)
    answer = kind.remove(admin, 1, "/a.png", "banner")
    assert answer.status == 400
    assert "type" in answer.error


FIELDS = st.sampled_from(
    [
        *(
            "name",
            "title",
            "description",
            "icon",
            "images",
            "pages",
            "order",
            "backgroundColor",
            "coverImage",
        ),
        *("background_type", "gradientFrom", "imageUrl", "pageUrl", "type", "PK", "created_at", "__proto__"),
    ]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS | st.text(), inner, max_size=3),
)
BODIES = VALUES | st.dictionaries(FIELDS, VALUES, max_size=6)
WRITES = st.sampled_from(
    [
        ("POST", ""),
        ("PUT", "/1"),
        ("DELETE", "/1"),
        ("POST", "/1/restore"),
        ("POST", "/1/upload"),
        ("DELETE", "/1/images"),
        ("DELETE", "/1/pages"),
    ]
)


@pytest.mark.exhaustive
@given(body=BODIES, write=WRITES)
@hypothesis_settings(max_examples=150)
def test_no_body_makes_the_server_fail(admin: Client, kind: Kind, body: Any, write: tuple[str, str]) -> None:
    method, suffix = write
    if admin.post(f"{kind.path}/1/restore").status == 404:
        kind.create(admin)
    assert admin.request(method, f"{kind.path}{suffix}", json=body).status < 500


@given(body=BODIES, query=st.dictionaries(st.sampled_from(["content_type", "entity"]), st.text(), max_size=2))
def test_no_body_makes_the_temporary_upload_fail(admin: Client, body: Any, query: dict[str, str]) -> None:
    assert admin.post("/api/upload/temp", json=body, params=query).status < 500
