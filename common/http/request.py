"""A request as handlers see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput, PayloadTooLarge, Unauthenticated
from common.http import body as bodies
from common.http.auth import Identity, Role, identify, includes, require_standing
from common.http.caching import names
from common.http.choices import chosen
from common.http.declared_bodies import Body, schema_named
from common.http.unchanged import NOTHING_NAMED, not_in

if TYPE_CHECKING:
    from common.http.multipart import Multipart
    from common.http.routing import Route
    from common.http.validation import Schema


@dataclass
class Request:
    """One HTTP request.

    `path` is as asked for and `route` the pattern that it met; `params` are the variable parts of the
    path and `query` the query string, both URL-decoded; names in `headers` ignore case; `now` is when
    the request arrived, in UTC; `declared` is the route, which says what may be read of the body.
    """

    method: str
    path: str
    route: str
    params: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes
    source_ip: str
    request_id: str
    now: datetime
    declared: Route | None = None

    def arg(self, name: str, default: str = "") -> str:
        """The first value of a query parameter without surrounding blanks; `default` where empty.

        RuntimeError for one that the route does not declare.
        """
        if self.declared is not None and name not in self.declared.arguments:
            raise RuntimeError(f"{self.method} {self.route} does not declare the parameter {name}")
        values = self.query.get(name) or [""]
        return values[0].strip() or default

    def choice(self, name: str, default: str = "") -> str:
        """The same of a parameter that a list is filtered by; the empty choice of a drop-down is empty."""
        text = self.arg(name, default)
        return default if chosen(text) is None else text

    def header(self, name: str) -> str | None:
        """A header as it was sent; None where it was not.

        RuntimeError for one that the route does not declare.
        """
        if self.declared is not None and name not in self.declared.headers:
            raise RuntimeError(f"{self.method} {self.route} does not declare the header {name}")
        return self.headers.get(name)

    @cached_property
    def claimed(self) -> Identity | None:
        """Whom a signed token names that was sent, without a look at whether it still counts."""
        try:
            return identify(self.headers, self.cookies, self.now)
        except Unauthenticated:
            return None

    @cached_property
    def identity(self) -> Identity | None:
        """The signed-in caller; None when the request proves nobody. Who sends a token causes one read."""
        try:
            return require_standing(self.claimed) if self.claimed else None
        except Unauthenticated:
            return None

    @property
    def actor(self) -> Identity:
        """Whoever calls a route that needs a role, for the audit log."""
        if self.identity is None:
            raise Unauthenticated("Missing authorization header")
        return self.identity

    def may(self, role: Role) -> bool:
        """Whether the caller of a public route is signed in as one who may do what this role may."""
        return includes(self.identity, role)

    @property
    def is_private(self) -> bool:
        """Whether the answer is for this caller alone: somebody is signed in, or the route needs a role."""
        return self.claimed is not None or (self.declared is not None and self.declared.role is not None)

    def holds(self, version: str) -> bool:
        """Whether the caller has the answer of this version: `Response(version=version, is_held=True)`.

        Never of a private answer, nor of one whose route says for how long it is kept. `*` is answered when
        the body is known, for its sender does not say which it has.
        """
        is_kept = self.declared is not None and self.declared.cached is None and not self.is_private
        is_reading = self.method in {"GET", "HEAD"}
        return is_kept and is_reading and names(self.headers.get("if-none-match"), version)

    @property
    def origin(self) -> str | None:
        """The Origin header of a browser's cross-origin request."""
        return self.headers.get("origin")

    @property
    def content_type(self) -> str:
        """The Content-Type header, parameters included; empty where missing."""
        return self.headers.get("content-type", "")

    @property
    def is_upload(self) -> bool:
        """Whether the body is a multipart form, which brings a file itself."""
        return bodies.media_type(self.content_type) == bodies.MULTIPART

    def json(self) -> Any:
        """The body as JSON with whole numbers as int and all others as Decimal.

        InvalidInput for malformed, empty or unstorable JSON, UnsupportedMediaType for another type.
        """
        self._body()
        return bodies.read_json(self.body, self.content_type)

    def payload(self) -> dict[str, Any]:
        """The fields of a JSON object or of a urlencoded form, as they were sent.

        An empty body is refused with `Request body is required`, or answered as {} where it may be left out.
        """
        declared = self._body()
        is_beacon = declared.is_beacon and bodies.media_type(self.content_type) == bodies.PLAIN
        content_type = bodies.JSON if is_beacon else self.content_type
        return bodies.read_payload(self.body, content_type, required=declared.required)

    def multipart(self) -> Multipart:
        """The fields and files of a multipart form; UnsupportedMediaType for any other body."""
        from common.http.multipart import read_multipart

        self._body()
        return read_multipart(self.body, self.content_type)

    def signed_body(self) -> bytes:
        """The bytes of a webhook; PayloadTooLarge beyond what its route takes."""
        most = self._body().most_bytes
        if most is not None and len(self.body) > most:
            raise PayloadTooLarge(f"A webhook must be at most {most // 1024} KB")
        return self.body

    def load(self, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The body, or `fields` of it, validated by the schema that the route declares.

        InvalidInput names each field that is wrong. marshmallow costs start-up time, so schemas are named
        beside the route and imported when a body is there to validate:

            @routes.post("/api/products", role=Role.ADMIN, body=Body("schemas.NewProduct"), answer="Product")
            def create(request: Request) -> dict[str, Any]:
                fields = request.load()
        """
        from common.http.validation import load

        sent = self.payload() if fields is None else fields
        return load(self._schema(sent), sent)

    def changes(
        self, shown: Mapping[str, Any], *, nothing: str = NOTHING_NAMED, always: Collection[str] = ()
    ) -> dict[str, Any]:
        """The fields of the body that differ from what the caller was `shown`, validated.

        None when all are as they were shown; those in `always` count all the same. InvalidInput for each
        that is wrong and, with the text `nothing` unless it is empty, for a body that names none at all.
        """
        from common.http.validation import load, names_of

        sent = self.payload()
        schema = self._schema(sent)
        differing = not_in(shown, sent) | {name: sent[name] for name in always if name in sent}
        data = load(schema, differing, partial=True)
        if nothing and not data and not sent.keys() & names_of(schema):
            raise InvalidInput(nothing)
        return data

    def _schema(self, sent: Mapping[str, Any]) -> type[Schema]:
        body = self._body()
        is_other = bool(body.otherwise) and body.distinguished_by not in sent
        # Only a route of an app declares a body.
        domain = self.declared.domain if self.declared else ""
        return schema_named(domain, body.otherwise if is_other else body.schema)

    def _body(self) -> Body:
        if self.declared is None or self.declared.body is None:
            raise RuntimeError(f"{self.method} {self.route} declares no body")
        return self.declared.body
