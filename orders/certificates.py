"""What a certificate of authenticity says of a numbered piece, as it is at the moment: never who has it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from common import config
from common.errors import NotFound
from common.media import url_for
from common.order_links import certificate_link, piece_of_link
from common.repositories.editions import (
    NUMBER,
    PROOF,
    RETURNED,
    SOLD,
    VOID,
    EditionNumber,
    Kind,
    number_of,
)
from common.repositories.orders import Order, OrderLine, order_by_id
from common.repositories.products import Product
from orders.editions import read_edition
from orders.numbers import never_left

Standing = Literal["valid", "returned", "void", "unsold"]

_PIECE = re.compile(r"([1-9][0-9]{0,17})-(p?)([1-9][0-9]{0,4})")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is true of a piece; `size` counts the numbers, or the proofs where it is one.

    `sold_in` is the month in which it was sold first, as `2026-03`, None for one that was not.
    """

    title: str
    variant_name: str
    number: int
    size: int
    kind: Kind
    standing: Standing
    sold_in: str | None
    picture: str | None
    piece: str


def piece_name(row: EditionNumber) -> str:
    """What a link calls a piece: `31-7` for number 7 of variant 31, `31-p2` for its second proof."""
    return f"{row.variant_id}-{'p' if row.kind == PROOF else ''}{row.number}"


def certificate_links(order: Order, line: OrderLine) -> list[str]:
    """The addresses of the pages of a line's numbered pieces; none before its order is paid or sent.

    None either where nothing says where the shop's pages are (`SHOP_URL`).
    """
    if not line.numbers or line.variant_id is None or never_left(order) or not config.setting("SHOP_URL"):
        return []
    return [certificate_link(f"{line.variant_id}-{number}") for number in line.numbers]


def certificate_of_link(link: str, now: datetime) -> Certificate:
    """What the page behind a link says; NotFound for a link that the shop did not make."""
    found = _PIECE.fullmatch(piece_of_link(link, now))
    if found is None:
        raise NotFound("Not found")
    return certificate_of(int(found[1]), int(found[3]), PROOF if found[2] else NUMBER)


def certificate_of(variant_id: int, number: int, kind: Kind = NUMBER) -> Certificate:
    """What is said of a number of an edition; NotFound for one that it has not."""
    product, variant, numbering = read_edition(variant_id)
    size = numbering.proofs if kind == PROOF else numbering.size
    if number > size:
        raise NotFound("Not found")
    row = number_of(variant_id, number, kind)
    standing = _standing(row)
    sold_at = row.first_sold_at if row is not None and standing != "unsold" else None
    return Certificate(
        title=product.title,
        variant_name=variant.name,
        number=number,
        size=size,
        kind=kind,
        standing=standing,
        sold_in=sold_at[:7] if sold_at else None,
        picture=_picture(product),
        piece=piece_name(row or EditionNumber(variant_id, number, SOLD, "", kind)),
    )


def _standing(row: EditionNumber | None) -> Standing:
    if row is None or row.state not in (SOLD, RETURNED, VOID):
        return "unsold"
    if row.state == VOID:
        return "void"
    if row.state == RETURNED:
        return "returned"
    return "unsold" if _is_unpaid(row) else "valid"


def _is_unpaid(row: EditionNumber) -> bool:
    """Whether the order that has the number was neither paid nor sent yet."""
    if row.owner is None or row.owner.source != "order":
        return False
    order = order_by_id(int(row.owner.event_id))
    return order is not None and never_left(order)


def _picture(product: Product) -> str | None:
    return url_for(product.images[0].key) if product.images else None
