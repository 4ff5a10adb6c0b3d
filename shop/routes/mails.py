"""Routes by which administrators look after the mails that the shop writes."""

from typing import Any

from common.http import Request, Role, Routes
from common.http.declared_bodies import Body
from shop.mail.administration import (
    lift_suppression,
    listed,
    mail_json,
    send_test,
    suppressed_list,
    try_again,
)

BASE = "/api/admin/mails"

routes = Routes("shop")


@routes.get(BASE, role=Role.ADMIN, query=("state",), answer="MailList")
def get_list(request: Request) -> dict[str, Any]:
    """The mails that wait (`state=waiting`, the default) or that ended unsent (`state=ended`)."""
    mails = listed(request.arg("state") or "waiting", request.now)
    return {"mails": mails, "count": len(mails)}


@routes.post(f"{BASE}/{{mail}}/retry", role=Role.ADMIN, answer="Mail", refuses=(429,))
def post_retry(request: Request) -> dict[str, Any]:
    """Lets a mail that ended unsent wait again."""
    return mail_json(try_again(request.params["mail"], request.actor, request.now))


@routes.post(f"{BASE}/test", role=Role.ADMIN, answer="Message", refuses=(429,))
def post_test(request: Request) -> dict[str, str]:
    """Writes to the artist that the shop can write."""
    send_test(request.actor, request.now)
    return {"message": "A mail to the artist waits to be sent"}


@routes.get(f"{BASE}/suppressed", role=Role.ADMIN, answer="SuppressedAddresses")
def get_suppressed(_request: Request) -> dict[str, Any]:
    """The addresses that are not written to any more, by their hashes."""
    found = suppressed_list()
    return {"suppressed": found, "count": len(found)}


@routes.post(
    f"{BASE}/suppressed/lift",
    role=Role.ADMIN,
    body=Body("mail.schemas.LiftedAddress"),
    answer="Message",
    refuses=(404,),
)
def post_lift(request: Request) -> dict[str, str]:
    """Lets the shop write to an address again."""
    lift_suppression(request.load()["email"], request.actor, request.now)
    return {"message": "The address is written to again"}
