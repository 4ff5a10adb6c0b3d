"""The addresses that uploads had on the shop's first server, which links and clients still use."""

import re
from urllib.parse import quote

from common import media
from common.errors import NotFound
from common.http import Request, Response

FOLDER = "uploads"

# Names are those of the files that artists uploaded. A part of dots alone would lead elsewhere.
_PART = re.compile(r"(?!\.+\Z)[\w .,()'@+~&=-]{1,255}")

# The picture itself stays where it is; only the place where pictures are served may move.
_HEADERS = {"Cache-Control": "public, max-age=3600"}


def redirect(request: Request) -> Response:
    """302 to where the picture is served today, whether or not it is there."""
    parts = [request.params[name] for name in ("kind", "name", "file") if name in request.params]
    if not all(_PART.fullmatch(part) for part in parts):
        raise NotFound("Not found")
    address = media.url_for("/".join([FOLDER, *(quote(part, safe="") for part in parts)]))
    return Response({"url": address}, 302, {**_HEADERS, "Location": address})
