"""The handlers of signing in and out."""

from botocore.exceptions import BotoCoreError, ClientError

from common import config
from common.errors import ShopError
from common.http import Request, Response
from common.http.auth import COOKIE, TOKEN_SECONDS
from common.logging import describe_exception, logger
from shop.sign_in import configured_account, sign_in, sign_out


def post_login(request: Request) -> Response:
    """A token for the administrator, in the body and as a cookie."""
    from shop.schemas import Credentials

    given = request.load(Credentials)
    token = sign_in(given["username"], given["password"], request.source_ip, request.now)
    body = {"message": "Login successful", "user": configured_account().username, "token": token}
    return Response(body, headers={"Cache-Control": "no-store"}, cookies=[_cookie(token, TOKEN_SECONDS)])


def post_logout(request: Request) -> Response:
    """Removes the cookie; signing out never fails, whoever asks."""
    if request.identity is not None:
        try:
            sign_out(request.identity, request.source_ip, request.now)
        except (ShopError, BotoCoreError, ClientError) as error:
            logger().warning("sign-out not recorded", extra=describe_exception(error))
    return Response({"message": "Logged out successfully"}, cookies=[_cookie("", 0)])


def _cookie(token: str, seconds: int) -> str:
    # A development server speaks plain HTTP, over which a Secure cookie is not sent back.
    secure = "" if config.is_development() else "; Secure"
    return f"{COOKIE}={token}; Path=/; HttpOnly{secure}; SameSite=Strict; Max-Age={seconds}"
