"""Tests of the line that each request leaves in the log."""

import json
from typing import Any

import pytest

from common.dynamodb import get_item
from common.http import PUBLIC, Request, Routes, create_app
from tests.support.http import Client
from tests.support.tokens import admin_token, visitor_token

PERSONAL = "mario.rossi@example.com"


def access_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The only line that was logged since the last look."""
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    line: dict[str, Any] = json.loads(lines[0])
    return line


def test_the_line_says_what_was_asked_and_what_it_cost(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/things/7")
    line = access_line(capsys)
    expected = {
        "level": "INFO",
        "service": "artshop",
        "message": "request",
        "request_id": answer.headers["X-Request-Id"],
        "method": "GET",
        "route": "/things/{thing}",
        "domain": "sample",
        "status": 200,
        "requests": 1,
        "server_errors": 0,
        "dynamodb_calls": 0,
        "read_units": 0,
        "write_units": 0,
        "role": "anonymous",
    }
    assert line | expected == line
    assert line["milliseconds"] >= 0


def test_the_line_holds_no_personal_data(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    client.request(
        "DELETE",
        f"/admin/things/{PERSONAL}",
        params={"email": PERSONAL},
        headers={"User-Agent": PERSONAL, "Cookie": f"cart_session={PERSONAL}", "X-Cart-Session": PERSONAL},
        json={"email": PERSONAL},
        token=admin_token(),
    )
    line = access_line(capsys)
    assert line["status"] == 200
    assert "mario" not in json.dumps(line)
    assert set(line) == {
        *("level", "location", "message", "timestamp", "service", "request_id", "method", "route"),
        *("status", "milliseconds", "dynamodb_calls", "read_units", "write_units", "role"),
        *("domain", "requests", "server_errors"),
    }


@pytest.mark.parametrize(("method", "logged"), [("GET", "GET"), (PERSONAL, "other")])
def test_an_unmatched_path_is_not_repeated(
    client: Client, capsys: pytest.CaptureFixture[str], method: str, logged: str
) -> None:
    client.request(method, f"/nowhere/{PERSONAL}")
    line = access_line(capsys)
    assert (line["route"], line["status"], line["method"]) == ("unmatched", 404, logged)
    assert line["domain"] == "none"


def test_the_line_names_the_callers_role_and_nothing_else_of_them(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    roles = []
    for token in (admin_token(), visitor_token(), ""):
        client.get("/things", token=token)
        roles.append(access_line(capsys)["role"])
    assert roles == ["admin", "unknown", "anonymous"]


def test_the_line_counts_calls_and_units(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    routes = Routes("reading")

    @routes.get("/read", role=PUBLIC)
    def read(request: Request) -> dict[str, object]:
        return {"table": table, "item": get_item(("A", "B")), "again": get_item(("A", "C"), consistent=True)}

    assert Client(create_app("reading", [routes])).get("/read").json["item"] is None
    line = access_line(capsys)
    assert line["dynamodb_calls"] == 2
    assert line["write_units"] == 0
