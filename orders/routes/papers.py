"""Routes of papers: the buyer's by a link that ends, the administrator's list, what is issued on demand."""

from typing import TYPE_CHECKING, Any

from common.csv_files import CONTENT_TYPE, MEDIA_TYPE
from common.errors import InvalidInput, NotFound
from common.http import PUBLIC, Body, Caching, Document, Envelope, Request, Response, Role, Routes
from common.order_links import paper_of_link
from orders.order_views import page_json
from orders.orders import find_order

if TYPE_CHECKING:
    # Imported by whoever asks for a paper, and by no start.
    from orders.repositories.papers import Paper

routes = Routes("orders")


@routes.get(
    "/papers/{link}",
    role=PUBLIC,
    answer="FileAddress",
    status=302,
    cached=Caching.UNKEPT,
    headers=("Accept-Language",),
    envelope=Envelope.PAGE,
)
def get_linked(request: Request) -> Response:
    """302 to the PDF of the paper that a link from a mail leads to, an address that is good for minutes."""
    from orders.papers.files import paper_address

    return _moved(paper_address(_paper(paper_of_link(request.params["link"], request.now))))


@routes.get(
    "/api/admin/papers",
    role=Role.ADMIN,
    query=("year", "series", "after", "format"),
    answer="Papers",
    media_types=(MEDIA_TYPE,),
)
def get_papers(request: Request) -> dict[str, Any] | Response:
    """The papers of a year by series and number, behind the number `after`; `format=csv` makes a file."""
    from orders.paper_views import head_json
    from orders.papers.listing import MOST, listed, papers_csv, year_in

    year = year_in(request.arg("year"), request.now)
    found = listed(year, _series(request), _after(request))
    if request.arg("format") == "csv":
        name = f'attachment; filename="papers-{year}.csv"'
        return Response(Document(papers_csv(found), CONTENT_TYPE), headers={"Content-Disposition": name})
    following = found[-1].number if len(found) == MOST else None
    return {"papers": [head_json(paper) for paper in found], "year": year, "next": following}


@routes.get("/api/admin/papers/{paper}", role=Role.ADMIN, answer="Paper")
def get_paper(request: Request) -> dict[str, Any]:
    """One paper by its number, with all that it says."""
    from orders.paper_views import paper_json

    return paper_json(_paper(request.params["paper"]))


@routes.get("/api/admin/papers/{paper}/pdf", role=Role.ADMIN, answer="FileAddress")
def get_pdf(request: Request) -> dict[str, str]:
    """Where a paper's PDF can be fetched for some minutes."""
    from orders.papers.files import paper_address

    return {"url": paper_address(_paper(request.params["paper"]))}


@routes.get("/api/admin/orders/{order}/packing-slip", role=Role.ADMIN, answer="FileAddress")
def get_slip(request: Request) -> dict[str, str]:
    """Where the packing slip of an order as it is now can be fetched for some minutes."""
    from orders.papers.files import slip_address

    return {"url": slip_address(*find_order(request.params["order"]))}


@routes.post(
    "/api/admin/orders/{order}/invoice",
    role=Role.ADMIN,
    body=Body("paper_schemas.InvoiceSchema", required=False),
    answer="InvoicedOrder",
)
def post_invoice(request: Request) -> dict[str, Any]:
    """Issues an order's invoice, to another buyer than its address says if need be, and its credit notes.

    One that is issued is answered as it is.
    """
    from orders.paper_views import paper_json
    from orders.papers.completing import issue_asked
    from orders.repositories.papers import Party

    order, _ = find_order(request.params["order"])
    buyer = request.load().get("buyer")
    issued = issue_asked(order.id, Party(**buyer) if buyer else None, request.actor, request.now)
    shown = page_json(*find_order(str(order.id)))
    return {**shown, "paper": paper_json(_paper(issued.invoice or ""))}


def _paper(number: str) -> "Paper":
    from orders.repositories.papers import is_number, paper_of

    found = paper_of(number) if is_number(number) else None
    if found is None:
        raise NotFound("Paper not found")
    return found


def _moved(url: str) -> Response:
    return Response({"url": url}, 302, {"Location": url})


def _series(request: Request) -> str:
    text = request.arg("series")
    if text and not (text.isascii() and text.isalnum() and text == text.upper()):
        raise InvalidInput.of_field("series", "must be capitals and digits")
    return text


def _after(request: Request) -> str:
    from orders.repositories.papers import is_number

    text = request.arg("after")
    if text and not is_number(text):
        raise InvalidInput.of_field("after", "must be the number of a paper")
    return text
