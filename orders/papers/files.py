"""PDFs of papers and packing slips in S3: made when they are first asked for, fetched by signed addresses."""

from hashlib import sha256
from typing import TYPE_CHECKING

from common.private_files import address_of, keep, private_key
from common.repositories.orders import Order, OrderDetails

if TYPE_CHECKING:
    # No start imports it.
    from orders.repositories.papers import Paper

FOLDER = "papers"
PDF = "application/pdf"


def paper_address(paper: "Paper") -> str:
    """A URL under which a paper's PDF can be fetched for some minutes; it is made where there is none yet.

    Raises botocore's errors where S3 does not answer.
    """
    from orders.papers.words import words_of

    def make() -> bytes:
        # The library takes 50 ms to import, and each paper is drawn once.
        from orders.papers.sheets import paper_pdf

        return paper_pdf(paper)

    key = private_key(FOLDER, f"{paper.number}.pdf")
    keep(key, make, PDF)
    return address_of(key, f"{words_of(paper.language).title_of(paper.kind)} {paper.number}.pdf", PDF)


def slip_address(order: Order, details: OrderDetails) -> str:
    """The same of what is put into an order's parcel, as the order is now."""
    from orders.papers.slips import slip_pdf

    drawn = slip_pdf(order, details)
    # What is in the parcel changes with refunds: each state of it is a file of its own.
    name = f"slips/{order.id}-{sha256(drawn).hexdigest()[:16]}.pdf"
    key = private_key(FOLDER, name)
    keep(key, lambda: drawn, PDF)
    return address_of(key, f"{order.order_number}.pdf", PDF)
