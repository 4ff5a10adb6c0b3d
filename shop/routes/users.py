"""Routes of the users' API; the names of the handlers stand in the texts of unexpected failures."""

from collections.abc import Mapping
from typing import Any

from common.errors import InvalidInput
from common.http import Body, Envelope, Request, Response, Role, Routes
from common.http.lists import list_response
from common.http.paging import Paging, page_cursor, page_of, refusing
from common.repositories.accounts import Account, number_of_accounts, oldest_accounts
from shop.user_changes import create_user as add_user
from shop.user_changes import rename_user
from shop.user_removal import remove_user, remove_users
from shop.users import (
    created_after,
    find_user,
    requested_id,
    user_exists,
    user_json,
    users_by_email,
    users_page,
)

BASE = "/api/users"
# The bare call answers all of them, as far as an answer can hold them: about 30,000.
MOST = 20_000
PAGING = Paging(MOST, MOST, sizes=(("limit", refusing),), page=None)

routes = Routes("shop")


@routes.get(
    BASE,
    role=Role.ADMIN,
    query=("email", "createdAfter"),
    answer="UserList",
    paging=PAGING,
    envelope=Envelope.USERS,
)
def get_users(request: Request) -> Response:
    """Users, the oldest first: all, the one with an address, or those created after a day or a moment."""
    email, after = request.arg("email"), request.arg("createdAfter")
    if "email" in request.query and "createdAfter" in request.query:
        raise InvalidInput.of_field("createdAfter", "must not be given with email")
    if "email" in request.query:
        return Response(_done([user_json(account) for account in users_by_email(email)]))
    query = created_after(after) if "createdAfter" in request.query else oldest_accounts()
    return list_response(users_page(query, page_of(request)[1], page_cursor(request)), _done)


@routes.get(f"{BASE}/count", role=Role.ADMIN, answer="UserCount", envelope=Envelope.USERS)
def get_user_count(request: Request) -> dict[str, Any]:  # noqa: ARG001 - handlers are given the request
    """How many users there are."""
    return _done({"count": number_of_accounts()})


@routes.get(f"{BASE}/{{user}}", role=Role.ADMIN, answer="UserAnswer", envelope=Envelope.USERS)
def get_user(request: Request) -> dict[str, Any]:
    """One user; asked by HEAD, whether there is one."""
    return _done(user_json(find_user(_user_id(request))))


@routes.get(f"{BASE}/{{user}}/exists", role=Role.ADMIN, answer="UserExists", envelope=Envelope.USERS)
def get_user_exists(request: Request) -> dict[str, Any]:
    """Whether there is a user with this id."""
    return _done({"exists": user_exists(request.params["user"])})


@routes.post(
    BASE,
    role=Role.ADMIN,
    body=Body("user_schemas.NewUser"),
    answer="UserAnswer",
    status=201,
    envelope=Envelope.USERS,
)
def create_user(request: Request) -> dict[str, Any]:
    """Adds a user: an account of a member, who has no password before one is chosen."""
    given = request.load(_sent(request))
    account = add_user(given["email"], given["name"], request.actor, request.now)
    return _said("User created successfully", account)


@routes.put(
    f"{BASE}/{{user}}",
    role=Role.ADMIN,
    body=Body("user_schemas.UserName"),
    answer="UserAnswer",
    envelope=Envelope.USERS,
)
def update_user(request: Request) -> dict[str, Any]:
    """Gives a user another name; the address stays."""
    user_id = _user_id(request)
    sent = _sent(request)
    if not sent:
        raise InvalidInput.of_field("request", "must NOT have fewer than 1 properties")
    account = rename_user(user_id, request.load(sent).get("name"), request.actor, request.now)
    return _said("User updated successfully", account)


@routes.delete(f"{BASE}/{{user}}", role=Role.ADMIN, answer="UserRemoved", envelope=Envelope.USERS)
def delete_user(request: Request) -> dict[str, Any]:
    """Removes a user for good, which ends all its tokens."""
    remove_user(_user_id(request), request.actor, request.now)
    return {**_done(None), "message": "User deleted successfully"}


@routes.post(
    f"{BASE}/batch-delete",
    role=Role.ADMIN,
    body=Body("user_schemas.UserSelection"),
    answer="UserRemoval",
    envelope=Envelope.USERS,
)
def batch_delete_users(request: Request) -> dict[str, Any]:
    """Removes several users for good, and says of each whether it is gone."""
    removal = remove_users(request.load(_sent(request))["ids"], request.actor, request.now)
    failed = [{"id": user_id, "error": reason} for user_id, reason in removal.failed]
    return _done({"success": removal.success, "failed": failed})


def _user_id(request: Request) -> str:
    return requested_id(request.params["user"])


def _sent(request: Request) -> Mapping[str, Any]:
    """The body as its clients' first server read it: what is empty in JavaScript is no JSON to it."""
    sent = request.json()
    if not sent and not isinstance(sent, dict | list):
        raise InvalidInput("Invalid JSON in request body")
    if not isinstance(sent, dict):
        raise InvalidInput.of_field("request", "must be object")
    return sent


def _done(data: Any) -> dict[str, Any]:
    return {"success": True, "data": data}


def _said(message: str, account: Account) -> dict[str, Any]:
    return {**_done(user_json(account)), "message": message}
