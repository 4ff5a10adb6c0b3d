"""Routes of signing in and out."""

from botocore.exceptions import BotoCoreError, ClientError

from common.errors import ShopError
from common.http import PUBLIC, Body, Caching, Request, Response, Routes, set_cookie
from common.http.auth import COOKIE, TOKEN_SECONDS
from common.logging import describe_exception, logger
from shop.codes import Code
from shop.sign_in import SignedIn, sign_in, sign_out

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
    """A token, in the body and as a cookie.

    Where the account has a second factor and the password is right, a 401 says `totp_required` until a code
    comes with it.
    """
    given = request.load()
    code = Code(given.get("totp", ""), given.get("recovery_code", ""))
    signed_in = sign_in(given["username"], given["password"], request.source_ip, request.now, code)
    return signed_in_answer("Login successful", signed_in)


def signed_in_answer(message: str, signed_in: SignedIn) -> Response:
    """The answer that brings a token, in its body and as a cookie."""
    body = {"message": message, "user": signed_in.name, "token": signed_in.token}
    return Response(body, cookies=[set_cookie(COOKIE, signed_in.token, max_age=TOKEN_SECONDS)])


@routes.post("/api/auth/logout", role=PUBLIC, answer="Message")
def post_logout(request: Request) -> Response:
    """Ends the token and removes the cookie; signing out never fails, whoever asks."""
    if request.claimed is not None:
        try:
            sign_out(request.claimed, request.source_ip, request.now)
        except (ShopError, BotoCoreError, ClientError) as error:
            logger().warning("sign-out not recorded", extra=describe_exception(error))
    return Response({"message": "Logged out successfully"}, cookies=[set_cookie(COOKIE, "", max_age=0)])
