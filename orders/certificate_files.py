"""Certificates as PDF in S3: made when they are first asked for, fetched by signed addresses."""

from hashlib import sha256

from common.errors import Conflict
from common.order_links import certificate_link
from common.private_files import address_of, keep, private_key
from common.repositories.selling_terms import selling_terms
from orders.certificates import Certificate
from orders.papers.files import FOLDER, PDF


def certificate_address(certificate: Certificate, language: str) -> str:
    """A URL under which a piece's certificate can be fetched for some minutes.

    Conflict for a piece that was not sold, or came back, or is void: none of these is certified. Raises
    ConfigurationError without `SHOP_URL`, botocore's errors where S3 does not answer.
    """
    if certificate.standing != "valid":
        raise Conflict(f"This piece has no certificate: it is {certificate.standing}")
    # The library takes 50 ms to import.
    from orders.certificate_sheets import certificate_pdf

    seller = selling_terms().seller
    address = certificate_link(certificate.piece)
    drawn = certificate_pdf(certificate, address, language, seller.name if seller else "")
    # What a certificate says changes with its work: each state of it is a file of its own.
    name = f"certificates/{certificate.piece}-{language}-{sha256(drawn).hexdigest()[:16]}.pdf"
    key = private_key(FOLDER, name)
    keep(key, lambda: drawn, PDF)
    return address_of(key, f"{certificate.title} {certificate.number}.pdf", PDF)
