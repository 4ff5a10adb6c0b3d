"""What the sync's clients send: read strictly where it counts, mildly where it only informs."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from common.dates import stated_in
from common.errors import InvalidInput
from common.repositories.stock_alerts import SEVERITIES
from etsy_sync.stock.returns import RULES, Returned

if TYPE_CHECKING:
    from common.http.fields import StrictField

LONGEST_SKU = 200
LONGEST_ORDER_ID = 100
LONGEST_REASON = 500
MAX_QUANTITY = 1_000_000
# Each takes a few reads and a transaction, and an answer has 29 seconds.
MAX_ITEMS = 50
DEFAULT_REASON = "Customer return"


def sku_of(value: Any) -> str:
    """A SKU of 1 to 200 characters, without the blanks around it."""
    from common.http.fields import Text

    return str(_checked("SKU", Text(LONGEST_SKU, shortest=1), value))


def quantity_of(value: Any) -> int:
    """A number of pieces from 1 to a million."""
    from common.http.fields import WholeNumber

    return int(_checked("Quantity", WholeNumber(minimum=1, maximum=MAX_QUANTITY), value))


def buffer_of(body: Mapping[str, Any]) -> int:
    """`bufferQty`: how many pieces are kept back, from 0 to a million."""
    from common.http.fields import WholeNumber

    return int(_checked("bufferQty", WholeNumber(minimum=0, maximum=MAX_QUANTITY), body.get("bufferQty")))


def severity_of(text: str) -> str:
    """The severity that is meant, whatever its capitals."""
    if text.lower() not in SEVERITIES:
        raise InvalidInput(f"Invalid severity: must be one of {', '.join(SEVERITIES)}")
    return text.lower()


def items_of(body: Mapping[str, Any]) -> dict[str, int]:
    """The pieces of each SKU in `items`; the whole body is checked before anything is done with it."""
    items = body.get("items")
    if not isinstance(items, list):
        raise InvalidInput("Invalid payload: items must be a list")
    if not 0 < len(items) <= MAX_ITEMS:
        raise InvalidInput(f"Invalid payload: there must be 1 to {MAX_ITEMS} items")
    pieces: dict[str, int] = {}
    for item in items:
        if not isinstance(item, Mapping):
            raise InvalidInput("Invalid payload: an item must be an object")
        sku = sku_of(item.get("sku"))
        pieces[sku] = pieces.get(sku, 0) + quantity_of(item.get("quantity"))
    return pieces


def order_id_of(value: Any) -> str | None:
    """An order's id of at most 100 characters; None where there is none that could be used."""
    text = _short_text(value, LONGEST_ORDER_ID)
    return None if text == "unknown" else text


def return_of(body: Mapping[str, Any], channel: str, event_id: str | None, now: datetime) -> Returned:
    """A return as a channel reports it."""
    return Returned(
        channel=channel,
        sku=sku_of(body.get("sku")),
        quantity=quantity_of(body.get("quantity")),
        disposition=_disposition(body.get("disposition")),
        returned_at=_moment(body.get("returnedAt"), now),
        order_id=order_id_of(body.get("returnOrderId", body.get("orderId"))),
        license_plate=_short_text(body.get("licensePlateNumber"), LONGEST_ORDER_ID),
        reason=_short_text(body.get("reason"), LONGEST_REASON) or DEFAULT_REASON,
        event_id=event_id,
    )


def mapping_of(body: Mapping[str, Any]) -> tuple[str, str]:
    """`sku` and `asin`, both of which are required; an ASIN has ten capitals and digits."""
    asin = _short_text(body.get("asin"), LONGEST_ORDER_ID)
    if asin is None or not body.get("sku"):
        raise InvalidInput("sku and asin are required")
    if not (len(asin) == 10 and asin.isascii() and asin.isalnum() and asin == asin.upper()):
        raise InvalidInput("ASIN: must be 10 capital letters or digits")
    return sku_of(body["sku"]), asin


def _disposition(value: Any) -> str:
    word = value.strip().upper() if isinstance(value, str) else ""
    if word not in RULES:
        raise InvalidInput(f"Disposition: must be one of {', '.join(RULES)}")
    return word


def _moment(value: Any, now: datetime) -> datetime:
    return stated_in("returnedAt", value).start if isinstance(value, str) and value.strip() else now


def _short_text(value: Any, longest: int) -> str | None:
    """A text that is neither empty nor too long; a whole number is one too."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if 0 < len(text) <= longest else None


def _checked(name: str, field: "StrictField[Any]", value: Any) -> Any:
    from marshmallow import ValidationError

    if value is None:
        raise InvalidInput(f"{name}: is required")
    try:
        return field.read(value)
    except ValidationError as error:
        raise InvalidInput(f"{name}: {error.messages[0]}") from error
