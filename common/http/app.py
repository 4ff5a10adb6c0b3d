"""The Chalice app: Chalice gives routes, schedules and packaging, this class the behaviour."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, cast

from chalice.app import Chalice

from common.dynamodb import meter
from common.errors import Conflict, MethodNotAllowed, NotFound, ShopError
from common.http.access_log import log_access
from common.http.answers import render
from common.http.auth import Identity
from common.http.authorisation import authorise
from common.http.body import MULTIPART
from common.http.cors import preflight_headers
from common.http.envelopes import Envelope, enclosed
from common.http.errors import to_response
from common.http.events import Call, Event, GatewayAnswer, read_call, read_request
from common.http.request import Request
from common.http.responses import Document, Response
from common.http.routing import Route, Routes
from common.http.statuses import as_bad_request
from common.metrics import counting

# Which of Chalice's decorators this app would not obey, and what does here what they do elsewhere.
_NOT_HERE = {
    "route": "a route is declared with common.http.Routes in its domain's routes, not with @app.route",
    "authorizer": "a route's role is declared beside its path (common.http.Routes), not with @app.authorizer",
}


class ShopApp(Chalice):
    """Answers events of API Gateway and of function URLs from the routes of the mounted domains.

    Nothing of a request is kept on the app, so threads may share it.
    """

    def __init__(self, name: str) -> None:
        super().__init__(app_name=name, configure_logs=False)
        self.api.binary_types = [*self.api.default_binary_types, MULTIPART]
        self.shop_routes: dict[str, dict[str, Route]] = {}
        self._variables: dict[str, str] = {}

    def __call__(self, event: Event, context: Any) -> GatewayAnswer:  # type: ignore[override]
        """The answer to an API Gateway event, whatever happens on the way, in the form of the event."""
        if event.get("version") == "2.0":
            # Behind a REST API it is never imported.
            from common.http.payload_two import answer_to

            return cast("GatewayAnswer", answer_to(self, event, context))
        started = time.monotonic_ns()
        call = read_call(event, context)
        with meter() as usage, counting() as counted:
            answer, identity = self._answer(event, call)
        milliseconds = (time.monotonic_ns() - started) // 1_000_000
        domain = self._domain(call)
        log_access(call, domain, answer["statusCode"], milliseconds, usage, identity, counted)
        return answer

    def not_found(self, method: str, path: str, headers: Mapping[str, str]) -> GatewayAnswer:
        """What a local server answers for a path that no route matches, in the shape of every other error."""
        return self({"requestContext": {"httpMethod": method}, "path": path, "headers": headers}, None)

    def error_answer(self, error: Exception, method: str, headers: Mapping[str, str]) -> GatewayAnswer:
        """What a local server answers when it refuses a request itself, as one with too large a body."""
        call = read_call({"requestContext": {"httpMethod": method}, "headers": headers}, None)
        return _render_error(call, error)

    def mount(self, routes: Routes) -> None:
        """Add the routes of a domain, and OPTIONS beside them.

        ValueError for a method and path declared twice, or for two names of one variable part.
        """
        for route in routes:
            self._add(route)
            if "OPTIONS" not in self.shop_routes[route.path]:
                self._add(Route("OPTIONS", route.path, _preflight, None, route.domain))

    def _add(self, route: Route) -> None:
        self._check_variables(route.path)
        name = f"{route.domain}.{route.handler.__name__}"
        # What can be read by GET can be asked about by HEAD, through API Gateway too.
        methods = ["GET", "HEAD"] if route.method == "GET" else [route.method]
        # Any content type passes here: the body's reader refuses with our own answer.
        declared = {"path": route.path, "kwargs": {"methods": methods, "content_types": []}}
        super()._register_handler("route", name, route.handler, route.handler, declared)
        self.shop_routes.setdefault(route.path, {})[route.method] = route

    def register_middleware(self, func: Any, event_type: str = "all") -> None:
        """TypeError: this app runs none, and one that is passed over would be missed too late."""
        raise TypeError(
            f"{func.__name__}: middleware (of {event_type}) is not taken. What one route needs is declared "
            "beside its path (common.http.Routes); what every request needs is in common/http/app.py, and "
            "what every job needs is in common/jobs.py"
        )

    def _register_handler(self, handler_type: str, name: str, *handlers: Any, **options: Any) -> None:
        # Both the app's own decorators and those of a blueprint come by here. Chalice's routes would be
        # answered 404, because this app looks among those that were mounted; functions are Chalice's.
        if handler_type in _NOT_HERE:
            raise TypeError(f"{name}: {_NOT_HERE[handler_type]}")
        super()._register_handler(handler_type, name, *handlers, **options)

    def _check_variables(self, path: str) -> None:
        prefix = ""
        for part in path.split("/")[1:]:
            if part.startswith("{") and self._variables.setdefault(prefix, part) != part:
                known = self._variables[prefix]
                raise ValueError(f"{prefix}/{part}: API Gateway knows this part as {known} already")
            prefix = f"{prefix}/{part}"

    def _answer(self, event: Event, call: Call) -> tuple[GatewayAnswer, Identity | None]:
        identity: Identity | None = None
        route: Route | None = None
        try:
            route = self._find(call)
            request = read_request(event, call, route)
            authorise(request, route.role)
            response = _handled(route, request)
            identity = request.claimed
            return render(call, response, private=request.is_private, cached=route.cached), identity
        except Exception as error:  # noqa: BLE001 - whatever failed, the caller gets JSON with CORS headers
            return _render_error(call, error, route), identity

    def _domain(self, call: Call) -> str:
        """The domain whose path was asked, by whatever method; empty where no path matched."""
        return next((route.domain for route in self.shop_routes.get(call.route, {}).values()), "")

    def _find(self, call: Call) -> Route:
        methods = self.shop_routes.get(call.route, {})
        method = "GET" if call.method == "HEAD" else call.method
        if method in methods:
            return methods[method]
        if call.method == "OPTIONS":
            # A browser shows the real answer only after a preflight that succeeds, be it a 404.
            return Route("OPTIONS", call.route, _preflight, None, "")
        if not methods:
            raise NotFound("Not found")
        allowed = ", ".join(sorted({*methods, *(["HEAD"] if "GET" in methods else [])}))
        raise MethodNotAllowed(f"Method {call.method} is not allowed here", headers={"Allow": allowed})


def create_app(name: str, domains: Sequence[Routes]) -> ShopApp:
    """An app called `name` (letters, digits and hyphens, as Chalice wants) with the routes of `domains`."""
    app = ShopApp(name)
    for routes in domains:
        app.mount(routes)
    return app


def _handled(route: Route, request: Request) -> Response:
    try:
        result = route.handler(request)
    except (NotFound, Conflict) as error:
        if route.refuses_with_400:
            raise as_bad_request(error) from error
        raise
    response = result if isinstance(result, Response) else Response(result, route.status)
    if isinstance(response.body, Document) and response.body.media_type not in route.media_types:
        raise RuntimeError(f"{route.method} {route.path} does not declare {response.body.media_type}")
    return response


def _render_error(call: Call, error: Exception, route: Route | None = None) -> GatewayAnswer:
    try:
        return render(call, _refusal(call, error, route), private=False)
    except Exception as unsayable:  # noqa: BLE001 - an error's details may be what cannot be rendered
        is_page = route is not None and route.envelope is Envelope.PAGE
        return render(call, _refusal(call, unsayable, None if is_page else route), private=False)


def _refusal(call: Call, error: Exception, route: Route | None) -> Response:
    code = error.code if isinstance(error, ShopError) else ""
    refused = to_response(error, call.request_id)
    if route is None:
        return refused
    language = call.headers.get("accept-language")
    return enclosed(refused, route.envelope, call.request_id, code, route.handler.__name__, language)


def _preflight(request: Request) -> Response:
    return Response({}, headers=preflight_headers(request.origin))
