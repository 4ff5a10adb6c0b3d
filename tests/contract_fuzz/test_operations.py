"""Every operation, asked by the artist and by a stranger: no defect, no answer that the document lacks."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

from common.http import Route
from tests.contract_fuzz.conftest import ANSWERS
from tests.support.demo_shop import DemoShop
from tools.api_document.document import all_routes, api_document, operation_id

# Random ones for each operation; every bound of every field is tried besides, and every other method.
EXAMPLES = 3
TIMEOUT_S = 30

# What the document forbids may be refused by any status of a refusal.
REFUSED = ["4xx"]
# 502 is a channel that refused and 503 what is not set up; the document names both where they can be.
NO_DEFECT = ["2xx", "3xx", "4xx", "502", "503"]

CONFIG: dict[str, Any] = {
    "seed": 1,
    "generation": {"deterministic": True, "max-examples": EXAMPLES, "database": "none", "no-shrink": True},
    "checks": {
        # Left out: what no schema can say is refused with 400 too, as a code that is unknown or used up.
        "positive_data_acceptance": {"enabled": False},
        "negative_data_rejection": {"expected-statuses": REFUSED},
        "not_a_server_error": {"expected-statuses": NO_DEFECT},
    },
}
# Of what is refused before it is read, a few are enough.
BRIEF: dict[str, Any] = {"phases": {"coverage": {"enabled": False}, "examples": {"enabled": False}}}
# A document of some routes does not know which other methods their paths have.
WITHOUT_OTHER_METHODS: dict[str, Any] = {
    "checks": CONFIG["checks"] | {"unsupported_method": {"enabled": False}}
}


def _schema(routes: Iterable[Route], more: dict[str, Any] | None = None) -> Any:
    config = schemathesis.Config.from_dict({**CONFIG, **(more or {})})
    return schemathesis.openapi.from_dict(api_document(routes), config=config)


ALL = _schema(all_routes())
PUBLIC = _schema((route for route in all_routes() if route.role is None), WITHOUT_OTHER_METHODS)
GUARDED = _schema((route for route in all_routes() if route.role is not None), BRIEF)


def _asked(case: Any, caller: str, shop: DemoShop, things: dict[str, Any]) -> Any:
    _name_what_there_is(case, things)
    headers = {"Authorization": f"Bearer {shop.token}"} if caller == "artist" else {}
    response = case.call(base_url=shop.url, headers=headers, allow_redirects=False, timeout=TIMEOUT_S)
    ANSWERS.setdefault(caller, Counter())[response.status_code] += 1
    return response


def _name_what_there_is(case: Any, things: dict[str, Any]) -> None:
    """Names real things in a path that the document allows, for of a made-up id nothing is found.

    Where something besides the body is forbidden the path is left alone: it may be what is wrong.
    """
    if case.meta is None or not case.path_parameters:
        return
    body = case.meta.components.get(ParameterLocation.BODY)
    is_only_the_body = body is not None and body.mode.is_negative and not _is_negative_path(case)
    if case.meta.generation.mode.is_positive or is_only_the_body:
        made_up = case.path_parameters
        # An id may stand for a slug, as text: what is of another type counts as forbidden.
        known = {name: type(made_up[name])(things[name]) for name in made_up.keys() & things.keys()}
        case.path_parameters = {**made_up, **known}


def _is_negative_path(case: Any) -> bool:
    path = case.meta.components.get(ParameterLocation.PATH)
    return path is None or bool(path.mode.is_negative)


def _of_each(schema: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Makes a test of every operation of a schema; schemathesis does not say its types."""
    made: Callable[[Callable[..., None]], Callable[..., None]] = schema.parametrize()
    return made


@_of_each(ALL)
def test_the_artist_is_answered_as_the_document_says(
    case: Any, shop: DemoShop, things: dict[str, Any]
) -> None:
    case.validate_response(_asked(case, "artist", shop, things))


@_of_each(PUBLIC)
def test_a_stranger_is_answered_as_the_document_says(
    case: Any, shop: DemoShop, things: dict[str, Any]
) -> None:
    case.validate_response(_asked(case, "stranger", shop, things))


@_of_each(GUARDED)
def test_a_stranger_gets_past_no_role(case: Any, shop: DemoShop, things: dict[str, Any]) -> None:
    response = _asked(case, "stranger", shop, things)
    assert response.status_code in {400, 401, 404}, response.status_code
    case.validate_response(response)


def test_every_operation_is_tried() -> None:
    tried = {each.ok().definition.raw["operationId"] for each in ALL.get_all_operations()}
    assert tried == {operation_id(route) for route in all_routes()}
    assert len(tried) > 150
