"""What a shop's access log tells of a load."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.load.access_lines import (
    ARTIST,
    CART,
    ORDER,
    VISIT,
    AccessLine,
    Spent,
    by_journey,
    by_route,
    read_lines,
)


def line(
    route: str, calls: int = 2, read: float = 1.5, write: float = 0, role: str = "anonymous"
) -> AccessLine:
    return AccessLine("GET", route, 200, role, calls, read, write)


def text(**changes: Any) -> str:
    logged = {
        "message": "request",
        "method": "GET",
        "route": "/api/products",
        "status": 200,
        "role": "anonymous",
        "dynamodb_calls": 2,
        "read_units": 6.5,
        "write_units": 0.0,
    }
    return json.dumps(logged | changes) + "\n"


def test_only_requests_between_the_two_bytes_are_read(tmp_path: Path) -> None:
    log = tmp_path / "shop.log"
    before, during, after = text(route="/before"), text(route="/during"), text(route="/after")
    log.write_text(before + "Stop Ctrl-C\n[1, 2]\n" + text(message="job") + during + after)
    found = read_lines(log, len(before), len(log.read_text()) - len(after))
    assert list(found) == [AccessLine("GET", "/during", 200, "anonymous", 2, 6.5, 0.0)]


@pytest.mark.parametrize(
    ("route", "role", "journey"),
    [
        ("/api/products", "anonymous", VISIT),
        ("/api/products", "admin", ARTIST),
        ("/api/auth/login", "anonymous", ARTIST),
        ("/api/cart/items", "anonymous", CART),
        ("/api/orders", "anonymous", ORDER),
        ("/api/orders/{order}/payment", "anonymous", ORDER),
    ],
)
def test_a_request_belongs_to_a_journey(route: str, role: str, journey: str) -> None:
    assert line(route, role=role).journey == journey


def test_requests_are_added_up_by_journey_and_by_route() -> None:
    lines = [line("/api/products"), line("/api/products", 5, 2.5), line("/api/cart", 3, 1, 2)]
    assert by_journey(lines) == {VISIT: Spent(2, 7, 4.0, 0, 5), CART: Spent(1, 3, 1, 2, 3)}
    assert list(by_route(lines)) == ["GET /api/products", "GET /api/cart"]
