"""The HTTP layer: what a domain needs to declare routes, read requests and answer them."""

from common.http.app import ShopApp, create_app
from common.http.auth import PUBLIC, Identity, Role, issue_token, verify_token
from common.http.caching import Caching
from common.http.declared_bodies import Body
from common.http.envelopes import Envelope
from common.http.request import Request
from common.http.responses import Document, Response, set_cookie
from common.http.routing import Handler, Route, Routes

__all__ = [
    "PUBLIC",
    "Body",
    "Caching",
    "Document",
    "Envelope",
    "Handler",
    "Identity",
    "Request",
    "Response",
    "Role",
    "Route",
    "Routes",
    "ShopApp",
    "create_app",
    "issue_token",
    "set_cookie",
    "verify_token",
]
