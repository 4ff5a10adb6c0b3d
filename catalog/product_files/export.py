"""The shop's own products as a CSV file, whole or in the parts that an answer can hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from catalog.product_files.columns import COLUMNS, product_rows
from common.csv_files import BYTE_ORDER_MARK, csv_lines
from common.errors import Conflict
from common.http.answer_size import BODY_BYTES, sent_bytes
from common.repositories.listings import all_documents, all_rows, products_of
from common.repositories.products import STATUSES, Product

TOO_LARGE = (
    "All products together are more than an answer can hold: ask for them in parts, the first with after=0, "
    "or use `artshop products export`"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some products as CSV with a header; `following` is the id behind which the next part begins, if any."""

    text: str
    following: int | None


def own_products() -> list[Product]:
    """Every product of the shop's own by id, whatever its status; works of creators are their own.

    Two queries of GSI2 for each status.
    """
    found = (
        product
        for status in STATUSES
        for product in products_of(all_rows(status), all_documents(status))
        if product.creator_id is None
    )
    return sorted(found, key=lambda product: product.id)


def whole_file(now: datetime) -> str:
    """All products as one file of any size."""
    pieces = _pieces(own_products(), export_token(now))
    return "".join([_head(), *(text for _, text in pieces)])


def answerable_file(now: datetime) -> str:
    """All products as one file; Conflict where an answer cannot hold it, because half a file looks whole."""
    part = file_part(now, 0)
    if part.following is not None:
        raise Conflict(TOO_LARGE)
    return part.text


def file_part(now: datetime, after: int) -> Part:
    """The products with ids behind `after`, as many as an answer can hold."""
    texts = [_head()]
    room = BODY_BYTES - sent_bytes(texts[0])
    last = after
    for product_id, text in _pieces((it for it in own_products() if it.id > after), export_token(now)):
        room -= sent_bytes(text)
        # The first one goes in any case: a part without any would be followed by itself.
        if room < 0 and len(texts) > 1:
            return Part("".join(texts), last)
        texts.append(text)
        last = product_id
    return Part("".join(texts), None)


def export_token(now: datetime) -> str:
    """What the rows of one export have in common: when it was made, and a random part."""
    return f"{now:%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}"


def _head() -> str:
    return BYTE_ORDER_MARK + csv_lines([COLUMNS])


def _pieces(products: "list[Product] | Iterator[Product]", token: str) -> Iterator[tuple[int, str]]:
    for product in products:
        yield product.id, csv_lines(product_rows(product, token))
