"""Enterprises over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.collation import collation_key
from common.dynamodb import attr, batch_write, delete_item, get_item, meter, put_item
from common.repositories.audit import entries_of_entity
from shop.repositories.enterprises import Enterprise, enterprise_item, enterprise_key
from shop.schemas import LONGEST_NAME
from tests.support.http import Answer, Client

PATH = "/api/enterprises"
DEBUG = f"{PATH}/debug/dynamodb"
MOMENT = "2026-01-31T10:00:00.000Z"
BROUGHT = Enterprise("42", "Premium Plan", MOMENT, MOMENT, original_pg_id=42)
NAMELESS = Enterprise("7", None, MOMENT, MOMENT, original_pg_id=7)
UNKNOWN = "00000000-0000-4000-8000-000000000000"

NO_NAMES: list[Any] = [{}, {"name": None}, {"name": ""}, {"name": " \t\n"}]
BAD_NAMES: list[tuple[Any, str]] = [
    (7, "name must be text"),
    (True, "name must be text"),
    (["a"], "name must be text"),
    ("x" * (LONGEST_NAME + 1), f"name must be at most {LONGEST_NAME} characters"),
    ("a\x00b", "name must not contain NUL characters"),
]


def store(*enterprises: Enterprise) -> None:
    assert not batch_write([enterprise_item(enterprise) for enterprise in enterprises]).failed


def create(admin: Client, name: str = "Alpha") -> dict[str, Any]:
    answer = admin.post(PATH, json={"name": name})
    assert answer.status == 201, answer
    created: dict[str, Any] = answer.json
    return created


def names(admin: Client, **params: str) -> list[str | None]:
    return [each.get("name") for each in admin.get(PATH, params=params).json]


def actions(enterprise_id: str) -> list[str]:
    return sorted(entry.action for entry in entries_of_entity("Enterprise", enterprise_id, 50).entries)


def test_a_new_enterprise_has_a_uuid_a_name_and_two_equal_times(admin: Client) -> None:
    created = create(admin, "  Premium Plan Enterprise ")
    assert created.keys() == {"id", "name", "createdAt", "updatedAt"}
    assert UUID(created["id"]).version == 4
    assert created["name"] == "Premium Plan Enterprise"
    assert created["createdAt"] == created["updatedAt"]
    assert created["createdAt"].endswith("Z")
    assert admin.get(f"{PATH}/{created['id']}").json == created
    assert actions(created["id"]) == ["CREATE"]


def test_its_row_has_both_names_of_everything(admin: Client) -> None:
    created = create(admin)
    row = get_item(enterprise_key(created["id"]))
    assert row is not None
    assert row["enterprise_name"] == row["name"] == "Alpha"
    assert row["created_date"] == row["createdAt"] == row["updated_date"] == row["updatedAt"]
    assert row["entity_type"] == "enterprise"
    assert "migrated_from_pg" not in row


def test_two_enterprises_may_have_one_name(admin: Client) -> None:
    first, second = create(admin), create(admin)
    assert first["id"] != second["id"]
    assert names(admin) == ["Alpha", "Alpha"]


def test_what_else_is_sent_is_ignored(admin: Client) -> None:
    sent = {"name": "Alpha", "id": "mine", "createdAt": "x", "PK": "ORDER#1", "original_pg_id": 3}
    created = admin.post(PATH, json=sent)
    assert created.status == 201
    assert UUID(created.json["id"]).version == 4
    assert get_item(("ORDER#1", "METADATA")) is None


@pytest.mark.parametrize("body", NO_NAMES)
def test_an_enterprise_needs_a_name(admin: Client, body: Any) -> None:
    created = create(admin)
    for answer in (
        admin.post(PATH, json=body),
        admin.put(f"{PATH}/{created['id']}", json=body),
        admin.put(PATH, json=body | {"id": created["id"]}),
        admin.put(f"{PATH}/{UNKNOWN}", json=body),
    ):
        assert (answer.status, answer.error) == (400, "name required")
    assert admin.get(PATH).json == [created]


@pytest.mark.parametrize(("name", "complaint"), BAD_NAMES)
def test_a_name_is_a_short_text(admin: Client, name: Any, complaint: str) -> None:
    created = create(admin)
    for answer in (
        admin.post(PATH, json={"name": name}),
        admin.put(f"{PATH}/{created['id']}", json={"name": name}),
    ):
        assert answer.status == 400
        assert answer.error == complaint
    assert admin.get(PATH).json == [created]


@pytest.mark.parametrize("body", ["", "{", "[]", '"Alpha"', "null", "{'name': 'Alpha'}"])
def test_a_body_that_is_no_object_is_refused(admin: Client, body: str) -> None:
    assert admin.post(PATH, data=body).status == 400
    assert admin.put(PATH, data=body).status == 400
    assert admin.put(f"{PATH}/{UNKNOWN}", data=body).status == 400
    assert admin.get(PATH).json == []


def test_a_megabyte_of_name_is_refused(admin: Client) -> None:
    assert admin.post(PATH, json={"name": "x" * 1024 * 1024}).status == 413
    assert admin.get(PATH).json == []


def test_the_list_is_by_name_whatever_the_capitals(admin: Client) -> None:
    assert admin.get(PATH).json == []
    for name in ("Beta", "alpha two", "ALPHA", "Ärger", "beta"):
        create(admin, name)
    store(NAMELESS, BROUGHT)
    assert names(admin) == [None, "ALPHA", "alpha two", "Ärger", "Beta", "beta", "Premium Plan"]
    assert admin.get(PATH).json[0] == {"id": "7", "createdAt": MOMENT, "updatedAt": MOMENT}


def test_the_list_goes_on_behind_a_megabyte(admin: Client) -> None:
    long = [Enterprise(str(n), f"{n:04} " + "x" * 9_000, MOMENT, MOMENT, n) for n in range(1, 151)]
    store(*long)
    with meter() as usage:
        listed = admin.get(PATH).json
    assert [each["id"] for each in listed] == [each.id for each in long]
    assert usage.calls > 1


@given(called=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30), max_size=9))
def test_whatever_they_are_called_the_list_has_all_in_the_order_of_people(
    admin: Client, called: list[str]
) -> None:
    those = [Enterprise(str(n), name, MOMENT, MOMENT, n) for n, name in enumerate(called)]
    store(*those)
    listed = admin.get(PATH).json
    for each in those:
        delete_item(enterprise_key(each.id))
    keys = [(*collation_key(each["name"]), each["id"]) for each in listed]
    assert keys == sorted(keys)
    assert sorted(each["name"] for each in listed) == sorted(called)


def test_those_of_one_name_are_found_by_it(admin: Client) -> None:
    first = create(admin, "Alpha")
    others = [create(admin, name) for name in ("alpha", "Alpha#1", "Alpha two", "Al")]
    assert names(admin, name="Alpha") == ["Alpha"]
    assert admin.get(PATH, params={"name": "Alpha"}).json == [first]
    assert admin.get(PATH, params={"name": "Alpha#1"}).json == [others[1]]
    assert admin.get(PATH, params={"name": "nobody"}).json == []
    assert len(admin.get(PATH, params={"name": ""}).json) == 5


def test_long_names_that_begin_alike_are_told_apart(admin: Client) -> None:
    created = [create(admin, "x" * 220 + end) for end in "ab"]
    assert admin.get(PATH, params={"name": "x" * 220 + "b"}).json == created[1:]


def test_what_is_not_there_is_null(admin: Client) -> None:
    created = create(admin)
    for unknown in (UNKNOWN, created["id"].upper(), "METADATA", "%23", "42", "ENT%2342", "%20"):
        answer = admin.get(f"{PATH}/{unknown}")
        assert (answer.status, answer.text) == (200, "null"), unknown
    assert admin.get(f"{PATH}/{'x' * 600}").status == 404


def test_renaming_keeps_everything_but_name_and_time(admin: Client) -> None:
    created = create(admin)
    answer = admin.put(f"{PATH}/{created['id']}", json={"name": " Omega ", "createdAt": "never", "id": "x"})
    assert answer.status == 200
    assert answer.json == created | {"name": "Omega", "updatedAt": answer.json["updatedAt"]}
    assert answer.json["updatedAt"] >= created["updatedAt"]
    assert admin.get(f"{PATH}/{created['id']}").json == answer.json
    assert names(admin) == ["Omega"]
    assert names(admin, name="Alpha") == []
    entry = entries_of_entity("Enterprise", created["id"], 1).entries[0]
    assert (entry.action, entry.changes) == ("UPDATE", {"name": {"old": "Alpha", "new": "Omega"}})


def test_renaming_by_the_id_in_the_body_is_the_same(admin: Client) -> None:
    created = create(admin)
    answer = admin.put(PATH, json={"id": created["id"], "name": "Omega"})
    assert answer.json == created | {"name": "Omega", "updatedAt": answer.json["updatedAt"]}


@pytest.mark.parametrize("given_id", [None, "", 0, False, [], {}])
def test_without_an_id_in_the_body_the_answer_says_so(admin: Client, given_id: Any) -> None:
    for body in ({"id": given_id, "name": "Omega"}, {"id": given_id}, {"name": "Omega"}):
        answer = admin.put(PATH, json=body)
        assert (answer.status, answer.json) == (200, {"error": "id required"})
    assert admin.get(PATH).json == []


@pytest.mark.parametrize("given_id", [UNKNOWN, "nobody", 42, True, 4.5, ["42"], {"a": 1}, "x" * 3_000, "#"])
def test_nobody_is_made_by_renaming_who_is_not_there(admin: Client, given_id: Any) -> None:
    answer = admin.put(PATH, json={"id": given_id, "name": "Omega"})
    assert (answer.status, answer.json) == (200, {"error": "Not found"})
    assert admin.put(f"{PATH}/{UNKNOWN}", json={"name": "Omega"}).json == {"error": "Not found"}
    assert admin.get(PATH).json == []
    assert get_item(enterprise_key(UNKNOWN)) is None
    assert actions(UNKNOWN) == []


@pytest.mark.parametrize("given_id", ["42", 42])
def test_what_came_from_postgresql_is_read_and_changed_like_any_other(admin: Client, given_id: Any) -> None:
    store(BROUGHT, NAMELESS)
    assert admin.get(f"{PATH}/42").json == {
        "id": "42",
        "name": "Premium Plan",
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
    }
    renamed = admin.put(PATH, json={"id": given_id, "name": "Basic"}).json
    assert (renamed["id"], renamed["name"], renamed["createdAt"]) == ("42", "Basic", MOMENT)
    row = get_item(enterprise_key("42"))
    assert row is not None
    assert (row["migrated_from_pg"], row["original_pg_id"]) == (True, 42)
    assert (row["enterprise_name"], row["name"]) == ("Basic", "Basic")
    assert row["updated_date"] == row["updatedAt"] == renamed["updatedAt"] > MOMENT
    assert admin.put(f"{PATH}/7", json={"name": "Named"}).json["name"] == "Named"
    assert names(admin) == ["Basic", "Named"]
    assert admin.delete(f"{PATH}/42").json == {}
    assert names(admin) == ["Named"]


def test_a_name_that_came_too_long_may_stay(admin: Client) -> None:
    long = Enterprise("9", "x" * 1_000, MOMENT, MOMENT, 9)
    store(long)
    assert admin.put(f"{PATH}/9", json={"name": long.name}).json["name"] == long.name
    assert admin.put(f"{PATH}/9", json={"name": "y" * 1_000}).status == 400


def test_deleting_answers_the_same_however_often(admin: Client) -> None:
    created = create(admin)
    for _ in range(2):
        answer = admin.delete(f"{PATH}/{created['id']}")
        assert (answer.status, answer.json) == (200, {})
    assert admin.get(f"{PATH}/{created['id']}").text == "null"
    assert admin.get(PATH).json == []
    assert actions(created["id"]) == ["CREATE", "DELETE"]


def test_other_rows_of_an_enterprise_stay_when_it_goes(admin: Client) -> None:
    store(BROUGHT)
    put_item({"PK": "ENT#42", "SK": "EPS#1", "entity_type": "enterprise_linkage"})
    admin.delete(f"{PATH}/42")
    assert get_item(("ENT#42", "EPS#1")) is not None


def test_a_deletion_names_what_is_deleted(admin: Client) -> None:
    assert admin.delete(PATH).status == 405


def test_an_old_form_is_not_saved_over_a_newer_name(admin: Client) -> None:
    created = create(admin)
    place = f"{PATH}/{created['id']}"
    seen = admin.get(place)
    store(Enterprise(created["id"], "Newer", MOMENT, "2999-01-01T00:00:00.000Z"))
    stale = admin.put(place, json={"name": "Old"}, headers={"If-Match": seen.headers["ETag"]})
    assert stale.status == 412
    assert admin.put(place, json=seen.json | {"name": "Old"}).status == 409
    assert admin.put(PATH, json=seen.json | {"name": "Old"}).status == 409
    assert names(admin) == ["Newer"]
    fresh = admin.get(place)
    tag = {"If-Match": fresh.headers["ETag"]}
    assert admin.put(place, json={"name": "Newest"}, headers=tag).json["name"] == "Newest"


def look(admin: Client) -> Answer:
    answer = admin.get(DEBUG)
    assert answer.status == 200
    return answer


def test_a_look_at_an_empty_table_shows_its_name(admin: Client, table: str) -> None:
    assert look(admin).json == {"tableName": table, "totalItems": 0, "items": [], "itemStructure": []}


def test_a_look_at_the_table_shows_ten_rows_of_enterprises_and_of_nothing_else(admin: Client) -> None:
    store(*(Enterprise(str(n), f"E{n:02}", MOMENT, MOMENT, n) for n in range(12)))
    put_item({"PK": "ENT#1", "SK": "EPS#1", "entity_type": "enterprise_linkage"})
    admin.get(PATH)
    report = look(admin).json
    assert report["totalItems"] == 12
    assert [row["enterprise_name"] for row in report["items"]] == [f"E{n:02}" for n in range(10)]
    assert {row["entity_type"] for row in report["items"]} == {"enterprise"}
    assert report["itemStructure"] == list(report["items"][0])
    assert report["items"][0]["PK"] == "ENT#0"
    assert report["items"][0]["original_pg_id"] == 0


def test_it_shows_nothing_that_somebody_else_has_put_into_a_row(admin: Client) -> None:
    secrets = {"token": "t0ken", "password_hash": "$argon2", "email": "a@b.it", "address": "Via 1"}
    # With a condition, so that it has the mark of a single write too.
    put_item(enterprise_item(BROUGHT) | secrets, condition=attr("PK").missing())
    put_item({"PK": "USER#1", "SK": "METADATA", "email": "c@d.it"})
    text = look(admin).text
    for secret in ("t0ken", "argon2", "@", "Via", "write_id", "password", "email", "USER"):
        assert secret not in text


def test_a_look_reads_so_many_rows_and_no_more(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.enterprises.MOST_COUNTED", 12)
    store(*(Enterprise(str(n), f"E{n:02}", MOMENT, MOMENT, n) for n in range(20)))
    assert look(admin).json["totalItems"] == 12


def test_a_table_that_cannot_be_read_is_named_without_its_reason(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.exceptions import ClientError

    def fail(_limit: int) -> list[Any]:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "arn:aws:x"}}, "Query")

    monkeypatch.setattr("shop.enterprises.enterprise_rows", fail)
    answer = look(admin)
    assert answer.json == {"tableName": answer.json["tableName"], "error": "The table could not be read"}
    assert "arn" not in answer.text


def test_nobody_else_may_look_or_write(visitor: Client) -> None:
    for method, path in (
        ("POST", PATH),
        ("GET", PATH),
        ("PUT", PATH),
        ("GET", f"{PATH}/1"),
        ("PUT", f"{PATH}/1"),
        ("DELETE", f"{PATH}/1"),
        ("GET", DEBUG),
    ):
        assert visitor.request(method, path).status == 401
