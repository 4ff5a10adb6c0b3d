"""Routes by which creators keep their own works, and whoever keeps the catalogue all of them."""

from typing import Any

from catalog.marketplace_lists import every_product, own_works
from catalog.marketplace_products import marketplace_json
from catalog.marketplace_works import change_work, create_work, remove_work
from catalog.ownership import caller_of, own_creator
from catalog.products import Extra, live_product
from catalog.routes.basis import row_form
from catalog.routes.marketplace import invalid_request, moderation_status, one, product_id, with_names
from catalog.work_requests import added_once
from common.http import Body, Envelope, Request, Response, Role, Routes
from common.http.declared_bodies import changes
from common.http.lists import list_response
from common.http.offsets import OFFSET_QUERY, places_of, places_response
from common.http.paging import WHOLE, window
from common.idempotency import HEADER, token_for
from common.repositories.products import REJECTED, Product

WORK = "marketplace_schemas.Work"
OWN, ALL = "/api/creator/products", "/api/admin/products"

routes = Routes("catalog")


@routes.get(
    OWN,
    role=Role.CREATOR,
    query=("status",),
    answer="OwnProducts",
    paging=WHOLE,
    envelope=Envelope.MARKETPLACE,
)
def get_own(request: Request) -> Response:
    """The caller's own works, whatever has been said of them, the newest first."""
    status, places = moderation_status(request), window(request)
    works = own_works(own_creator(request.actor).id, status)
    shown, total = works.between(places.start, places.end).shown(marketplace_json), works.total
    return list_response(places.stretch(shown, total), lambda part: {"products": part, "total": total})


@routes.get(
    ALL,
    role=Role.EDITOR,
    query=("creatorId", "status", *OFFSET_QUERY),
    answer="NamedProducts",
    envelope=Envelope.MARKETPLACE,
)
def get_all(request: Request) -> Response:
    """All products, the shop's own too, the newest first."""
    status, places = moderation_status(request), places_of(request)
    works = every_product(request.choice("creatorId"), status, places)
    shown = with_names(works.products())
    return places_response(shown, places, works.total, lambda part: {"products": part})


@routes.post(
    OWN,
    role=Role.CREATOR,
    body=Body(WORK),
    headers=(HEADER,),
    answer="OneProduct",
    status=201,
    refuses=(422,),
    envelope=Envelope.MARKETPLACE,
)
@routes.post(
    ALL,
    role=Role.EDITOR,
    body=Body(WORK),
    headers=(HEADER,),
    answer="OneProduct",
    status=201,
    refuses=(422,),
    envelope=Envelope.MARKETPLACE,
)
def post_work(request: Request) -> dict[str, Any]:
    """A new work of the creator for whom the caller acts; it waits to be approved."""
    # What cannot be read is refused, whoever the caller is.
    sent = request.payload()
    creator, data = own_creator(request.actor), request.load()
    with invalid_request():
        token = token_for(request.header(HEADER), sent, f"creator:{creator.id}")

    def add(extra: Extra) -> Product:
        return create_work(data, creator, request.actor, request.now, extra=extra)

    return one(added_once(token, request.now, add))


@routes.put(
    f"{OWN}/{{product}}",
    role=Role.CREATOR,
    body=changes(WORK),
    answer="OneProduct",
    if_match=True,
    envelope=Envelope.MARKETPLACE,
)
@routes.put(
    f"{ALL}/{{product}}",
    role=Role.EDITOR,
    body=changes(WORK),
    answer="OneProduct",
    if_match=True,
    envelope=Envelope.MARKETPLACE,
)
def put_work(request: Request) -> dict[str, Any]:
    """Changes of a work; the whole of it may be sent. A rejected one that its creator sends waits anew."""
    wanted = product_id(request)
    request.payload()
    product = live_product(wanted)
    caller = caller_of(request.actor)
    caller.require(product)
    data = request.changes(marketplace_json(product))
    if data or product.moderation_status == REJECTED:
        product = change_work(product, data, caller, row_form(request, data.keys()), request.now)
    return one(product)


@routes.delete(f"{OWN}/{{product}}", role=Role.CREATOR, answer="Success", envelope=Envelope.MARKETPLACE)
@routes.delete(f"{ALL}/{{product}}", role=Role.EDITOR, answer="Success", envelope=Envelope.MARKETPLACE)
def delete_work(request: Request) -> dict[str, Any]:
    """Soft deletion of a work."""
    remove_work(product_id(request), caller_of(request.actor), request.now)
    return {"success": True}
