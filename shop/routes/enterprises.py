"""Routes of enterprises."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from common.dynamodb import table_name
from common.errors import InvalidInput
from common.http import Body, Request, Role, Routes
from common.http.basis import seen_by
from common.http.events import LONGEST_PARAM_BYTES
from common.http.responses import NULL
from common.logging import describe_exception, logger
from shop.enterprises import (
    create_enterprise,
    enterprise_json,
    remove_enterprise,
    rename_enterprise,
    rows_report,
)
from shop.repositories.enterprises import Enterprise, all_enterprises, enterprises_named, find_enterprise

BASE = "/api/enterprises"

routes = Routes("shop")


@routes.post(BASE, role=Role.ADMIN, body=Body("schemas.EnterpriseName"), answer="Enterprise", status=201)
def post(request: Request) -> dict[str, Any]:
    """Creates an enterprise; others may have the same name."""
    return enterprise_json(create_enterprise(request.load()["name"], request.actor, request.now))


@routes.get(BASE, role=Role.ADMIN, query=("name",), answer="Enterprises")
def get_list(request: Request) -> list[dict[str, Any]]:
    """Every enterprise by name. With `name` those that are called exactly so, the oldest first."""
    name = request.arg("name")
    return [enterprise_json(each) for each in (enterprises_named(name) if name else all_enterprises())]


@routes.get(f"{BASE}/{{enterprise}}", role=Role.ADMIN, answer="EnterpriseOrNull")
def get_one(request: Request) -> Any:
    """One enterprise, and null for an id that none has."""
    enterprise = find_enterprise(request.params["enterprise"])
    return enterprise_json(enterprise) if enterprise else NULL


@routes.put(
    f"{BASE}/{{enterprise}}",
    role=Role.ADMIN,
    body=Body("schemas.EnterpriseName"),
    answer="EnterpriseOrError",
    if_match=True,
)
def put(request: Request) -> dict[str, Any]:
    """Renames an enterprise; an `error` for an id that none has."""
    return _renamed(request, request.params["enterprise"])


@routes.put(
    BASE, role=Role.ADMIN, body=Body("schemas.NamedEnterprise"), answer="EnterpriseOrError", if_match=True
)
def put_by_id_in_body(request: Request) -> dict[str, Any]:
    """Renames the enterprise whose `id` is in the body; an `error` without it, and for one that none has."""
    given = request.payload().get("id")
    return _renamed(request, _as_id(given)) if given else {"error": "id required"}


@routes.delete(f"{BASE}/{{enterprise}}", role=Role.ADMIN, answer="Nothing")
def delete_one(request: Request) -> dict[str, Any]:
    """Deletes an enterprise; one that is gone is deleted already."""
    remove_enterprise(request.params["enterprise"], request.actor, request.now)
    return {}


@routes.get(f"{BASE}/debug/dynamodb", role=Role.ADMIN, answer="EnterpriseTable")
def get_table(_request: Request) -> dict[str, Any]:
    """The table's name, its enterprises (counted up to 1,000), and ten of their rows as stored."""
    try:
        return rows_report()
    except (BotoCoreError, ClientError) as error:
        logger().warning("rows of enterprises not read", extra=describe_exception(error))
        return {"tableName": table_name(), "error": "The table could not be read"}


def _renamed(request: Request, enterprise_id: str) -> dict[str, Any]:
    check = seen_by(request, _changed_at, _shown)
    name = _name_for(request, enterprise_id)
    enterprise = rename_enterprise(enterprise_id, name, request.actor, request.now, check=check)
    return enterprise_json(enterprise) if enterprise else {"error": "Not found"}


def _changed_at(enterprise: Enterprise) -> str:
    return enterprise.updated_at


def _shown(enterprise: Enterprise) -> list[dict[str, Any]]:
    return [enterprise_json(enterprise)]


def _name_for(request: Request, enterprise_id: str) -> str:
    """The name in the body; one that came from PostgreSQL longer than names are today may stay."""
    sent = request.payload().get("name")
    there = find_enterprise(enterprise_id) if sent else None
    if there and there.name == sent:
        return str(sent)
    name = request.load().get("name")
    if name is None:
        raise InvalidInput.of_field("name", "required")
    return str(name)


def _as_id(given: object) -> str:
    """An id in a body as text: ids from PostgreSQL are sent as numbers too. Empty for what no id can be."""
    text = str(given) if isinstance(given, str | int) and given is not True else ""
    return text if len(text.encode()) <= LONGEST_PARAM_BYTES else ""
