"""Routes by which administrators see withdrawals and decide on them; a refund ends one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.http import Body, Request, Response, Role, Routes
from common.http.basis import seen_by
from common.http.lists import Stretch, list_response
from common.http.paging import Paging, by_rule, page_cursor, page_of
from common.http.path_ids import path_id
from orders.orders import id_of

if TYPE_CHECKING:
    from common.repositories.withdrawals import Withdrawal

routes = Routes("orders")

OPEN = "open"


@routes.get(
    "/api/admin/withdrawals",
    role=Role.ADMIN,
    query=("status",),
    answer="WithdrawalList",
    paging=Paging(sizes=(("limit", by_rule), ("per_page", by_rule)), page=None),
)
def get_withdrawals(request: Request) -> Response:
    """Withdrawals, the newest first; `open` are those whose money is neither back nor refused."""
    from common.repositories.withdrawals import STATUSES, WITHDRAWALS, newest_withdrawals, open_withdrawals
    from orders.withdrawal_views import withdrawal_json

    status = request.choice("status")
    if status not in ("", OPEN, *STATUSES):
        raise InvalidInput.of_field("status", f"must be one of {', '.join((OPEN, *STATUSES))}")
    wanted = open_withdrawals() if status == OPEN else newest_withdrawals(status)
    found, cursor = WITHDRAWALS.page(wanted, page_of(request)[1], page_cursor(request))
    stretch = Stretch(
        [withdrawal_json(it) for it in found],
        cursor,
        lambda count: WITHDRAWALS.cursor_behind(wanted, found[count - 1]),
    )
    return list_response(stretch, lambda shown: {"withdrawals": shown})


@routes.get("/api/admin/orders/{order}/withdrawals", role=Role.ADMIN, answer="OrderWithdrawals")
def get_withdrawals_of_order(request: Request) -> dict[str, Any]:
    """The withdrawals from an order, the oldest first."""
    from common.repositories.withdrawals import withdrawals_of
    from orders.refunds import existing
    from orders.withdrawal_views import withdrawal_json

    order = existing(id_of(request.params["order"]))
    return {"withdrawals": [withdrawal_json(it) for it in withdrawals_of(order.id)]}


@routes.get("/api/admin/orders/{order}/withdrawals/{withdrawal}", role=Role.ADMIN, answer="Withdrawal")
def get_withdrawal(request: Request) -> dict[str, Any]:
    """One withdrawal from an order, by its number."""
    from common.repositories.withdrawals import withdrawal_of
    from orders.withdrawal_views import withdrawal_json

    return withdrawal_json(withdrawal_of(id_of(request.params["order"]), _number(request)))


@routes.patch(
    "/api/admin/orders/{order}/withdrawals/{withdrawal}",
    role=Role.ADMIN,
    body=Body("withdrawal_schemas.WithdrawalDecision"),
    answer="Withdrawal",
    if_match=True,
)
def patch_withdrawal(request: Request) -> dict[str, Any]:
    """Says that the goods of a withdrawal have come, or refuses it with a reason."""
    # An app starts without what decides.
    from orders.withdrawal_views import withdrawal_json
    from orders.withdrawals import Decision, decide

    decision = Decision(**request.load())
    order_id, number = id_of(request.params["order"]), _number(request)
    decided = decide(order_id, number, decision, request.actor, request.now, seen_by(request, _time, _shown))
    return withdrawal_json(decided)


def _number(request: Request) -> int:
    return path_id(request, "withdrawal", "Withdrawal")


def _time(withdrawal: Withdrawal) -> str:
    return withdrawal.updated_at


def _shown(withdrawal: Withdrawal) -> list[dict[str, Any]]:
    from orders.withdrawal_views import withdrawal_json

    return [withdrawal_json(withdrawal)]
