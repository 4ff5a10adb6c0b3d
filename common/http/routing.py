"""Routes: each domain declares its own, with all that can be known of a route beside its path."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypedDict, TypeVar, Unpack

from common.http.auth import Role
from common.http.caching import Caching
from common.http.declared_bodies import Body
from common.http.envelopes import Envelope
from common.http.paging import Paging
from common.http.request import Request

# Answers a Response, or what becomes the JSON body of an answer with the route's status.
Handler = Callable[[Request], Any]
H = TypeVar("H", bound=Handler)


class Declared(TypedDict, total=False):
    """What may be declared of a route besides its role, see `Route`."""

    answer: str
    media_types: tuple[str, ...]
    status: int
    body: Body
    query: tuple[str, ...]
    paging: Paging
    headers: tuple[str, ...]
    if_match: bool
    cached: Caching
    refuses_with_400: bool
    refuses: tuple[int, ...]
    envelope: Envelope


_PATH = re.compile(r"(/[A-Za-z0-9._~-]+|/\{[a-z_]+\})+|/")


@dataclass(frozen=True)
class Route:
    """One method of one path, and what is declared of it.

    - `role`: the least that a caller has to be, see `auth.INCLUDES`; None means everybody.
    - `answer`: the name of a type in the domain's `answers` module, which successful answers have.
    - `media_types`: what a success may be besides JSON, as `text/csv`; with no `answer`, instead of it.
    - `status`: that of a handler's bare result.
    - `body`: what is read of the request's body; None where nothing is.
    - `query`: the names of what is read of the query string besides its paging.
    - `paging`: how the parts of its list are asked for; None where there is none.
    - `headers`: the names of what is read of the headers besides what the rest says.
    - `if_match`: whether the caller may say what it saw, by `If-Match` or by `updated_at` in its body.
    - `cached`: who keeps a successful answer; where nothing is declared, whoever asks again may keep what is
      public, and nobody what a role is needed for.
    - `refuses_with_400`: what is missing or in the way is a 400, as the clients of some older paths know it.
    - `refuses`: the statuses of refusals that do not follow from the rest, such as 429 of a limit.
    - `envelope`: the shape of its errors.
    """

    method: str
    path: str
    handler: Handler
    role: Role | None
    domain: str
    answer: str = ""
    media_types: tuple[str, ...] = ()
    status: int = 200
    body: Body | None = None
    query: tuple[str, ...] = ()
    paging: Paging | None = None
    headers: tuple[str, ...] = ()
    if_match: bool = False
    cached: Caching | None = None
    refuses_with_400: bool = False
    refuses: tuple[int, ...] = ()
    envelope: Envelope = Envelope.PLAIN

    @cached_property
    def arguments(self) -> frozenset[str]:
        """The names of all that may be read of the query string."""
        return frozenset(self.query) | (self.paging.all_names if self.paging else frozenset())

    @property
    def caching(self) -> Caching:
        """Who keeps a successful answer."""
        return self.cached or (Caching.REVALIDATED if self.role is None else Caching.PRIVATE)


class Routes:
    """The routes of one domain.

    Variable parts at one place of a path carry one name in the whole project, as API Gateway demands:
    `/api/products/{product}` and `/api/products/{product}/images`. The further declarations of a route are
    the fields of `Route`.
    """

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def include(self, part: "Routes") -> None:
        """Add the routes that one module of the domain declares."""
        self._routes.extend(part)

    def get(self, path: str, *, role: Role | None, **declared: Unpack[Declared]) -> Callable[[H], H]:
        """Declare the decorated function as the answer to GET `path`."""
        return self._declare("GET", path, role, declared)

    def post(self, path: str, *, role: Role | None, **declared: Unpack[Declared]) -> Callable[[H], H]:
        """Declare the decorated function as the answer to POST `path`."""
        return self._declare("POST", path, role, declared)

    def put(self, path: str, *, role: Role | None, **declared: Unpack[Declared]) -> Callable[[H], H]:
        """Declare the decorated function as the answer to PUT `path`."""
        return self._declare("PUT", path, role, declared)

    def patch(self, path: str, *, role: Role | None, **declared: Unpack[Declared]) -> Callable[[H], H]:
        """Declare the decorated function as the answer to PATCH `path`."""
        return self._declare("PATCH", path, role, declared)

    def delete(self, path: str, *, role: Role | None, **declared: Unpack[Declared]) -> Callable[[H], H]:
        """Declare the decorated function as the answer to DELETE `path`."""
        return self._declare("DELETE", path, role, declared)

    def _declare(self, method: str, path: str, role: Role | None, declared: Declared) -> Callable[[H], H]:
        if not _PATH.fullmatch(path):
            raise ValueError(f"not a path: {path!r}")

        def register(handler: H) -> H:
            self._routes.append(Route(method, path, handler, role, self.domain, **declared))
            return handler

        return register
