"""Routes of the own account: looking at it, its password, its second factor."""

from typing import Any

from common.http import PUBLIC, Body, Caching, Request, Response, Role, Routes, set_cookie
from common.http.auth import COOKIE
from shop import own_account, second_factor
from shop.password_reset import confirm_reset, request_reset
from shop.routes.sign_in import signed_in_answer

routes = Routes("shop")


@routes.get("/api/auth/me", role=Role.MEMBER, answer="Me")
def get_me(request: Request) -> dict[str, Any]:
    """Who is signed in."""
    return own_account.shown(request.actor)


@routes.post(
    "/api/auth/password",
    role=Role.MEMBER,
    body=Body("schemas.PasswordChange"),
    answer="SignIn",
    refuses=(429,),
)
def post_password(request: Request) -> Response:
    """Another password for the own account; all its tokens end, and a new one is answered."""
    given = request.load()
    signed_in = own_account.change_password(
        request.actor, given["old_password"], given["new_password"], request.source_ip, request.now
    )
    return signed_in_answer("Password changed", signed_in)


@routes.post("/api/auth/logout-everywhere", role=Role.MEMBER, answer="Message")
def post_logout_everywhere(request: Request) -> Response:
    """Ends all tokens of the own account, and removes the cookie."""
    own_account.sign_out_everywhere(request.actor, request.source_ip, request.now)
    return Response({"message": "Logged out everywhere"}, cookies=[set_cookie(COOKIE, "", max_age=0)])


@routes.post(
    "/api/auth/password-reset",
    role=PUBLIC,
    body=Body("schemas.ResetRequest"),
    answer="Message",
    refuses=(429,),
    cached=Caching.UNKEPT,
)
def post_password_reset(request: Request) -> dict[str, str]:
    """Sends a token to choose a password anew, if there is such an account; the answer is the same."""
    request_reset(request.load()["email"], request.source_ip, request.now)
    return {"message": "If there is an account with this address, a mail is on its way"}


@routes.post(
    "/api/auth/password-reset/confirm",
    role=PUBLIC,
    body=Body("schemas.ResetConfirmation"),
    answer="Message",
    refuses=(429,),
    cached=Caching.UNKEPT,
)
def post_password_reset_confirm(request: Request) -> dict[str, str]:
    """Another password by a token that was sent; all that the account was signed in with ends."""
    given = request.load()
    confirm_reset(given["token"], given["password"], request.source_ip, request.now)
    return {"message": "Password changed: sign in with it"}


@routes.post("/api/auth/totp", role=Role.MEMBER, answer="TotpSecret")
def post_totp(request: Request) -> dict[str, str]:
    """A secret for an app that makes codes; it counts once a code of it was confirmed."""
    secret, uri = second_factor.begin(request.actor, request.now)
    return {"secret": secret, "uri": uri}


@routes.post(
    "/api/auth/totp/confirm",
    role=Role.MEMBER,
    body=Body("schemas.TotpCode"),
    answer="RecoveryCodes",
    refuses=(429,),
)
def post_totp_confirm(request: Request) -> dict[str, list[str]]:
    """Turns the second factor on; the recovery codes are shown this once."""
    code = request.load()["code"]
    codes = second_factor.confirm(request.actor, code, request.source_ip, request.now)
    return {"recovery_codes": codes}


@routes.delete(
    "/api/auth/totp",
    role=Role.MEMBER,
    body=Body("schemas.TotpRemoval"),
    answer="Message",
    refuses=(429,),
)
def delete_totp(request: Request) -> dict[str, str]:
    """Turns the second factor off, by the password and a code of either kind."""
    given = request.load()
    second_factor.turn_off(request.actor, given["password"], given["code"], request.source_ip, request.now)
    return {"message": "Second factor turned off"}


@routes.post(
    "/api/auth/totp/recovery-codes",
    role=Role.MEMBER,
    body=Body("schemas.TotpCode"),
    answer="RecoveryCodes",
    refuses=(429,),
)
def post_recovery_codes(request: Request) -> dict[str, list[str]]:
    """New recovery codes, shown this once; the old ones end."""
    code = request.load()["code"]
    codes = second_factor.renew_recovery_codes(request.actor, code, request.source_ip, request.now)
    return {"recovery_codes": codes}
