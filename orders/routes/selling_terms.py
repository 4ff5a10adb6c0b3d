"""Routes of the terms on which the shop sells, the same three for each part."""

from collections.abc import Callable
from typing import Any

from common.http import Body, Request, Role, Routes
from common.http.basis import basis_of
from common.repositories.selling_terms import SellingTerms, selling_terms
from orders.selling_terms import PARTS, part_json, remove_part, set_part, terms_json

BASE = "/api/admin/selling-terms"

routes = Routes("orders")


@routes.get(BASE, role=Role.ADMIN, answer="SellingTerms")
def get_terms(_request: Request) -> dict[str, Any]:
    """All terms on which the shop sells, part by part."""
    return terms_json(selling_terms())


def get_part(request: Request) -> dict[str, Any]:
    """One part of the terms on which the shop sells."""
    return part_json(selling_terms(), _name(request))


def put_part(request: Request) -> dict[str, Any]:
    """Sets one part whole. `version` or `If-Match` says what the sender has seen."""
    return part_json(
        set_part(_name(request), request.load(), request.actor, request.now, check=_check(request)),
        _name(request),
    )


def delete_part(request: Request) -> dict[str, Any]:
    """Takes one part away; the shop then sells as if it had never been set."""
    changed = remove_part(_name(request), request.actor, request.now, check=_check(request))
    return part_json(changed, _name(request))


for _part in PARTS.values():
    _path = f"{BASE}/{_part.name}"
    routes.get(_path, role=Role.ADMIN, answer=_part.answer)(get_part)
    routes.put(_path, role=Role.ADMIN, body=Body(_part.schema), answer=_part.answer, if_match=True)(put_part)
    routes.delete(_path, role=Role.ADMIN, answer=_part.answer, if_match=True)(delete_part)


def _name(request: Request) -> str:
    return request.route.rpartition("/")[2]


def _check(request: Request) -> Callable[[SellingTerms], None]:
    """Refuses a change by whoever has seen older terms."""
    basis, name = basis_of(request), _name(request)

    def check(terms: SellingTerms) -> None:
        basis.hold(terms.updated_at or "", lambda: [part_json(terms, name)])

    return check
