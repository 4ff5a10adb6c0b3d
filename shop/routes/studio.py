"""Routes of the studio's page, which are files and nothing else: what it shows it asks of the API."""

from common.errors import NotFound
from common.http import PUBLIC, Document, Request, Response, Routes
from shop.studio.files import policy, studio_files, studio_page

routes = Routes("shop")


@routes.get("/studio", role=PUBLIC, media_types=("text/html",))
def get_studio(request: Request) -> Response:
    """The page on which creators see their numbers and works, and administrators what waits for them."""
    return _sent(studio_page(is_in_folder=request.path.endswith("/")))


@routes.get("/studio/{asset}", role=PUBLIC, media_types=("text/css", "text/javascript", "text/plain"))
def get_studio_file(request: Request) -> Response:
    """A script or a style of the page."""
    file = studio_files().get(request.params["asset"])
    if file is None:
        raise NotFound("Not found")
    return _sent(file)


def _sent(document: Document) -> Response:
    return Response(document, headers={"Content-Security-Policy": policy()})
