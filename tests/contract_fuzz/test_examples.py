"""The document's examples are what the demo shop answers.

`ARTSHOP_WRITE_EXAMPLES=1` writes them anew, which is right when answers or the demo shop are meant to change.
"""

import json
import os
import re
from typing import Any

import pytest

from common.http import Route
from tests.support.demo_shop import DemoShop
from tests.support.local_shop import ask
from tools.api_document.document import all_routes, api_document, operation_id
from tools.api_document.examples import ANSWERS, recorded_answers

WRITE = "ARTSHOP_WRITE_EXAMPLES"
# Whose cart a stranger asks for.
CART = "session-of-the-examples"
# Of each list and each object that is a list by name.
SHOWN, LONGEST = 1, 8
LONGEST_TEXT = 200
# What tells of the moment: the figures of the months, and how fast the storage was.
OF_THE_MOMENT = frozenset({"getAdminStats", "getHealth", "getShopHealth"})
# Times, and names that are drawn by lot.
DRAWN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r'|(?<="expires_at": )[0-9]+'
)


def examples_asked() -> list[tuple[Route, str]]:
    """The routes that are read of, and the paths that name things of the demo shop."""
    document = api_document()
    found = []
    for route in all_routes():
        operation = document["paths"][route.path][route.method.lower()]
        parts = {
            each["name"]: each.get("example") for each in operation["parameters"] if each["in"] == "path"
        }
        is_steady = bool(route.answer) and operation_id(route) not in OF_THE_MOMENT
        if route.method == "GET" and route.status == 200 and is_steady and None not in parts.values():
            found.append((route, route.path.format(**parts)))
    return found


def shortened(value: Any) -> Any:
    if isinstance(value, list):
        return [shortened(each) for each in value[:SHOWN]]
    if isinstance(value, dict):
        shown = dict(list(value.items())[:2]) if len(value) > 2 and _is_list(value) else value
        kept = {name: each for name, each in shown.items() if name != "lastEvaluatedKey"}
        return {name: shortened(each) for name, each in kept.items()}
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT].rpartition(' ')[0]} …"
    return value


def _is_list(value: dict[str, Any]) -> bool:
    """Whether an object is a list by name: of a few dozen objects that are all alike."""
    keys = [tuple(each) if isinstance(each, dict) else None for each in value.values()]
    return len(keys) > LONGEST and len(set(keys)) == 1 and None not in keys


def test_each_example_is_what_the_demo_shop_answers(shop: DemoShop) -> None:
    answers = {}
    for route, path in examples_asked():
        sent = {"Authorization": f"Bearer {shop.token}"} if route.role else {"X-Cart-Session": CART}
        status, _, body = ask(shop.port, "GET", path, **sent)
        if status == 200:
            told = body.decode().replace(shop.url, "http://localhost:8000")
            answers[operation_id(route)] = shortened(json.loads(told))
    if os.environ.get(WRITE):
        ANSWERS.write_text(json.dumps(answers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.skip(f"wrote {len(answers)} examples")
    assert len(answers) > 40
    assert _steady(answers) == _steady(recorded_answers())


def _steady(answers: Any) -> Any:
    """The answers without what differs from one demo shop to the next."""
    return json.loads(DRAWN.sub("0", json.dumps(answers)))
