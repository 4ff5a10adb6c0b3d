"""Routes of editions: who has which number, and what the artist decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.http import Body, Request, Role, Routes
from common.http.path_ids import path_id

if TYPE_CHECKING:
    from orders.editions import Decision

routes = Routes("orders")

_REASON = Body("edition_schemas.ReasonSchema")


@routes.get("/api/admin/editions/{variant}", role=Role.ADMIN, answer="NumberedEdition")
def get_edition(request: Request) -> dict[str, Any]:
    """An edition with its numbers: who has each, or why nobody has it."""
    return _shown(request)


@routes.post(
    "/api/admin/editions/{variant}/numbers",
    role=Role.ADMIN,
    body=Body("edition_schemas.GivenNumberSchema"),
    answer="NumberedEdition",
)
def post_number(request: Request) -> dict[str, Any]:
    """Gives a number out by hand, as to what a channel sold without one."""
    from orders.editions import give_number

    sent = request.load()
    give_number(_decision(request, sent["number"], sent["reason"]), sent.get("owed"))
    return _shown(request)


@routes.post(
    "/api/admin/editions/{variant}/owed",
    role=Role.ADMIN,
    body=Body("edition_schemas.OwedSchema"),
    answer="NumberedEdition",
)
def post_owed(request: Request) -> dict[str, Any]:
    """Says that what a channel sold without a number needs none."""
    from orders.editions import forgive

    sent, variant_id = request.load(), path_id(request, "variant", "Edition")
    forgive(variant_id, sent["owed"], sent["reason"], request.actor, request.now)
    return _shown(request)


@routes.post(
    "/api/admin/editions/{variant}/proofs",
    role=Role.ADMIN,
    body=Body("edition_schemas.GivenSchema"),
    answer="NumberedEdition",
)
def post_proof(request: Request) -> dict[str, Any]:
    """Gives an artist's proof out."""
    from orders.editions import give_proof

    sent = request.load()
    give_proof(_decision(request, sent["number"], sent["reason"]))
    return _shown(request)


@routes.post(
    "/api/admin/editions/{variant}/numbers/{number}/release",
    role=Role.ADMIN,
    body=_REASON,
    answer="NumberedEdition",
)
def post_release(request: Request) -> dict[str, Any]:
    """Puts a number that came back, or was void, on sale again with its piece."""
    from orders.editions import release

    release(_named(request))
    return _shown(request)


@routes.post(
    "/api/admin/editions/{variant}/numbers/{number}/return",
    role=Role.ADMIN,
    body=_REASON,
    answer="NumberedEdition",
)
def post_return(request: Request) -> dict[str, Any]:
    """Says that a number came back, where no refund said so."""
    from orders.editions import take_back_by_hand

    take_back_by_hand(_named(request))
    return _shown(request)


@routes.post(
    "/api/admin/editions/{variant}/numbers/{number}/exchange",
    role=Role.ADMIN,
    body=Body("edition_schemas.ExchangeSchema"),
    answer="NumberedEdition",
)
def post_exchange(request: Request) -> dict[str, Any]:
    """Says that another number of the same order came back instead of this one."""
    from orders.editions import exchange

    exchange(_named(request), request.load()["returned"])
    return _shown(request)


@routes.post(
    "/api/admin/editions/{variant}/numbers/{number}/void",
    role=Role.ADMIN,
    body=_REASON,
    answer="NumberedEdition",
)
def post_void(request: Request) -> dict[str, Any]:
    """Says that a number is void: lost, destroyed, replaced, or kept."""
    from orders.editions import withhold

    withhold(_named(request))
    return _shown(request)


@routes.post(
    "/api/admin/editions/{variant}/proofs/{number}/void",
    role=Role.ADMIN,
    body=_REASON,
    answer="NumberedEdition",
)
def post_void_proof(request: Request) -> dict[str, Any]:
    """Says that a proof that was given out is void."""
    from common.repositories.editions import PROOF
    from orders.editions import Decision, withhold

    number = path_id(request, "number", "Proof")
    decision = _decision(request, number, request.load()["reason"])
    withhold(Decision(decision.variant_id, number, decision.reason, request.actor, request.now, PROOF))
    return _shown(request)


def _named(request: Request) -> Decision:
    return _decision(request, path_id(request, "number", "Number"), request.load()["reason"])


def _decision(request: Request, number: int, reason: str) -> Decision:
    from orders.editions import Decision

    variant_id = path_id(request, "variant", "Edition")
    return Decision(variant_id, number, reason, request.actor, request.now)


def _shown(request: Request) -> dict[str, Any]:
    from orders.edition_views import edition_json
    from orders.editions import find_edition

    return edition_json(find_edition(path_id(request, "variant", "Edition")))
