"""The shapes of what editions answer."""

from typing import NotRequired, TypedDict


class NumberStep(TypedDict):
    """What became of a number: `sold`, `returned`, `void` or `free`, and whose it was until then."""

    state: str
    at: str
    reason: NotRequired[str]
    source: NotRequired[str]
    event: NotRequired[str]
    order_id: NotRequired[int]
    line: NotRequired[int]
    sold_at: NotRequired[str]


class EditionNumber(TypedDict):
    """A number or a proof, and what it belongs to: the line of an order, or an event of a channel."""

    number: int
    kind: str
    state: str
    reason: NotRequired[str]
    source: NotRequired[str]
    event: NotRequired[str]
    order_id: NotRequired[int]
    line: NotRequired[int]
    sold_at: NotRequired[str]
    first_sold_at: NotRequired[str]
    certificate: NotRequired[str]
    changed_at: str
    history: list[NumberStep]


class OwedPieces(TypedDict):
    """Pieces that a channel sold beyond those that were there; `owed` is what they are called."""

    owed: str
    source: str
    event: str
    pieces: int
    created_at: str


class NumberedEdition(TypedDict):
    """An edition; `left` counts the numbers that nobody has, `next` is the one that is given out next."""

    variant_id: int
    product_id: int
    product_title: str
    variant_name: str
    size: int
    proofs: int
    stock: int
    left: int
    next: int | None
    numbers: list[EditionNumber]
    given_proofs: list[EditionNumber]
    owed: list[OwedPieces]
    updated_at: str


class CertificateAddress(TypedDict):
    """Where the certificate of a piece can be fetched for some minutes."""

    url: str
