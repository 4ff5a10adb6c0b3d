"""What administrators see of withdrawals, and decide; and what they are reminded of."""

from datetime import timedelta
from typing import Any

import pytest

from common.clock import iso, parse_iso
from common.http import create_app
from common.repositories.withdrawals import WITHDRAWALS, withdrawals_of
from orders.jobs import JOBS
from orders.routes import routes
from orders.withdrawal_reminders import BEFORE, remind
from tests.orders.order_builders import told
from tests.orders.payments.builders import audited, changed, stored
from tests.orders.withdrawals.builders import COMMIT, NOW, delivered, states, withdrawn
from tests.support.http import Answer, Client
from tests.support.races import just_before
from tests.support.tokens import admin_token

pytestmark = pytest.mark.usefixtures("table")

LIST = "/api/admin/withdrawals"
OF_ORDER = "/api/admin/orders/1/withdrawals"


@pytest.fixture
def admin(table: str) -> Client:
    """An administrator."""
    return Client(create_app("orders", [routes]), token=admin_token())


def listed(admin: Client, **query: Any) -> list[int]:
    return [it["number"] for it in admin.get(LIST, params=query).json["withdrawals"]]


def patch(admin: Client, number: int = 1, seen: str = "", **body: Any) -> Answer:
    return admin.patch(f"{OF_ORDER}/{number}", json=body, headers={"If-Match": seen} if seen else {})


def test_they_are_listed_newest_first_by_how_they_stand(admin: Client) -> None:
    delivered()
    withdrawn({"1": 1}, 1, NOW)
    withdrawn({"1": 1}, 2, NOW + timedelta(days=1))
    withdrawn({"2": 1}, 3, NOW + timedelta(days=2))
    assert patch(admin, 1, status="refused", reason="It was worn").status == 200
    assert patch(admin, 2, status="received").json["received_at"] is not None
    assert listed(admin) == [3, 2, 1]
    assert listed(admin, status="open") == [3, 2]
    assert [listed(admin, status=it) for it in ("requested", "received", "refused", "refunded")] == [
        [3],
        [2],
        [1],
        [],
    ]
    assert admin.get(LIST, params={"status": "lost"}).status == 400
    first = admin.get(LIST, params={"limit": 2}).json
    assert listed(admin, limit=2, lastEvaluatedKey=first["lastEvaluatedKey"]) == [1]
    assert [it["number"] for it in admin.get(OF_ORDER).json["withdrawals"]] == [1, 2, 3]


def test_the_order_says_how_its_withdrawals_stand(admin: Client) -> None:
    delivered()
    assert admin.get("/api/admin/shop/orders/1").json["withdrawal_status"] is None
    withdrawn()
    assert admin.get("/api/admin/shop/orders/1").json["withdrawal_status"] == "requested"
    refunded = admin.post("/api/admin/orders/1/refund", json={"withdrawal": 1}).json
    assert (refunded["withdrawal_status"], refunded["refund"]["withdrawal"]) == ("refunded", 1)


def test_a_decision_on_what_is_no_longer_so_is_refused(admin: Client) -> None:
    delivered()
    withdrawn(now=NOW - timedelta(hours=2))
    seen = admin.get(f"{OF_ORDER}/1")
    tag, updated_at = seen.headers["ETag"], seen.json["updated_at"]
    assert patch(admin, seen=tag, status="received").status == 200
    assert patch(admin, seen=tag, status="refused", reason="Worn").status == 412
    assert patch(admin, updated_at=updated_at, status="refused", reason="Worn").status == 409
    assert states() == ("received", ["received"])


@pytest.mark.parametrize(
    ("number", "body", "status"),
    [
        (1, {"status": "refunded"}, 400),
        (1, {"status": "refused"}, 400),
        (1, {"status": "refused", "reason": " "}, 400),
        (2, {"status": "received"}, 404),
        (99999, {"status": "received"}, 404),
        ("x", {"status": "received"}, 404),
    ],
)
def test_nonsense_is_refused(admin: Client, number: int, body: dict[str, Any], status: int) -> None:
    delivered()
    withdrawn()
    assert patch(admin, number, **body).status == status
    assert states() == ("requested", ["requested"])


@pytest.mark.parametrize("path", ["/99", "/0", "/x"])
def test_a_withdrawal_that_is_not_there_is_not_found(admin: Client, path: str) -> None:
    delivered()
    assert admin.get(OF_ORDER + path).status == 404
    assert admin.post("/api/admin/orders/1/refund", json={"withdrawal": 99}).status == 404


def test_the_shop_is_reminded_once_before_the_money_is_due() -> None:
    delivered()
    due = parse_iso(withdrawn().refund_due_at)
    early = due - BEFORE - timedelta(milliseconds=1)
    assert remind(early) == ({}, [])
    for counted in ({"reminded": 1}, {}):
        assert remind(due - BEFORE + timedelta(hours=1)) == (counted, [])
    titles = [row["title"] for row in told("system")]
    assert titles.count("Money of a withdrawal is due: ORD-00000001") == 1


def test_two_runs_at_once_remind_once() -> None:
    delivered()
    due = parse_iso(withdrawn().refund_due_at)
    with just_before(COMMIT, lambda: remind(due)):
        assert remind(due) == ({}, [])
    assert len([row for row in told("system") if "due" in row["title"]]) == 1


def test_what_is_closed_is_reminded_of_no_more(admin: Client) -> None:
    delivered()
    due = parse_iso(withdrawn().refund_due_at)
    patch(admin, status="refused", reason="It was worn")
    assert remind(due) == ({}, [])


def test_the_job_of_unpaid_orders_reminds_and_tells_of_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    delivered()
    made = withdrawn()
    due = parse_iso(made.refund_due_at)

    def fail(*_: object) -> None:
        raise RuntimeError("the table is away")

    with monkeypatch.context() as broken:
        broken.setattr("orders.withdrawal_reminders._remind", fail)
        report = JOBS["unpaid"].run(due, None)
    assert (report.outcome, len(report.errors)) == ("partial", 1)
    report = JOBS["unpaid"].run(due, None)
    assert (report.outcome, report.counts["reminded"]) == ("completed", 1)
    assert withdrawals_of(1)[0].reminded_at == iso(due)


def test_a_change_of_the_order_s_own_leaves_its_withdrawals_alone(admin: Client) -> None:
    changed(delivered(), delivered_at=None)
    withdrawn()
    admin.patch("/api/admin/orders/1/status", json={"status": "delivered"})
    assert stored().delivered_at is not None
    assert states() == ("requested", ["requested"])
    assert {"WITHDRAWAL", "UPDATE_ORDER_STATUS"} <= set(audited())
    assert WITHDRAWALS.get(1, 1) is not None
