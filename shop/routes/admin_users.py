"""Routes by which administrators handle accounts."""

from typing import Any, ClassVar

from common.errors import InvalidInput
from common.http import Body, Envelope, Request, Response, Role, Routes
from common.http.declared_bodies import optional
from common.http.envelopes import INVALID_REQUEST
from common.http.lists import list_response
from common.http.paging import page_cursor, page_of
from common.repositories.accounts import Account, oldest_accounts
from shop.admin_users import (
    Secret,
    admin_user_json,
    admin_users_page,
    allow_account,
    create_account,
    find_account,
    give_password,
    offer_reset,
    require_change,
    role_of,
)
from shop.routes.users import PAGING
from shop.user_removal import remove_user

BASE = "/api/admin/users"
_ONE = f"{BASE}/{{username}}"

routes = Routes("shop")


class _Incomplete(InvalidInput):
    """What has to be said was not said, which these clients know apart from what is wrong."""

    code: ClassVar[str] = INVALID_REQUEST


@routes.get(BASE, role=Role.ADMIN, answer="AdminUserList", paging=PAGING, envelope=Envelope.MARKETPLACE)
def get_list(request: Request) -> Response:
    """All accounts, the oldest first; the administrator of the settings has none."""
    stretch = admin_users_page(oldest_accounts(), page_of(request)[1], page_cursor(request))
    return list_response(stretch, lambda shown: {"users": shown, "count": len(shown)})


@routes.post(
    BASE,
    role=Role.ADMIN,
    body=Body("admin_user_schemas.NewAccount"),
    answer="CreatedAdminUser",
    envelope=Envelope.MARKETPLACE,
)
def post_account(request: Request) -> dict[str, Any]:
    """Adds an account; a password that was generated for it is answered once, where no mail tells of it."""
    sent = request.payload()
    missing = [name for name in ("email", "username") if not sent.get(name)]
    if missing:
        raise _Incomplete(
            " and ".join(f"{name} is required" for name in missing),
            fields={name: ["is required"] for name in missing},
        )
    account, secret = create_account(request.load(sent), request.actor, request.now)
    temporary = {"temporaryPassword": secret.password} if secret.password else {}
    known = {"id": account.id, "username": account.username, "email": account.email, "role": account.role}
    return {"message": "User created successfully", **known, **temporary}


@routes.put(
    _ONE,
    role=Role.ADMIN,
    body=Body("admin_user_schemas.AllowedAccount"),
    answer="ChangedAdminUser",
    envelope=Envelope.MARKETPLACE,
)
def put_account(request: Request) -> dict[str, Any]:
    """Gives an account another role, shuts it out or lets it in again; what it loses ends its tokens."""
    given = request.load()
    role, is_enabled = given.get("role"), given.get("enabled")
    require_change(role, is_enabled)
    wanted = None if role is None else role_of(role)
    account = allow_account(_account(request), request.actor, request.now, role=wanted, is_enabled=is_enabled)
    return {"message": "User updated successfully", "user": admin_user_json(account)}


@routes.delete(_ONE, role=Role.ADMIN, answer="Message", envelope=Envelope.MARKETPLACE)
def delete_account(request: Request) -> dict[str, str]:
    """Removes an account for good."""
    remove_user(_account(request).id, request.actor, request.now)
    return {"message": "User deleted successfully"}


@routes.post(
    f"{_ONE}/reset-password",
    role=Role.ADMIN,
    body=optional("admin_user_schemas.NewPassword"),
    answer="PasswordReset",
    envelope=Envelope.MARKETPLACE,
)
def post_reset_password(request: Request) -> dict[str, Any]:
    """Gives an account another password, or issues a token by which it is chosen within an hour, once."""
    given = request.load()
    account = _account(request)
    if given.get("password"):
        give_password(account, given["password"], request.actor, request.now)
        return {"message": "Password reset successfully"}
    secret = offer_reset(account, request.actor, request.now, by_mail=bool(given.get("send_email")))
    return {"message": _said_of(secret), **_token(secret)}


def _account(request: Request) -> Account:
    return find_account(request.params["username"])


def _said_of(secret: Secret) -> str:
    return "A mail with a token is on its way" if secret.is_mailed else "Token issued: it is shown this once"


def _token(secret: Secret) -> dict[str, str]:
    if secret.token is None or secret.expires_at is None:
        return {}
    return {"resetToken": secret.token, "expiresAt": secret.expires_at}
