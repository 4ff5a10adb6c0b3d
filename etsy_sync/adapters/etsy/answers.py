"""What Etsy's answers mean: their JSON with exact numbers, and the error that a refusal becomes."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from etsy_sync.adapters.interface import AuthExpired, ChannelError, Rejected, Transient

if TYPE_CHECKING:
    import requests

LONGEST_REASON = 200

_CODES = {400: "invalid", 403: "forbidden", 404: "not_found", 409: "conflict"}


def json_of(response: "requests.Response", what: str) -> dict[str, Any]:
    """The JSON object of an answer, fractions as Decimal. Raises Transient for anything else."""
    import simplejson

    try:
        body = simplejson.loads(response.content, use_decimal=True)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Transient(f"{what}: the answer is no JSON object")
    return body


def refusal(response: "requests.Response", what: str) -> ChannelError:
    """The error that an answer other than a success becomes; `what` names the call.

    The error body is `{error, error_description?}`.
    """
    if response.status_code == 401:
        return AuthExpired(f"{what}: Etsy does not accept the token")
    return Rejected(_CODES.get(response.status_code, f"status_{response.status_code}"), _reason(response))


def error_code(response: "requests.Response") -> str:
    """The `error` of an answer, such as `invalid_grant`; empty without one."""
    try:
        return str(json_of(response, "").get("error", ""))
    except Transient:
        return ""


def money(value: Any) -> Decimal:
    """Etsy's Money, `{amount, divisor, currency_code}`, in units of the currency; exact.

    Raises Transient for anything else, because nothing can be told from such an answer.
    """
    try:
        return Decimal(int(value["amount"])) / Decimal(int(value["divisor"]))
    except (TypeError, KeyError, ValueError, ArithmeticError):
        raise Transient("Etsy's answer has an amount that is no money") from None


def moment(value: Any) -> datetime | None:
    """The time of epoch seconds; None where Etsy tells none. ValueError for none that a calendar holds."""
    try:
        return None if value is None else datetime.fromtimestamp(int(value), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("beyond the calendar") from error


def _reason(response: "requests.Response") -> str:
    try:
        body = json_of(response, "")
    except Transient:
        return "refused without a reason"
    texts = [str(body[name]) for name in ("error", "error_description") if body.get(name)]
    return ": ".join(texts)[:LONGEST_REASON] or "refused without a reason"
