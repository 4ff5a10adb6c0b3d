"""The pages by which buyers withdraw from the contract: find the order, state, confirm.

What makes them is imported by who asks for one: an app starts without it.
"""

from typing import TYPE_CHECKING

from common.http import PUBLIC, Body, Caching, Envelope, Request, Response, Routes
from common.http.pages import HTML
from orders.limits import Caller, count_form

if TYPE_CHECKING:
    from orders.withdrawal_steps import Asking

routes = Routes("orders")

LANGUAGE = "Accept-Language"


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
    from orders.withdrawal_steps import search

    return search(_asking(request))


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
    from orders.withdrawal_steps import found

    count_form(Caller(request.source_ip), request.now)
    asked = request.load()
    return found(_asking(request), asked["order_number"], asked["email"])


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
    from orders.withdrawal_steps import first_step

    return first_step(_asking(request), request.params["link"])


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
    from orders.withdrawal_steps import next_step

    # Before anything is read of it, so that nonsense counts as well.
    count_form(Caller(request.source_ip), request.now)
    asking, link = _asking(request), request.params["link"]
    return next_step(asking, link, request.load())


def _asking(request: Request) -> "Asking":
    from orders.withdrawal_steps import Asking

    return Asking(Caller(request.source_ip), request.header(LANGUAGE), request.now)
