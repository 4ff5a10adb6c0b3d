"""The local shop as a WSGI app: limits, pictures, pages, and everything else through the gateway."""

from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

from botocore.exceptions import BotoCoreError, ClientError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from common.errors import InvalidInput, PayloadTooLarge, ShopError
from common.http.events import GatewayAnswer, Headers
from tools.local import media
from tools.local.gateway import Gateway, sent_bytes
from tools.local.pages import Pages

# API Gateway's limit for a request.
LIMIT_BYTES = 10 * 1024 * 1024


class LocalRequest(Request):
    """A request of whose body one byte is read beyond the limit: it tells a larger one from one that ends."""

    max_content_length = LIMIT_BYTES + 1


class LocalResponse(Response):
    """A response with no headers but those given; `is_last` when nothing may follow on its connection."""

    default_mimetype = None
    is_last = False


class LocalShop:
    """Answers requests with what the app and the bucket answer; threads may share it."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._pages = Pages(gateway)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The same for any WSGI server."""
        return self.answer(LocalRequest(environ))(environ, start_response)

    def answer(self, request: Request) -> LocalResponse:
        """The response to a request, whatever it is."""
        try:
            body = read_body(request)
        except RequestEntityTooLarge:
            return self._refused(request, PayloadTooLarge("Request body is larger than 10 MiB"))
        except (BadRequest, OSError):
            return self._refused(request, InvalidInput("Request body cannot be read"))
        target = request.environ["RAW_URI"].encode("latin-1").decode()
        path = target.partition("?")[0]
        if media.is_media(request.method, path):
            return self._picture(request, path)
        page = self._pages.find(request.method, path, request.headers.get("Accept", ""), request.host)
        if page is not None:
            return LocalResponse([page.data], page.status, dict(page.headers))
        source_ip = request.remote_addr or ""
        return _response(self._gateway.ask(request.method, target, request.headers, body or None, source_ip))

    def _refused(self, request: Request, error: ShopError) -> LocalResponse:
        """Without the body's end there is no telling where another request would begin."""
        response = _response(self._gateway.app.error_answer(error, request.method, Headers(request.headers)))
        response.is_last = True
        return response

    def _picture(self, request: Request, path: str) -> LocalResponse:
        app, headers = self._gateway.app, Headers(request.headers)
        try:
            found = media.fetch(path, headers)
        except (BotoCoreError, ClientError) as error:
            return _response(app.error_answer(error, request.method, headers))
        if found is None:
            return _response(app.not_found(request.method, path, headers))
        return LocalResponse([found.data], found.status, found.headers)


def read_body(request: Request) -> bytes:
    """The whole body; RequestEntityTooLarge beyond the limit, unread where its length is announced."""
    if (request.content_length or 0) > LIMIT_BYTES:
        raise RequestEntityTooLarge
    # Werkzeug ends a chunked body at its limit as if it were whole.
    body = request.get_data(cache=False)
    if len(body) > LIMIT_BYTES:
        raise RequestEntityTooLarge
    return body


def _response(answer: GatewayAnswer) -> LocalResponse:
    return LocalResponse([sent_bytes(answer)], answer["statusCode"], _lines(answer))


def _lines(answer: GatewayAnswer) -> Iterator[tuple[str, str]]:
    yield from answer["headers"].items()
    for name, values in answer["multiValueHeaders"].items():
        yield from ((name, value) for value in values)
