"""Addresses below /uploads/: those of the shop's first server, and relative addresses of today."""

import re
from urllib.parse import quote

from common import config, media
from common.errors import NotFound
from common.http import PUBLIC, Caching, Request, Response, Routes

VARIABLES = ("kind", "name", "file", "last")

routes = Routes("content")

# Names are those of the files that artists uploaded. A part of dots alone would lead elsewhere.
_PART = re.compile(r"(?!\.+\Z)[\w .,()'@+~&=-]{1,255}")

# Keys that the shop makes itself; what its first server stored has `uploads/` before the rest of its address.
_OWN_KEY = re.compile(r"(products|personaggi|fumetti)/\d+/[0-9a-f-]{32,36}\.[a-z]+|(incoming|uploads)/.+")


def redirect(request: Request) -> Response:
    """302 to where the picture is served today, whether or not it is there."""
    parts = [request.params[name] for name in VARIABLES if name in request.params]
    if not all(_PART.fullmatch(part) for part in parts):
        raise NotFound("Not found")
    path = "/".join(parts)
    key = path if _OWN_KEY.fullmatch(path) else f"{media.UPLOADS}{path}"
    address = f"{config.media_base_url()}/{quote(key)}"
    return Response({"url": address}, 302, {"Location": address})


# The picture itself stays where it is; only the place where pictures are served may move.
for _depth in (2, 3, 4):
    _path = "/".join(f"{{{name}}}" for name in VARIABLES[:_depth])
    routes.get(f"/uploads/{_path}", role=PUBLIC, answer="Moved", status=302, cached=Caching.HOUR)(redirect)
