"""The steps by which a buyer withdraws: which page answers what was asked or sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.errors import Conflict, NotFound
from common.http import Response
from common.languages import preferred
from common.optimistic import StaleVersion
from common.order_links import WITHDRAWAL, order_of_link
from common.repositories.orders import Order, Pieces
from common.signed_links import sign_link
from orders.access import is_address_of
from orders.limits import Caller, count_unknown_number, guess_of_email
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

# Who knows number and address can have another one.
LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when, and which languages they read (an Accept-Language header)."""

    caller: Caller
    accept_language: str | None
    now: datetime


def search(asking: Asking) -> Response:
    """The page that asks which order is meant."""
    return find_page(preferred(asking.accept_language))


def found(asking: Asking, number: str, email: str) -> Response:
    """The first step of the order that has both, by a link that is good for an hour. TooManyRequests."""
    order = _found(asking, number, email)
    if order is None:
        return find_page(preferred(asking.accept_language), number, is_wrong=True)
    link = sign_link(WITHDRAWAL, str(order.id), asking.now + LASTS)
    language = language_of(order, asking.accept_language)
    # Read against the page's own address, which has no slash behind it.
    return order_page(offer_of(order.id, asking.now), language, action=f"withdrawal/{link}")


def first_step(asking: Asking, link: str) -> Response:
    """The first step of the order that a link leads to. NotFound, LinkEnded."""
    offer = offer_of(order_of_link(link, asking.now), asking.now)
    return order_page(offer, language_of(offer.order, asking.accept_language))


def next_step(asking: Asking, link: str, form: Mapping[str, Any]) -> Response:
    """What follows on a form of either step: the other step, the receipt, or what is not right about it.

    `form` is a StatementForm's. Raises NotFound, LinkEnded, TooManyRequests.
    """
    offer = offer_of(order_of_link(link, asking.now), asking.now)
    language = language_of(offer.order, asking.accept_language)
    # In one line, so that it adds none to the statement.
    pieces, name = pieces_in(form["pieces"]), " ".join(form["name"].split())
    is_said_before = form["step"] == "confirm" and form["number"] < offer.next_number
    if not is_said_before and (wrong := _wrong(offer, form["number"], name, pieces)):
        return order_page(offer, language, name=name, chosen=pieces, wrong=wrong)
    if form["step"] == "state":
        return confirm_page(offer, language, name, pieces or {}, link)
    text = statement_text(offer, language, name, pieces or {})
    return _confirmed(asking, link, offer, Statement(form["number"], name, pieces or {}, text, language))


def _confirmed(asking: Asking, link: str, offer: Offer, statement: Statement) -> Response:
    order_id, language = offer.order.id, statement.language
    try:
        made = withdraw(order_id, statement, asking.caller, asking.now)
    except StaleVersion:
        raise
    except Conflict:
        # Refunded, cancelled or over since the page was opened.
        return order_page(offer_of(order_id, asking.now), language, wrong="changed")
    return done_page(offer.order, made, language, link, is_other=made.pieces != statement.pieces)


def _wrong(offer: Offer, number: int, name: str, pieces: Pieces | None) -> str:
    """What is not right about a statement, in the word of the page; empty for nothing."""
    if offer.obstacle or number != offer.next_number:
        return "changed"
    if not pieces or at_most(pieces, offer.pieces) != pieces:
        return "pieces"
    return "" if name else "name"


def _found(asking: Asking, number: str, email: str) -> Order | None:
    """The order that has both; what is wrong is counted by its caller. TooManyRequests."""
    try:
        order = order_of(number)
    except NotFound:
        count_unknown_number(asking.caller, asking.now)
        return None
    with guess_of_email(asking.caller, order, asking.now) as guess:
        guess.failed = not is_address_of(order, email)
    return None if guess.failed else order
