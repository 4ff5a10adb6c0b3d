"""What the local server serves beside the API: the page for a newcomer, the API's document and its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

from common.http import Route
from common.http.app import ShopApp
from tools.api_document.docs_page import INDEX, PageFile, headers, page_files
from tools.local.gateway import Gateway
from tools.local.home import home_page, is_wanted
from tools.local.mail_page import BASE as MAIL
from tools.local.mail_page import mail_page

DOCUMENT, DOCS = "/openapi.json", "/docs/"


@dataclass(frozen=True)
class Page:
    """A status with headers and bytes, ready to be sent."""

    status: HTTPStatus
    headers: Mapping[str, str]
    data: bytes


class Pages:
    """The pages of the shop behind a gateway; each is made when it is first asked for."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def find(self, method: str, path: str, accept: str, host: str) -> Page | None:
        """The page at `path`; None for what the API answers, which at `/` is any caller but a browser."""
        if method not in {"GET", "HEAD"}:
            return None
        if path == "/" and is_wanted(accept):
            page, sent = home_page(self._gateway, host)
            return Page(HTTPStatus.OK, sent, page.encode())
        if path == MAIL or path.startswith(f"{MAIL}/"):
            return _mail(path)
        if path == DOCS.rstrip("/"):
            return Page(HTTPStatus.FOUND, {"Location": DOCS, "Cache-Control": "no-store"}, b"")
        return self._file(path)

    def _file(self, path: str) -> Page | None:
        if path == DOCUMENT:
            file: PageFile | None = self._document
        elif path.startswith(DOCS):
            file = self._docs.get(path.removeprefix(DOCS) or INDEX)
        else:
            file = None
        if file is None:
            return None
        sent = {**headers(), "Cache-Control": "no-cache", "Content-Type": file.content_type}
        return Page(HTTPStatus.OK, sent, file.data)

    @cached_property
    def _document(self) -> PageFile:
        # Here, for it loads the project's app, which the supervisor does in its own time.
        from tools.api_document.document import api_document, document_text

        text = document_text(api_document(_routes(self._gateway.app)))
        return PageFile("application/json", text.encode())

    @cached_property
    def _docs(self) -> Mapping[str, PageFile]:
        return page_files(DOCUMENT)


def _mail(path: str) -> Page | None:
    found = mail_page(path)
    return Page(HTTPStatus.OK, found[1], found[0].encode()) if found else None


def _routes(app: ShopApp) -> list[Route]:
    """What is mounted, but the answers to OPTIONS that stand beside everything."""
    return [
        route
        for methods in app.shop_routes.values()
        for route in methods.values()
        if route.method != "OPTIONS"
    ]
