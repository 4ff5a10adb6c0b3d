"""The whole document, from the routes of all domains."""

import json
import re
from collections.abc import Iterable
from inspect import getdoc
from typing import Any

from apispec import APISpec

from app import DOMAINS, load_routes
from common.http import Route
from common.http.auth import COOKIE
from common.http.caching import Caching
from tools.api_document.bodies import body_of, complete, plugin, teach
from tools.api_document.examples import recorded_answers
from tools.api_document.parameters import parameters_of
from tools.api_document.responses import ERRORS, HEADERS, refusals, responses_of
from tools.api_document.shapes import Shapes

Json = dict[str, Any]

TITLE, VERSION, OPENAPI = "Art shop", "1", "3.1.0"
BEARER, COOKIE_SCHEME = "bearer", "cookie"

_ABOUT = """The API of an independent art shop.

Amounts are exact JSON numbers, or texts below `/api/shop`; times are ISO 8601 in UTC. Every error is
`{"error": ...}`. Whoever signs in (`POST /api/auth/login`) gets a token: send it as `Authorization: Bearer`,
or let the browser send the cookie that comes with it. Every answer has an `X-Request-Id`.
"""

_DOMAINS = {
    "catalog": "Products, their variants and images, categories",
    "orders": "Carts, discount codes, checkout, orders, payments and refunds",
    "content": "Characters (personaggi), comics (fumetti) and uploads",
    "etsy_sync": "Stock on every channel: Etsy, Shopify and Amazon",
    "shop": "Sign-in, health, notifications, the audit log, enterprises",
}


def all_routes() -> list[Route]:
    """The routes of every domain, in the order in which the domains are named."""
    return [route for domain in DOMAINS for route in load_routes(domain)]


def api_document(routes: Iterable[Route] | None = None, *, server: str = "/") -> Json:
    """The document of these routes, by default of all; two of the same routes are the same.

    `server` is the URL before all paths, by default that of whoever serves the document.

    UnknownShape for a route without the shape of its answer, KeyError for a parameter without a meaning.
    """
    made, shapes = plugin(), Shapes()
    document = APISpec(
        TITLE, VERSION, OPENAPI, plugins=[made], info={"description": _ABOUT}, servers=[{"url": server}]
    )
    teach(made)
    document.components.security_scheme(BEARER, {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    document.components.security_scheme(COOKIE_SCHEME, {"type": "apiKey", "in": "cookie", "name": COOKIE})
    for name, header in HEADERS.items():
        document.components.header(name, header)
    chosen = list(all_routes() if routes is None else routes)
    for envelope in {route.envelope for route in chosen}:
        document.components.schema(*ERRORS[envelope])
    for name, refusal in refusals(chosen).items():
        document.components.response(name, refusal)
    for domain in dict.fromkeys(route.domain for route in chosen):
        document.tag({"name": domain, "description": _DOMAINS[domain]})
    for route in chosen:
        document.path(route.path, operations={route.method.lower(): _operation(route, document, shapes)})
    complete(document, made)
    for name, schema in shapes.components.items():
        document.components.schema(name, schema)
    found = document.to_dict()
    for kind in ("schemas", "responses"):
        found["components"][kind] = dict(sorted(found["components"][kind].items()))
    return found


def document_text(document: Json) -> str:
    """The document as it is served and stored."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


# A path that would be called as another one is, which does not begin with `/api`.
_CALLED_WHOLE = frozenset({"/api/health"})


def operation_id(route: Route) -> str:
    """What clients made from the document call a route: `getProductsByProductVariants`."""
    path = route.path if route.path in _CALLED_WHOLE else route.path.removeprefix("/api")
    parts = path.split("/")
    return route.method.lower() + "".join(_words(part) for part in parts)


def _words(part: str) -> str:
    words = "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", part))
    return f"By{words}" if part.startswith("{") else words


def _keeper(route: Route) -> str:
    return "everybody" if route.caching.startswith("public") else "nobody"


def _operation(route: Route, document: APISpec, shapes: Shapes) -> Json:
    summary, _, rest = " ".join((getdoc(route.handler) or "").split()).partition(". ")
    kept = "" if route.caching is Caching.REVALIDATED else f"Kept by {_keeper(route)} (`{route.caching}`)."
    operation: Json = {
        "operationId": operation_id(route),
        "tags": [route.domain],
        "summary": summary.rstrip("."),
        "description": " ".join(part for part in (rest, kept) if part),
        "parameters": parameters_of(route),
        "responses": responses_of(route, shapes, recorded_answers().get(operation_id(route))),
    }
    body = body_of(route, document)
    if body is not None:
        operation["requestBody"] = body
    if route.role is not None:
        operation["security"] = [{BEARER: []}, {COOKIE_SCHEME: []}]
        operation["x-role"] = route.role.value
    return operation
