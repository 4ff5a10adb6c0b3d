"""A request as handlers see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.errors import Unauthenticated
from common.http import body as bodies
from common.http.auth import Identity, identify
from common.http.choices import chosen

if TYPE_CHECKING:
    from marshmallow import Schema

    from common.http.multipart import Multipart


@dataclass
class Request:
    """One HTTP request.

    `path` is as asked for and `route` the pattern that it met; `params` are the variable parts of the
    path and `query` the query string, both URL-decoded; names in `headers` ignore case; `now` is when
    the request arrived, in UTC.
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

    def arg(self, name: str, default: str = "") -> str:
        """The first value of a query parameter without surrounding blanks; `default` where empty."""
        values = self.query.get(name) or [""]
        return values[0].strip() or default

    def choice(self, name: str, default: str = "") -> str:
        """The same of a parameter that a list is filtered by; the empty choice of a drop-down is empty."""
        text = self.arg(name, default)
        return default if chosen(text) is None else text

    def page_args(self, default_per_page: int = 20, maximum: int = 100) -> tuple[int, int]:
        """`page` (from 1) and `per_page` (1 to `maximum`) of the query; unusable values get defaults."""
        page = _whole_number(self.arg("page"), 1)
        per_page = _whole_number(self.arg("per_page"), default_per_page)
        return page, min(per_page, maximum)

    @cached_property
    def identity(self) -> Identity | None:
        """The signed-in caller; None when the request proves nobody."""
        try:
            return identify(self.headers, self.cookies, self.now)
        except Unauthenticated:
            return None

    @property
    def origin(self) -> str | None:
        """The Origin header of a browser's cross-origin request."""
        return self.headers.get("origin")

    @property
    def content_type(self) -> str:
        """The Content-Type header, parameters included; empty where missing."""
        return self.headers.get("content-type", "")

    def json(self) -> Any:
        """The body as JSON with whole numbers as int and all others as Decimal.

        InvalidInput for malformed, empty or unstorable JSON, UnsupportedMediaType for another type.
        """
        return bodies.read_json(self.body, self.content_type)

    def payload(self, *, required: bool = True) -> dict[str, Any]:
        """The fields of a JSON object or of a urlencoded form.

        An empty body is refused with `Request body is required`, or answered as {} unless `required`.
        """
        return bodies.read_payload(self.body, self.content_type, required=required)

    def multipart(self) -> Multipart:
        """The fields and files of a multipart form; UnsupportedMediaType for any other body."""
        from common.http.multipart import read_multipart

        return read_multipart(self.body, self.content_type)

    def load(self, schema: type[Schema], *, partial: bool = False, required: bool = True) -> dict[str, Any]:
        """The body validated by a marshmallow schema; InvalidInput names each field that is wrong.

        marshmallow costs start-up time, so handlers import their schemas when a body is there to validate:

            @routes.post("/api/products", role=Role.ADMIN)
            def create(request: Request) -> Response:
                from catalog.schemas import ProductSchema

                fields = request.load(ProductSchema)

        `partial` leaves out the check for required fields, as updates need it.
        """
        from common.http.validation import load

        return load(schema, self.payload(required=required), partial=partial)


def _whole_number(text: str, default: int) -> int:
    # Beyond nine digits a page number is noise.
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return number or default
