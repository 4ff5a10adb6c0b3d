"""What all routes of a buyer's cart below /api/shop share: the session, its cookie, and 400 for refusals."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from common.errors import ShopError
from common.http import Request, Response
from common.http.errors import to_response
from common.http.statuses import as_bad_request
from orders.sessions import Visitor, session_cookie, visitor_of

Answering = Callable[[Request, Visitor], dict[str, Any]]


def with_session(answering: Answering) -> Callable[[Request], Response]:
    """A handler that hands over whose cart it is, and sets the cookie even when it has to refuse."""

    @wraps(answering)
    def handler(request: Request) -> Response:
        visitor = visitor_of(request)
        try:
            response = Response(answering(request, visitor))
        except ShopError as error:
            response = to_response(as_bad_request(error), request.request_id)
        return replace(response, cookies=[session_cookie(visitor.session_id)])

    return handler
