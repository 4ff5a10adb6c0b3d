"""Reading the audit log over HTTP."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from common.audit import record
from common.clock import epoch, iso, utc_now
from common.dates import stated
from common.dynamodb import UnitOfWork
from common.http import Identity, Role
from tests.support.http import Answer, Client

NOON = utc_now().replace(hour=12, minute=0, second=0, microsecond=0)
TODAY = iso(NOON)[:10]
RANGE = "/api/admin/audit/date-range"


def change(action: str, moment: datetime = NOON, *, entity_id: int = 7, user: str = "1") -> None:
    """A change that was made at `moment`."""
    with UnitOfWork() as work:
        record(
            work,
            actor=Identity(user, "admin", Role.ADMIN),
            action=action,
            entity_type="Personaggio",
            entity_id=entity_id,
            now=moment,
            changes={"name": {"old": "A", "new": "B"}},
        )


def actions(answer: Answer) -> list[str]:
    assert answer.status == 200, answer
    return [entry["action"] for entry in answer.json["logs"]]


def in_range(admin: Client, start: str = TODAY, end: str = TODAY, **params: Any) -> Answer:
    return admin.get(RANGE, params={"startDate": start, "endDate": end, **params})


def test_an_entry_has_the_fields_that_clients_read(admin: Client) -> None:
    change("UPDATE")
    answer = admin.get("/api/admin/audit/entity/Personaggio/7")
    (entry,) = answer.json["logs"]
    assert answer.json == {"logs": [entry], "count": 1}
    assert {name: value for name, value in entry.items() if name != "id"} == {
        "entity_type": "Personaggio",
        "entity_id": "7",
        "user_id": "1",
        "action": "UPDATE",
        "changes": {"name": {"old": "A", "new": "B"}},
        "created_at": iso(NOON),
        "expires_at": epoch(NOON + timedelta(days=365)),
    }


def test_entries_of_an_entity_and_of_a_user(admin: Client) -> None:
    change("CREATE", NOON - timedelta(seconds=1))
    change("UPDATE")
    change("DELETE", entity_id=8, user="2")
    assert actions(admin.get("/api/admin/audit/entity/Personaggio/7")) == ["UPDATE", "CREATE"]
    assert actions(admin.get("/api/admin/audit/user/2")) == ["DELETE"]
    assert actions(admin.get("/api/admin/audit/user/nobody")) == []


def test_a_date_range_includes_the_whole_end_day(admin: Client) -> None:
    day = stated(TODAY)
    midnight, last = day.start, day.last
    change("TOMORROW", last + timedelta(milliseconds=1))
    change("LAST", last)
    change("FIRST", midnight)
    change("YESTERDAY", midnight - timedelta(milliseconds=1))
    assert actions(in_range(admin)) == ["LAST", "FIRST"]
    yesterday = iso(NOON - timedelta(days=1))[:10]
    assert actions(in_range(admin, yesterday)) == ["LAST", "FIRST", "YESTERDAY"]


def test_an_end_with_a_time_is_that_moment(admin: Client) -> None:
    change("AFTER", NOON + timedelta(milliseconds=1))
    change("AT")
    assert actions(in_range(admin, TODAY, iso(NOON))) == ["AT"]


@pytest.mark.parametrize("path", [RANGE, "/api/admin/audit/entity/Personaggio/7", "/api/admin/audit/user/1"])
def test_pages_follow_each_other(admin: Client, path: str) -> None:
    for number in range(5):
        change(f"A{number}", NOON - timedelta(days=number // 2, seconds=number))
    span = {"startDate": iso(NOON - timedelta(days=9))[:10], "endDate": TODAY}
    seen, cursor = [], ""
    for _ in range(3):
        answer = admin.get(path, params={**span, "perPage": 2, "lastEvaluatedKey": cursor})
        seen += actions(answer)
        cursor = answer.json.get("lastEvaluatedKey", "")
    assert (seen, cursor) == (["A0", "A1", "A2", "A3", "A4"], "")


def test_a_page_has_30_entries_by_default_and_100_at_most(admin: Client) -> None:
    for number in range(101):
        change("UPDATE", NOON - timedelta(seconds=number))
    assert in_range(admin).json["count"] == 30
    assert in_range(admin, perPage=100000).json["count"] == 100


@pytest.mark.parametrize("per_page", ["0", "-1", "two", "1.5", "٣"])
def test_a_page_size_must_be_a_positive_integer(admin: Client, per_page: str) -> None:
    answer = in_range(admin, perPage=per_page)
    assert (answer.status, answer.error) == (400, "perPage must be a positive integer")


def test_tampered_and_foreign_cursors_are_refused(admin: Client) -> None:
    for number in range(3):
        change("UPDATE", NOON - timedelta(seconds=number))
    cursor = in_range(admin, perPage=1).json["lastEvaluatedKey"]
    by_user = admin.get("/api/admin/audit/user/1", params={"perPage": 1}).json["lastEvaluatedKey"]
    for wrong in (f"{cursor[:-1]}{'A' if cursor[-1] != 'A' else 'B'}", by_user, "x", "{}", "é", "a" * 1000):
        answer = in_range(admin, lastEvaluatedKey=wrong)
        assert (answer.status, answer.error) == (400, "lastEvaluatedKey is not valid"), wrong


@pytest.mark.parametrize("wrong", ["../x", "a#b", "x" * 129, " ", "a b", "a\x00b"])
def test_an_id_that_nothing_has_is_refused(admin: Client, wrong: str) -> None:
    for path in ("entity/Personaggio", "user", "entity"):
        suffix = "/7" if path == "entity" else ""
        answer = admin.get(f"/api/admin/audit/{path}/{quote(wrong, safe='')}{suffix}")
        assert answer.status == 400
        assert answer.error


def test_a_range_without_its_dates_is_refused(admin: Client) -> None:
    answer = admin.get(RANGE)
    assert (answer.status, answer.error) == (400, "startDate is required")


@pytest.mark.parametrize("edge", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "9999-12-31"])
def test_a_time_beyond_the_calendar_is_refused(admin: Client, edge: str) -> None:
    for span in ((edge, TODAY), (TODAY, edge)):
        answer = in_range(admin, *span)
        assert answer.status == 400, answer.text
        assert "must be a date or a time" in answer.error
