"""A small app that shows every behaviour of the HTTP layer."""

import pytest

from common.http import PUBLIC, Body, Request, Role, Routes, ShopApp, create_app
from common.http.declared_bodies import upload as an_upload
from common.http.paging import Paging, page_of
from tests.support.http import Client

ORIGIN = "https://shop.example"
OTHER_ORIGIN = "https://admin.shop.example"


def sample_routes() -> Routes:
    """Routes that answer with what they were asked."""
    routes = Routes("sample")

    @routes.get("/things", role=PUBLIC, paging=Paging())
    def list_things(request: Request) -> dict[str, object]:
        return {"query": request.query, "page": page_of(request)}

    @routes.get("/things/{thing}", role=PUBLIC)
    def get_thing(request: Request) -> dict[str, object]:
        return {"params": dict(request.params), "signed_in": request.identity is not None}

    @routes.post("/echo", role=PUBLIC, status=201, body=Body())
    def echo(request: Request) -> dict[str, object]:
        return {"received": request.json()}

    @routes.put("/echo", role=PUBLIC, body=Body(required=False))
    def echo_payload(request: Request) -> dict[str, object]:
        return {"received": request.payload()}

    @routes.post("/upload", role=PUBLIC, body=an_upload())
    def upload(request: Request) -> dict[str, object]:
        form = request.multipart()
        sizes = {name: len(file.data) for name, file in form.files.items()}
        return {"fields": form.fields, "sizes": sizes}

    @routes.get("/admin/things", role=Role.ADMIN)
    def list_all(request: Request) -> dict[str, object]:
        return {"caller": request.identity.username if request.identity else ""}

    @routes.delete("/admin/things/{thing}", role=Role.ADMIN)
    def remove(request: Request) -> dict[str, str]:
        return {"removed": request.params["thing"]}

    return routes


@pytest.fixture(autouse=True)
def _allowed_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", f"{ORIGIN},{OTHER_ORIGIN}")


@pytest.fixture
def app(table: str) -> ShopApp:
    """An app with the sample routes, and a table that says whose tokens count."""
    return create_app("sample", [sample_routes()])


@pytest.fixture
def client(app: ShopApp) -> Client:
    """A client of the sample app."""
    return Client(app)
