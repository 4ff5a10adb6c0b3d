"""What came back, under its SKU by time, whether or not it could be sold again."""

from dataclasses import dataclass

from common.dynamodb import Item, Query, UnitOfWork, fetch_all, sort_key
from common.dynamodb.shapes import Shape
from common.repositories.sku_stock import sku_partition

_PREFIX = "RETURN#"


@dataclass(frozen=True, slots=True)
class StockReturn:
    """Pieces that came back of an order; `disposition` says in which state, times in ISO 8601 UTC."""

    sku: str
    quantity: int
    disposition: str
    order_id: str
    returned_at: str
    created_at: str
    channel: str | None = None
    reason: str | None = None
    license_plate: str | None = None


# The event of a return stands in its key alone.
_SHAPE = Shape(StockReturn)


def return_item(returned: StockReturn, event_id: str) -> Item:
    """The row of a return; two of one moment are told apart by the id of their event."""
    return {
        "PK": sku_partition(returned.sku),
        "SK": f"{_PREFIX}{returned.returned_at}#{event_id}",
        **_SHAPE.store(returned),
    }


def add_return(work: UnitOfWork, returned: StockReturn, event_id: str) -> None:
    """Adds a return to the transaction that books it, which lets its event count once."""
    work.put(return_item(returned, event_id))


def returns_of(sku: str, limit: int) -> list[StockReturn]:
    """The newest returns of a SKU, by one consistent query."""
    query = Query(sku_partition(sku), sort=sort_key().begins_with(_PREFIX), descending=True, consistent=True)
    return [_SHAPE.read(item) for item in fetch_all(query, limit=limit)]
