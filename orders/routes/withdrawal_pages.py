"""The pages by which buyers withdraw from the contract: find the order, state, confirm."""

from datetime import timedelta

from common.errors import Conflict, NotFound
from common.http import PUBLIC, Body, Caching, Envelope, Request, Response, Routes
from common.http.pages import HTML
from common.languages import preferred
from common.optimistic import StaleVersion
from common.order_links import WITHDRAWAL, order_of_link
from common.repositories.orders import Order, Pieces
from common.signed_links import sign_link
from orders.access import is_address_of
from orders.limits import Caller, count_form, count_unknown_number, guess_of_email
from orders.orders import order_of
from orders.refund_pieces import at_most
from orders.withdrawal_pages import (
    confirm_page,
    done_page,
    find_page,
    language_of,
    order_page,
    pieces_in,
    statement_text,
)
from orders.withdrawals import Offer, Statement, offer_of, withdraw

routes = Routes("orders")

LANGUAGE = "Accept-Language"
# Who knows number and address can have another one.
LASTS = timedelta(hours=1)


@routes.get(
    "/withdrawal",
    role=PUBLIC,
    media_types=(HTML,),
    headers=(LANGUAGE,),
    cached=Caching.PRIVATE,
    envelope=Envelope.PAGE,
)
def get_search(request: Request) -> Response:
    """The page that asks which order is meant, for whoever has no link at hand."""
    return find_page(preferred(request.header(LANGUAGE)))


@routes.post(
    "/withdrawal",
    role=PUBLIC,
    body=Body("withdrawal_schemas.FoundOrder"),
    media_types=(HTML,),
    headers=(LANGUAGE,),
    refuses=(404, 429),
    cached=Caching.PRIVATE,
    envelope=Envelope.PAGE,
)
def post_search(request: Request) -> Response:
    """The first step of the order that has this number and was placed with this e-mail address."""
    caller = Caller(request.source_ip)
    count_form(caller, request.now)
    asked = request.load()
    order = _found(asked["order_number"], asked["email"], caller, request)
    if order is None:
        language = preferred(request.header(LANGUAGE))
        return find_page(language, asked["order_number"], is_wrong=True)
    link = sign_link(WITHDRAWAL, str(order.id), request.now + LASTS)
    # Read against the page's own address, which has no slash behind it.
    return order_page(offer_of(order.id, request.now), _language(request, order), action=f"withdrawal/{link}")


@routes.get(
    "/withdrawal/{link}",
    role=PUBLIC,
    media_types=(HTML,),
    headers=(LANGUAGE,),
    cached=Caching.PRIVATE,
    envelope=Envelope.PAGE,
)
def get_order_to_withdraw(request: Request) -> Response:
    """The first step of the order that a link of its confirmation leads to."""
    offer = offer_of(order_of_link(request.params["link"], request.now), request.now)
    return order_page(offer, _language(request, offer.order))


@routes.post(
    "/withdrawal/{link}",
    role=PUBLIC,
    body=Body("withdrawal_schemas.StatementForm"),
    media_types=(HTML,),
    headers=(LANGUAGE,),
    refuses=(429,),
    cached=Caching.PRIVATE,
    envelope=Envelope.PAGE,
)
def post_statement(request: Request) -> Response:
    """A statement, to be read once more, or its confirmation, which takes effect once however often sent."""
    caller, link = Caller(request.source_ip), request.params["link"]
    count_form(caller, request.now)
    offer = offer_of(order_of_link(link, request.now), request.now)
    form, language = request.load(), _language(request, offer.order)
    # In one line, so that it adds none to the statement.
    pieces, name = pieces_in(form["pieces"]), " ".join(form["name"].split())
    is_said_before = form["step"] == "confirm" and form["number"] < offer.next_number
    if not is_said_before and (wrong := _wrong(offer, form["number"], name, pieces)):
        return order_page(offer, language, name=name, chosen=pieces, wrong=wrong)
    if form["step"] == "state":
        return confirm_page(offer, language, name, pieces or {}, link)
    text = statement_text(offer, language, name, pieces or {})
    statement = Statement(form["number"], name, pieces or {}, text, language)
    return _confirmed(request, caller, offer, statement)


def _confirmed(request: Request, caller: Caller, offer: Offer, statement: Statement) -> Response:
    order_id, language = offer.order.id, statement.language
    try:
        made = withdraw(order_id, statement, caller, request.now)
    except StaleVersion:
        raise
    except Conflict:
        # Refunded, cancelled or over since the page was opened.
        return order_page(offer_of(order_id, request.now), language, wrong="changed")
    is_other = made.pieces != statement.pieces
    return done_page(offer.order, made, language, request.params["link"], is_other=is_other)


def _wrong(offer: Offer, number: int, name: str, pieces: Pieces | None) -> str:
    """What is not right about a statement, in the word of the page; empty for nothing."""
    if offer.obstacle or number != offer.next_number:
        return "changed"
    if not pieces or at_most(pieces, offer.pieces) != pieces:
        return "pieces"
    return "" if name else "name"


def _found(number: str, email: str, caller: Caller, request: Request) -> Order | None:
    """The order that has both; what is wrong is counted by its caller. TooManyRequests."""
    try:
        order = order_of(number)
    except NotFound:
        count_unknown_number(caller, request.now)
        return None
    with guess_of_email(caller, order, request.now) as guess:
        guess.failed = not is_address_of(order, email)
    return None if guess.failed else order


def _language(request: Request, order: Order) -> str:
    return language_of(order, request.header(LANGUAGE))
