"""Discount codes over HTTP: both sets of names in and out, lists, statistics, trials and refusals."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import iso, utc_now
from tests.catalog.builders import actions_of, audit_of, created, ok, refused, rows_under
from tests.orders.cart_builders import a_code, cart_app
from tests.support.http import Answer, Client
from tests.support.tokens import every_guarded_route

PATH = "/api/admin/discounts"
UI = {"code": "spring-25", "type": "fixed_amount", "value": 25, "starts_at": "2026-01-01", "active": True}
API = {
    "code": "SPRING-25",
    "discount_type": "fixed",
    "discount_value": 25,
    "valid_from": "2026-01-01T00:00:00Z",
}
LIMITS = {
    "description": "For spring",
    "min_purchase": 60,
    "max_discount": Decimal("20.5"),
    "expires_at": "2999-06-01T00:00:00+02:00",
    "max_uses": 4,
}
# What only one set of names has is left out when it is not set.
NAMES_OF_ONE = {"description", "min_purchase_amount", "max_discount", "max_discount_amount"}

pytestmark = pytest.mark.usefixtures("table")


def _make(artist: Client, **fields: Any) -> dict[str, Any]:
    body = {"code": "SAVE10", "discount_type": "percentage", "discount_value": 10}
    made = created(artist.post(PATH, json=body | fields))
    assert made["discount"].items() <= made.items()
    return dict(made["discount"])


def _changed(answer: Answer) -> dict[str, Any]:
    return dict(ok(answer)["discount"])


def _try(code: Any, subtotal: Any, path: str = "/api/discounts/validate") -> Answer:
    return Client(cart_app()).post(path, json={"code": code, "cartTotal": subtotal})


def test_every_admin_route_refuses_strangers() -> None:
    assert every_guarded_route(cart_app()) == 7


@pytest.mark.parametrize("body", [UI, API], ids=["storefront", "api"])
def test_a_code_is_made_in_either_set_of_names_and_answered_in_both(
    artist: Client, body: dict[str, Any]
) -> None:
    answer = created(artist.post(PATH, json=body))
    assert answer["is_valid"] is True
    made = answer["discount"]
    begins = "2026-01-01" if body is UI else "2026-01-01T00:00:00.000Z"
    assert made == {
        "id": 1,
        "code": "SPRING-25",
        "discount_type": "fixed",
        "type": "fixed_amount",
        "discount_value": 25,
        "value": 25,
        "min_purchase": 0,
        "max_uses": None,
        "expires_at": None,
        "valid_from": begins,
        "starts_at": begins,
        "times_used": 0,
        "used_count": 0,
        "is_active": True,
        "active": True,
        "currency": "EUR",
        "includes_shipping": False,
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
    }


def test_limits_go_by_two_names_too_and_times_are_kept_in_utc(artist: Client) -> None:
    made = _make(artist, **LIMITS)
    assert (made["description"], made["max_uses"]) == ("For spring", 4)
    assert made["min_purchase"] == made["min_purchase_amount"] == 60
    assert made["max_discount"] == made["max_discount_amount"] == Decimal("20.5")
    assert made["expires_at"] == made["valid_until"] == "2999-05-31T22:00:00.000Z"
    assert ok(artist.get(PATH))["discounts"] == [made]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_null_clears_what_may_be_missing(artist: Client, method: str) -> None:
    path = f"{PATH}/{_make(artist, **LIMITS, valid_from='2998-01-01')['id']}"
    cleared = _changed(getattr(artist, method)(path, json=dict.fromkeys((*LIMITS, "valid_from"))))
    assert not {*NAMES_OF_ONE, "valid_until"} & cleared.keys()
    assert (cleared["min_purchase"], cleared["max_uses"], cleared["expires_at"]) == (0, None, None)
    assert cleared["valid_from"] == cleared["created_at"]
    assert ok(artist.get(path))["discount"] == cleared


def test_nulls_at_the_start_mean_nothing_was_said(artist: Client) -> None:
    made = _make(artist, **dict.fromkeys((*LIMITS, "starts_at")))
    assert not NAMES_OF_ONE & made.keys()
    assert (made["min_purchase"], made["max_uses"], made["expires_at"]) == (0, None, None)
    assert made["valid_from"] == made["created_at"]


@pytest.mark.parametrize(
    ("change", "shown"),
    [({"value": 30}, 30), ({"discount_value": 30}, 30), ({"active": False}, 10), ({"code": "save10"}, 10)],
    ids=repr,
)
def test_a_whole_code_may_be_sent_back_with_one_of_two_names_changed(
    artist: Client, change: dict[str, Any], shown: int
) -> None:
    made = _make(artist, **LIMITS)
    changed = _changed(artist.put(f"{PATH}/{made['id']}", json=made | change))
    assert changed["value"] == changed["discount_value"] == shown
    assert changed["active"] is changed["is_active"] is change.get("active", True)
    assert changed["code"] == "SAVE10"


def test_what_changes_nothing_writes_nothing(artist: Client) -> None:
    made = _make(artist)
    before = rows_under("DISCOUNT#1")
    assert _changed(artist.patch(f"{PATH}/1", json=made)) == made
    assert _changed(artist.patch(f"{PATH}/1", json=ok(artist.get(f"{PATH}/1")))) == made
    assert rows_under("DISCOUNT#1") == before
    assert actions_of("DiscountCode", 1) == ["CREATE"]


def test_a_renamed_code_frees_its_old_name(artist: Client) -> None:
    _make(artist)
    ok(artist.patch(f"{PATH}/1", json={"code": "other"}))
    refused(artist.post(PATH, json=API | {"code": "OTHER"}), 409, "OTHER")
    assert _make(artist)["id"] == 3
    refused(artist.patch(f"{PATH}/1", json={"code": "SAVE10"}), 409, "SAVE10")
    assert _try("other", 10).json["discount"]["id"] == 1


def test_a_deleted_code_is_gone_and_its_name_is_free(artist: Client) -> None:
    path = f"{PATH}/{_make(artist)['id']}"
    assert ok(artist.delete(path)) == {"message": "Discount code deleted", "id": 1}
    for answer in (
        artist.get(path),
        artist.get(f"{path}/stats"),
        artist.delete(path),
        artist.patch(path, json={"value": 1}),
    ):
        refused(answer, 404, "Discount code not found")
    assert ok(artist.get(PATH))["total"] == 0
    assert _try("SAVE10", 10).json["valid"] is False
    _make(artist)


@pytest.mark.parametrize("wanted", ["0", "99", "x", "-1", "9" * 30, "²"])
def test_a_code_that_is_not_there_is_not_found(artist: Client, wanted: str) -> None:
    refused(artist.get(f"{PATH}/{wanted}"), 404, "Discount code not found")
    refused(artist.put(f"{PATH}/{wanted}", json={"value": 1}), 404)
    refused(artist.delete(f"{PATH}/{wanted}"), 404)


def test_each_step_is_in_the_audit_log_with_before_and_after(artist: Client) -> None:
    _make(artist)
    ok(artist.patch(f"{PATH}/1", json={"value": 15, "max_uses": 3}))
    ok(artist.delete(f"{PATH}/1"))
    assert sorted(actions_of("DiscountCode", 1)) == ["CREATE", "DELETE", "UPDATE"]
    (update,) = [entry for entry in audit_of("DiscountCode", 1) if entry.action == "UPDATE"]
    assert update.changes == {"discount_value": {"old": 10, "new": 15}, "max_uses": {"old": None, "new": 3}}


BAD = [
    {"code": None},
    {"code": ""},
    {"code": "AB"},
    {"code": "A" * 51},
    {"code": "SAVE 10"},
    {"code": "SAVE#10"},
    {"code": 12345},
    {"discount_type": "other"},
    {"type": ["fixed"]},
    {"discount_value": 0},
    {"discount_value": -5},
    {"value": "many"},
    {"value": True},
    {"value": Decimal("1.005")},
    {"value": Decimal("100.01")},
    {"value": 10**12},
    {"min_purchase": -1},
    {"max_discount": 0},
    {"max_uses": 0},
    {"max_uses": 1.5},
    {"max_uses": True},
    {"max_uses": 10**12},
    {"starts_at": "soon"},
    {"starts_at": 5},
    {"expires_at": "0001-01-01T00:00:00+14:00"},
    {"expires_at": "2000-01-01"},
    {"expires_at": "9999-12-31T23:59:59-12:00"},
    {"starts_at": "2026-05-01", "expires_at": "2026-04-30"},
    {"active": "yes"},
    {"active": None},
    {"description": "x" * 501},
]


@pytest.mark.parametrize("wrong", BAD, ids=repr)
def test_bad_fields_are_refused_and_change_nothing(artist: Client, wrong: dict[str, Any]) -> None:
    body = {"code": "SAVE10", "discount_type": "percentage", "discount_value": 10}
    refused(artist.post(PATH, json=body | wrong), 400)
    assert ok(artist.get(PATH))["total"] == 0
    _make(artist)
    before = rows_under("DISCOUNT#1")
    refused(artist.patch(f"{PATH}/1", json=wrong), 400)
    assert rows_under("DISCOUNT#1") == before


def test_fields_are_held_against_those_that_stay(artist: Client) -> None:
    _make(artist, discount_type="fixed", discount_value=150, valid_from="2026-01-01")
    refused(artist.patch(f"{PATH}/1", json={"type": "percentage"}), 400, "at most 100")
    refused(artist.patch(f"{PATH}/1", json={"expires_at": "2025-12-31"}), 400, "valid_until")
    ok(artist.patch(f"{PATH}/1", json={"type": "percentage", "value": 100}))


@pytest.mark.parametrize("body", [{}, {"unknown": 1}, [], None], ids=repr)
def test_a_change_of_nothing_is_refused(artist: Client, body: Any) -> None:
    _make(artist)
    refused(artist.patch(f"{PATH}/1", json=body), 400)


@pytest.mark.parametrize("missing", ["code", "discount_type", "discount_value"])
def test_a_new_code_needs_its_fields(artist: Client, missing: str) -> None:
    body = {name: value for name, value in API.items() if name != missing}
    refused(artist.post(PATH, json=body), 400, f"{missing} is required")


@pytest.fixture
def many() -> None:
    """Seven codes, each a minute younger than the one before; every third is switched off."""
    for number in range(1, 8):
        made = iso(utc_now() - timedelta(minutes=60 - number))
        kind = "fixed" if number % 2 else "percentage"
        a_code(f"CODE{number}", id=number, created_at=made, is_active=number % 3 != 0, discount_type=kind)


def _listed(artist: Client, **query: Any) -> list[int]:
    return [code["id"] for code in ok(artist.get(PATH, params=query))["discounts"]]


def test_the_list_has_all_codes_newest_first_with_the_true_total(artist: Client, many: None) -> None:
    body = ok(artist.get(PATH, params={"page": 2, "per_page": 3}))
    assert [code["id"] for code in body["discounts"]] == [4, 3, 2]
    assert {name: body[name] for name in ("total", "count", "page", "per_page")} == {
        "total": 7,
        "count": 3,
        "page": 2,
        "per_page": 3,
    }
    assert _listed(artist) == [7, 6, 5, 4, 3, 2, 1]
    assert _listed(artist, page=4, per_page=3) == []


def test_the_list_is_narrowed(artist: Client, many: None) -> None:
    assert _listed(artist, is_active="true") == [7, 5, 4, 2, 1]
    assert _listed(artist, active="false") == [6, 3]
    assert _listed(artist, type="fixed_amount") == [7, 5, 3, 1]
    assert _listed(artist, discount_type="percentage", is_active="true") == [4, 2]
    assert _listed(artist, search="code5") == [5]
    assert _listed(artist, type="[object Object]", active="[object Object]") == _listed(artist)
    over = {"valid_until": "2020-01-01T00:00:00.000Z", "description": "Perché no"}
    a_code("OVER", id=8, **over, created_at=iso(utc_now()))
    assert _listed(artist, search="PERCHE\u0301") == _listed(artist, search="perche") == [8]
    assert _listed(artist, valid="true") == [7, 5, 4, 2, 1]
    assert _listed(artist, valid="false") == [8, 6, 3]
    assert ok(artist.get(PATH, params={"is_active": "false", "per_page": 1}))["total"] == 2


@pytest.mark.parametrize(
    "query",
    [
        {"is_active": "maybe"},
        {"valid": "maybe"},
        {"type": "other"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "x"},
        {"cursor": "x.y"},
    ],
    ids=repr,
)
def test_a_list_that_cannot_be_is_refused(artist: Client, query: dict[str, str]) -> None:
    refused(artist.get(PATH, params=query), 400)


def test_a_cursor_walks_through_the_list_while_codes_are_made(artist: Client, many: None) -> None:
    seen, cursor = [], ""
    while True:
        body = ok(artist.get(PATH, params={"limit": 3, "cursor": cursor}))
        seen += [code["id"] for code in body["discounts"]]
        if "nextCursor" not in body:
            break
        cursor = body["nextCursor"]
        a_code(f"NEW{len(seen)}", id=100 + len(seen), created_at=iso(utc_now()))
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    refused(artist.get(PATH, params={"cursor": cursor, "active": "true"}), 400, "cursor")


@pytest.mark.parametrize(
    ("fields", "good"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"max_uses": 2, "times_used": 2}, False),
        ({"valid_until": "2020-01-01T00:00:00.000Z"}, False),
        ({"valid_from": "2999-01-01T00:00:00.000Z"}, False),
    ],
    ids=repr,
)
def test_one_code_says_whether_it_can_be_used(artist: Client, fields: dict[str, Any], good: bool) -> None:
    a_code(**fields)
    body = ok(artist.get(f"{PATH}/1"))
    assert body["is_valid"] is good
    assert body["discount"]["code"] == body["code"] == "SAVE10"
    assert body["discount"]["id"] == body["id"] == 1


def test_statistics_without_and_with_limits(artist: Client) -> None:
    a_code()
    shown = ok(artist.get(f"{PATH}/1/stats"))
    assert (shown["remaining_uses"], shown["days_until_expiry"], shown["is_valid"]) == (-1, None, True)
    assert not {"max_uses", "usage_percentage"} & shown.keys()
    assert (shown["is_expired"], shown["is_max_uses_reached"]) == (False, False)
    ends = iso(utc_now() + timedelta(days=2, hours=1))
    a_code("LIMITED", id=2, max_uses=3, times_used=1, valid_until=ends)
    shown = ok(artist.get(f"{PATH}/2/stats"))
    assert (shown["code"], shown["times_used"], shown["used_count"]) == ("LIMITED", 1, 1)
    assert (shown["remaining_uses"], shown["max_uses"], shown["days_until_expiry"]) == (2, 3, 3)
    assert shown["usage_percentage"] == Decimal("33.33")
    assert shown["discount"]["code"] == "LIMITED"


def test_statistics_of_a_code_that_is_over(artist: Client) -> None:
    a_code(max_uses=2, times_used=3, valid_until="2020-01-01T00:00:00.000Z")
    shown = ok(artist.get(f"{PATH}/1/stats"))
    assert (shown["remaining_uses"], shown["days_until_expiry"], shown["is_valid"]) == (0, 0, False)
    assert (shown["is_expired"], shown["is_max_uses_reached"]) == (True, True)
