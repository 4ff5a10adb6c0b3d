"""Routes of businesses' VAT numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.http import Body, Request, Role, Routes
from common.http.basis import seen_by

if TYPE_CHECKING:
    from orders.repositories.vat_numbers import VatNumber

PATH = "/api/admin/vat-numbers/{vat_number}"

routes = Routes("orders")


@routes.get(PATH, role=Role.ADMIN, answer="VatNumber")
def get_number(request: Request) -> dict[str, Any]:
    """What is known of a VAT number; 404 where nobody has asked about it."""
    from orders.vat_numbers import known_vat_number, vat_number_json

    return vat_number_json(known_vat_number(_number(request)), request.now)


@routes.put(
    PATH, role=Role.ADMIN, body=Body("tax_schemas.ConfirmationSchema"), answer="VatNumber", if_match=True
)
def put_number(request: Request) -> dict[str, Any]:
    """Confirms a VAT number for 90 days, or takes the confirmation back."""
    from orders.vat_numbers import ADMINISTRATOR, Finding, set_down, vat_number_json

    said = request.load()
    finding = Finding(said["confirmed"], ADMINISTRATOR, said.get("name") or None)
    check = seen_by(request, _changed_at, lambda known: _shown(known, request))
    return vat_number_json(
        set_down(_number(request), finding, request.actor, request.now, check=check), request.now
    )


@routes.post(f"{PATH}/check", role=Role.ADMIN, answer="VatNumber")
def post_check(request: Request) -> dict[str, Any]:
    """Asks VIES about a VAT number, and confirms it for 90 days where it is valid."""
    from orders.vat_numbers import ask_vies, vat_number_json

    return vat_number_json(ask_vies(_number(request), request.actor, request.now), request.now)


def _number(request: Request) -> str:
    from orders.vat_numbers import number_in

    return number_in(request.params["vat_number"])


def _changed_at(known: VatNumber | None) -> str:
    return known.checked_at if known else ""


def _shown(known: VatNumber | None, request: Request) -> list[dict[str, Any]]:
    from orders.vat_numbers import vat_number_json

    return [vat_number_json(known, request.now)] if known else []
