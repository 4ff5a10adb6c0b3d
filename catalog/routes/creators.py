"""Routes of creators: as everybody sees them, and their own profile."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from catalog.creator_accounts import refuse_strangers, sign_up_stranger
from catalog.creator_sign_up import SignedUp, add_creator_for
from catalog.creator_uploads import picture_upload
from catalog.creator_views import creator_json, own_creator_json, theme_json
from catalog.creators import Check, change_profile, choose_mails, listed_creators, own_profile
from common.errors import InvalidInput, NotFound
from common.http import PUBLIC, Body, Caching, Envelope, Request, Response, Role, Routes, set_cookie
from common.http.auth import COOKIE, TOKEN_SECONDS
from common.http.authorisation import authorise
from common.http.basis import seen_by
from common.http.declared_bodies import changes
from common.http.lists import list_response
from common.http.paging import WHOLE, by_rule, window
from common.repositories.creators import NOT_FOUND, active_creator

BASE, OWN = "/api/creators", "/api/creator"
# Given whole, or the first so many of it.
LIMITED = replace(WHOLE, sizes=(("limit", by_rule),))

routes = Routes("catalog")


@routes.get(
    BASE, role=PUBLIC, query=("search",), paging=LIMITED, answer="CreatorList", envelope=Envelope.MARKETPLACE
)
def get_creators(request: Request) -> Response:
    """The creators whom the shop shows, the newest first."""
    found, places = listed_creators(request.arg("search"), sees_all=False), window(request)
    shown = [creator_json(creator) for creator in found[places.start : places.end]]
    return list_response(
        places.stretch(shown, len(found)), lambda part: {"creators": part, "total": len(part)}
    )


@routes.get(
    f"{BASE}/{{slug}}",
    role=PUBLIC,
    answer="CreatorPage",
    cached=Caching.MINUTES,
    envelope=Envelope.MARKETPLACE,
)
def get_creator(request: Request) -> dict[str, Any]:
    """A creator by slug, with what the page looks like; nobody is told who is disabled."""
    slug = request.params["slug"].strip()
    if not slug:
        raise InvalidInput("A slug is required")
    creator = active_creator(slug)
    if creator is None:
        raise NotFound(NOT_FOUND)
    return {"creator": creator_json(creator), "theme": theme_json(creator.theme)}


@routes.post(
    BASE,
    role=PUBLIC,
    body=Body(
        "creator_schemas.NewCreatorAndAccount",
        otherwise="creator_schemas.NewCreator",
        distinguished_by="password",
    ),
    answer="NewCreator",
    status=201,
    refuses=(401, 403, 404, 429),
    cached=Caching.UNKEPT,
    envelope=Envelope.MARKETPLACE,
)
def post_creator(request: Request) -> Response:
    """Makes a creator for the caller's account, or with a new one; `token` is that of the account."""
    sent = request.payload()
    # A cookie whose token has ended proves nobody, and does not keep anybody from signing up.
    if "authorization" in request.headers or request.identity is not None:
        made = _signed_up_by_account(request, sent)
    else:
        refuse_strangers()
        data = request.load({"password": None, **sent})
        made = sign_up_stranger(data, request.source_ip, request.now)
    body, token = {"creator": own_creator_json(made.creator)}, made.token(request.now)
    if not token:
        return Response(body, 201)
    cookie = set_cookie(COOKIE, token, max_age=TOKEN_SECONDS)
    return Response(body | {"token": token}, 201, cookies=[cookie])


def _signed_up_by_account(request: Request, sent: Mapping[str, Any]) -> SignedUp:
    authorise(request, Role.MEMBER)
    # The account has an address and a password already.
    data = request.load({name: it for name, it in sent.items() if name not in {"email", "password"}})
    return add_creator_for(request.actor.id, data, request.actor, request.now)


@routes.get(
    f"{OWN}/profile",
    role=Role.CREATOR,
    answer="OwnCreatorAnswer",
    refuses=(404,),
    envelope=Envelope.MARKETPLACE,
)
def get_profile(request: Request) -> dict[str, Any]:
    """The caller's own profile; 404 for an account that acts for no creator."""
    return {"creator": own_creator_json(own_profile(request.actor))}


@routes.put(
    f"{OWN}/profile",
    role=Role.CREATOR,
    body=changes("creator_schemas.ProfileChanges"),
    answer="OwnCreatorAnswer",
    if_match=True,
    refuses=(404,),
    envelope=Envelope.MARKETPLACE,
)
def put_profile(request: Request) -> dict[str, Any]:
    """Changes of the caller's own profile: `theme` field by field, `socialLinks` whole."""
    # What cannot be read is refused, whoever the creator is.
    request.payload()
    creator, check = own_profile(request.actor), profile_check(request)
    data = request.changes(own_creator_json(creator), nothing="")
    changed = change_profile(creator.id, data, request.actor, request.now, check=check)
    return {"creator": own_creator_json(changed)}


@routes.put(
    f"{OWN}/notification-preferences",
    role=Role.CREATOR,
    body=Body("creator_schemas.NotificationPreferences"),
    answer="OwnCreatorAnswer",
    refuses=(404,),
    envelope=Envelope.MARKETPLACE,
)
def put_notification_preferences(request: Request) -> dict[str, Any]:
    """What the caller wants to be told of by mail; what is not named stays."""
    wanted, creator = request.load(), own_profile(request.actor)
    return {"creator": own_creator_json(choose_mails(creator.id, wanted, request.actor, request.now))}


@routes.post(
    f"{OWN}/upload-image",
    role=Role.CREATOR,
    body=Body("creator_schemas.PictureToUpload"),
    answer="PictureUpload",
    envelope=Envelope.MARKETPLACE,
)
@routes.post(
    "/api/admin/upload-image",
    role=Role.EDITOR,
    body=Body("creator_schemas.PictureToUpload"),
    answer="PictureUpload",
    envelope=Envelope.MARKETPLACE,
)
def post_upload_image(request: Request) -> dict[str, Any]:
    """Where a browser may put a picture of a profile or a work."""
    return picture_upload(request.load(), request.now)


def profile_check(request: Request) -> Check:
    """Refuses a change of a profile whose caller has seen an older one."""
    return seen_by(
        request,
        lambda creator: creator.updated_at,
        lambda creator: [{"creator": own_creator_json(creator)}],
    )
