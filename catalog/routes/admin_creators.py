"""Routes by which administrators see, make, disable and enable creators."""

from typing import Any

from catalog.creator_sign_up import add_creator_for, give_creator, named_account_id
from catalog.creator_status import set_status
from catalog.creator_views import listed_creator_json, managed_creator_json, own_creator_json
from catalog.creators import accounts_of, listed_creators, works_of_creators
from catalog.routes.creators import LIMITED
from common.errors import InvalidInput
from common.http import Body, Envelope, Request, Response, Role, Routes
from common.http.lists import list_response
from common.http.paging import window

BASE = "/api/admin/creators"

routes = Routes("catalog")


@routes.get(
    BASE,
    role=Role.ADMIN,
    query=("search",),
    paging=LIMITED,
    answer="AdminCreatorList",
    envelope=Envelope.MARKETPLACE,
)
def get_creators(request: Request) -> Response:
    """Every creator, the newest first, with the address of the account and how many works there are."""
    found, places = listed_creators(request.arg("search"), sees_all=True), window(request)
    wanted = found[places.start : places.end]
    accounts, works = accounts_of(wanted), works_of_creators()
    shown = [
        listed_creator_json(creator, accounts.get(str(creator.user_id)), works[creator.id])
        for creator in wanted
    ]
    return list_response(
        places.stretch(shown, len(found)), lambda part: {"creators": part, "total": len(part)}
    )


@routes.post(
    BASE,
    role=Role.ADMIN,
    body=Body("creator_schemas.CreatorForAccount"),
    answer="OwnCreatorAnswer",
    status=201,
    refuses=(404,),
    envelope=Envelope.MARKETPLACE,
)
def post_creator(request: Request) -> dict[str, Any]:
    """Makes a creator for the account with this `userId` or `email`, or for the caller's own."""
    data = request.load()
    account_id = named_account_id(data, request.actor)
    made = add_creator_for(account_id, data, request.actor, request.now)
    return {"creator": own_creator_json(made.creator)}


@routes.put(
    f"{BASE}/{{creator}}/status",
    role=Role.ADMIN,
    body=Body("creator_schemas.CreatorStatus"),
    answer="ManagedCreatorAnswer",
    envelope=Envelope.MARKETPLACE,
)
def put_status(request: Request) -> dict[str, Any]:
    """Disables a creator, with all works, or enables one again; repeating it changes nothing more."""
    request.payload()
    try:
        data = request.load()
    except InvalidInput as error:
        # These clients know it as a request that is wrong, not as fields that are.
        raise InvalidInput(error.message) from error
    creator_id = request.params["creator"]
    creator = set_status(creator_id, data["status"], data["reason"], request.actor, request.now)
    return {"creator": managed_creator_json(creator)}


@routes.put(
    f"{BASE}/{{creator}}/account",
    role=Role.ADMIN,
    body=Body("creator_schemas.CreatorAccount"),
    answer="OwnCreatorAnswer",
    envelope=Envelope.MARKETPLACE,
)
def put_account(request: Request) -> dict[str, Any]:
    """Lets the account with this `userId` or `email` act for a creator who has none; repeating it is well."""
    account_id = named_account_id(request.load(), request.actor)
    creator = give_creator(request.params["creator"], account_id, request.actor, request.now)
    return {"creator": own_creator_json(creator)}
