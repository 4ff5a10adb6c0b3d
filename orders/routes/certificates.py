"""The public page of a numbered piece, to which the QR code on its certificate leads."""

from pathlib import Path

from common.http import PUBLIC, Caching, Envelope, Request, Response, Routes
from common.http.pages import HTML, page
from common.languages import preferred
from orders.certificates import certificate_of_link, month_text

routes = Routes("orders")

_TEMPLATES = Path(__file__).parent.parent / "page_templates"
_LANGUAGE = "Accept-Language"


@routes.get(
    "/certificates/{link}",
    role=PUBLIC,
    media_types=(HTML,),
    headers=(_LANGUAGE,),
    cached=Caching.UNKEPT,
    envelope=Envelope.PAGE,
)
def get_certificate(request: Request) -> Response:
    """What is true of a numbered piece today; never who owns it."""
    certificate = certificate_of_link(request.params["link"], request.now)
    language = preferred(request.header(_LANGUAGE))
    month = month_text(certificate.sold_in, language)
    shown = {"certificate": certificate, "language": language, "month": month, "paper": None}
    return page(_TEMPLATES, "certificate.html", shown, picture=certificate.picture)
