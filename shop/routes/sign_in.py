"""Routes of signing in and out."""

from botocore.exceptions import BotoCoreError, ClientError

from common.errors import ShopError
from common.http import PUBLIC, Body, Caching, Request, Response, Routes, set_cookie
from common.http.auth import COOKIE, TOKEN_SECONDS
from common.logging import describe_exception, logger
from shop.sign_in import configured_account, sign_in, sign_out

routes = Routes("shop")


@routes.post(
    "/api/auth/login",
    role=PUBLIC,
    body=Body("schemas.Credentials"),
    answer="SignIn",
    refuses=(401, 429),
    cached=Caching.UNKEPT,
)
def post_login(request: Request) -> Response:
    """A token for the administrator, in the body and as a cookie."""
    given = request.load()
    token = sign_in(given["username"], given["password"], request.source_ip, request.now)
    body = {"message": "Login successful", "user": configured_account().username, "token": token}
    return Response(body, cookies=[set_cookie(COOKIE, token, max_age=TOKEN_SECONDS)])


@routes.post("/api/auth/logout", role=PUBLIC, answer="Message")
def post_logout(request: Request) -> Response:
    """Ends the token and removes the cookie; signing out never fails, whoever asks."""
    if request.claimed is not None:
        try:
            sign_out(request.claimed, request.source_ip, request.now)
        except (ShopError, BotoCoreError, ClientError) as error:
            logger().warning("sign-out not recorded", extra=describe_exception(error))
    return Response({"message": "Logged out successfully"}, cookies=[set_cookie(COOKIE, "", max_age=0)])
