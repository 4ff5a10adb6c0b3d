"""The public page of a numbered piece, to which the QR code on its certificate leads."""

from pathlib import Path

from common.http import PUBLIC, Caching, Envelope, Request, Response, Role, Routes
from common.http.pages import HTML, page
from common.http.path_ids import path_id
from common.languages import preferred

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
    from common.written_dates import month_text
    from orders.certificates import certificate_of_link

    certificate = certificate_of_link(request.params["link"], request.now)
    language = preferred(request.header(_LANGUAGE))
    month = month_text(certificate.sold_in, language) if certificate.sold_in else ""
    is_certified = certificate.standing == "valid"
    # Beside the page itself, below whatever path the API is.
    paper = f"{request.params['link']}/paper" if is_certified else None
    shown = {"certificate": certificate, "language": language, "month": month, "paper": paper}
    return page(_TEMPLATES, "certificate.html", shown, picture=certificate.picture)


@routes.get(
    "/certificates/{link}/paper",
    role=PUBLIC,
    answer="CertificateAddress",
    status=302,
    refuses=(409,),
    headers=(_LANGUAGE,),
    cached=Caching.UNKEPT,
    envelope=Envelope.PAGE,
)
def get_paper(request: Request) -> Response:
    """302 to the certificate of a piece that was sold, as PDF, at an address that is good for minutes."""
    from orders.certificate_files import certificate_address
    from orders.certificates import certificate_of_link

    certificate = certificate_of_link(request.params["link"], request.now)
    url = certificate_address(certificate, preferred(request.header(_LANGUAGE)))
    return Response({"url": url}, 302, {"Location": url})


@routes.get(
    "/api/admin/editions/{variant}/numbers/{number}/certificate",
    role=Role.ADMIN,
    answer="CertificateAddress",
    refuses=(409,),
    headers=(_LANGUAGE,),
)
def get_certificate_of_number(request: Request) -> dict[str, str]:
    """Where the certificate of a number that was sold can be fetched for some minutes, as PDF."""
    from orders.certificate_files import certificate_address
    from orders.certificates import certificate_of

    certificate = certificate_of(path_id(request, "variant", "Edition"), path_id(request, "number", "Number"))
    return {"url": certificate_address(certificate, preferred(request.header(_LANGUAGE)))}
