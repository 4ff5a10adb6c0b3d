"""Routes: each domain declares its own, with the role beside the path."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from common.http.auth import Role
from common.http.request import Request

# Answers a Response, or what becomes the JSON body of a 200.
Handler = Callable[[Request], Any]

_PATH = re.compile(r"(/[A-Za-z0-9._~-]+|/\{[a-z_]+\})+|/")


@dataclass(frozen=True)
class Route:
    """One method of one path; `role` None means public."""

    method: str
    path: str
    handler: Handler
    role: Role | None
    domain: str


class Routes:
    """The routes of one domain.

    Variable parts at one place of a path carry one name in the whole project, as API Gateway demands:
    `/api/products/{product}` and `/api/products/{product}/images`.
    """

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def include(self, part: "Routes") -> None:
        """Add the routes that one module of the domain declares."""
        self._routes.extend(part)

    def get(self, path: str, *, role: Role | None) -> Callable[[Handler], Handler]:
        """Declare the decorated function as the answer to GET `path`."""
        return self._declare("GET", path, role)

    def post(self, path: str, *, role: Role | None) -> Callable[[Handler], Handler]:
        """Declare the decorated function as the answer to POST `path`."""
        return self._declare("POST", path, role)

    def put(self, path: str, *, role: Role | None) -> Callable[[Handler], Handler]:
        """Declare the decorated function as the answer to PUT `path`."""
        return self._declare("PUT", path, role)

    def patch(self, path: str, *, role: Role | None) -> Callable[[Handler], Handler]:
        """Declare the decorated function as the answer to PATCH `path`."""
        return self._declare("PATCH", path, role)

    def delete(self, path: str, *, role: Role | None) -> Callable[[Handler], Handler]:
        """Declare the decorated function as the answer to DELETE `path`."""
        return self._declare("DELETE", path, role)

    def _declare(self, method: str, path: str, role: Role | None) -> Callable[[Handler], Handler]:
        if not _PATH.fullmatch(path):
            raise ValueError(f"not a path: {path!r}")

        def register(handler: Handler) -> Handler:
            self._routes.append(Route(method, path, handler, role, self.domain))
            return handler

        return register
