"""Who writes, and where the artist is written to."""

from typing import TYPE_CHECKING

from common import config

if TYPE_CHECKING:
    from common.repositories.selling_terms import Seller


def sender_name() -> str:
    """The name that `MAIL_FROM` gives before its address, or the address."""
    from email.utils import parseaddr

    name, address = parseaddr(config.setting("MAIL_FROM"))
    return name or address


def artist_address(seller: "Seller | None") -> str:
    """Where the artist is written to: `MAIL_ARTIST`, else the seller's address; empty where there is none."""
    return config.setting("MAIL_ARTIST") or (seller.email if seller and seller.email else "")
