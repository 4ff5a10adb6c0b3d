"""The links to pages of the shop's own that mail and papers bear: withdrawals, papers, certificates.

Whoever makes such a link and whoever reads it agree here on what it is for and where it leads.
"""

from datetime import datetime, timedelta

from common import config
from common.repositories.orders import Order
from common.signed_links import read_link, sign_link

WITHDRAWAL, PAPER, CERTIFICATE = "withdrawal", "paper", "certificate"
PAPER_LASTS = timedelta(days=90)


def withdrawal_link(order: Order) -> str:
    """The address of the page by which this order's buyer withdraws from the contract.

    It does not end: for how long one may withdraw follows from the order and is for its page to say.
    Raises ConfigurationError without `SHOP_URL`.
    """
    return _address(WITHDRAWAL, sign_link(WITHDRAWAL, str(order.id)))


def paper_link(number: str, now: datetime) -> str:
    """The address of an invoice or credit note, for 90 days from `now`.

    `number` is the paper's own, in which a link has no point and a path no slash: ValueError. Raises
    ConfigurationError without `SHOP_URL`.
    """
    return _address(PAPER, sign_link(PAPER, number, now + PAPER_LASTS))


def certificate_link(piece: str) -> str:
    """The address of the public page of one numbered piece, to which the QR code on its certificate leads.

    It does not end, because the paper lasts. `piece` names it, without point or slash: ValueError. Raises
    ConfigurationError without `SHOP_URL`.
    """
    return _address(CERTIFICATE, sign_link(CERTIFICATE, piece))


def order_of_link(link: str, now: datetime) -> int:
    """The id of the order that a link to its withdrawal is about; NotFound for one of others."""
    return int(read_link(WITHDRAWAL, link, now))


def paper_of_link(link: str, now: datetime) -> str:
    """The number of the paper that a link leads to; NotFound for one of others, LinkEnded."""
    return read_link(PAPER, link, now)


def piece_of_link(link: str, now: datetime) -> str:
    """The piece that a certificate's link leads to; NotFound for one that the shop did not make."""
    return read_link(CERTIFICATE, link, now)


_PATHS = {WITHDRAWAL: "withdrawal", PAPER: "papers", CERTIFICATE: "certificates"}


def _address(purpose: str, link: str) -> str:
    if "/" in link:
        raise ValueError(f"what a link leads to has no slash: {link!r}")
    return f"{config.shop_url()}/{_PATHS[purpose]}/{link}"
