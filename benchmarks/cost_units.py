"""`python -m benchmarks.cost_units`: measures what `artshop costs` reckons with, on DynamoDB Local.

Units do not depend on the machine; what does, as time, is not measured here.
"""

import importlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click
from chalice.local import LambdaEventConverter, RouteMatcher

from benchmarks.aws_units import size_of
from benchmarks.capacity import consumed
from benchmarks.environment import create_empty_table, isolate
from benchmarks.measure import HEADERS
from benchmarks.order_calls import ORDER_CALLS, OrderCall
from benchmarks.order_measure import OrderBench
from benchmarks.order_terms import mail_on
from benchmarks.shop import fill, make_shop
from catalog.lambdas import run_job as run_catalog_job
from common.clock import iso, utc_now
from common.dynamodb import (
    AT_ONCE,
    INDEXES,
    delete_table,
    from_wire,
    get_client,
    table_name,
)
from common.http import Role, ShopApp, issue_token
from common.repositories.catalogue_changes import changes_since
from common.repositories.creators import CREATORS, Creator
from orders.lambdas import run_job
from shop.analytics.recording import record_event
from shop.lambdas import run_job as run_shop_job
from shop.mail.digest import queue_digest
from shop.mail.sending import send_due
from shop.repositories.analytics import PAGE_VIEW
from tools.costs.units import PATH
from tools.engines import dynamodb_local

Answer = Mapping[str, Any]

SIZES = (50, 200, 500, 1000)
LINES = 3
# To the buyer when the order is placed, paid and shipped, and to the artist.
MAILS = 4
IN_FULL = (
    "checkout in full",
    "payment in full",
    "step of an order in full",
    "mail about an order",
    "mail to the artist",
    "job mails",
)
# What DynamoDB stores besides a row, and besides each of its entries in an index.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks.capacity.html
OVERHEAD = 100

_LIST = "/api/products?per_page=20"
READS: Mapping[str, str] = {
    "newest products": _LIST,
    "filtered products": f"{_LIST}&in_stock=true&sort_by=base_price&sort_order=ASC",
    "search": f"{_LIST}&search=lighthouse",
    "product page": "/api/products/{slug}",
    "categories": "/api/categories",
    "personaggi": "/api/personaggi",
    "fumetti": "/api/fumetti",
}


@click.command()
@click.option("--output", default=PATH, type=click.Path(dir_okay=False, path_type=Path), help="Where to.")
def main(output: Path) -> None:
    """Measure the units of each call of a visit, an order and a job, and write them down with the date."""
    with dynamodb_local.start() as engine:
        isolate(os.environ, engine.endpoint)
        app = importlib.import_module("app").app
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            units = {
                "date": datetime.now(UTC).date().isoformat(),
                "measured_on": f"DynamoDB Local ({dynamodb_local.PACKAGE}); transactions by AWS's rule",
                "command": "python -m benchmarks.cost_units",
                **measure(app),
            }
    output.write_text(json.dumps(units, indent=2) + "\n", encoding="utf-8")
    click.echo(f"Written to {output}.", err=True)


def measure(app: ShopApp, sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """The units of calls by the number of products, of those that do not depend on it, and bytes stored.

    All are those of a warm process, which has answered each before and holds the catalogue.
    """
    reads: dict[str, dict[str, Any]] = {name: {} for name in READS}
    stored: dict[str, int] = {}
    for size in sizes:
        with _table():
            shop = make_shop(size)
            empty = _stored_bytes()
            fill(shop)
            stored[str(size)] = _stored_bytes() - empty
            slug = shop.products[size // 2].slug
            for name, path in READS.items():
                ask = partial(_send, app, "GET", path.format(slug=slug), {}, {})
                ask()
                reads[name][str(size)] = _units(ask)
    return {"by_products": reads, "fixed": _orders(app), "stored_bytes": stored}


def _orders(app: ShopApp) -> dict[str, Any]:
    with mail_on():
        full = _of_orders(app, OrderBench(app, in_full=True), " in full")
    return _of_orders(app, OrderBench(app)) | {name: full[name] for name in IN_FULL}


def _of_orders(app: ShopApp, bench: OrderBench, kind: str = "") -> dict[str, Any]:
    calls = {call.name: call for call in ORDER_CALLS}
    bench.open()
    try:
        found = {
            "cart": _asked(app, bench, calls[f"cart of {LINES} lines"]),
            "into the cart": _asked(app, bench, calls["add a second product to a cart"]),
            "list of orders": _asked(app, bench, ORDER_CALLS[0]),
        }
        (event,) = bench.events(calls[f"checkout of {LINES} lines{kind}"], 1)
        answers: list[Answer] = []
        found[f"checkout{kind}"] = _units(lambda: answers.append(_well(app(event, None))))
        order = json.loads(answers[0]["body"])
        return found | _after_checkout(app, order, event["headers"], kind)
    finally:
        bench.close()


def _after_checkout(
    app: ShopApp, order: Mapping[str, Any], headers: Mapping[str, str], kind: str
) -> dict[str, Any]:
    """The steps of an order by its buyer, who is known by the headers of the checkout, and by the artist."""
    number = order["order_number"]
    admin = {"Authorization": f"Bearer {issue_token('1', 'admin', Role.ADMIN, utc_now())}"}
    shipped = {"status": "shipped"}
    steps = {
        f"payment{kind}": ("POST", f"/api/orders/{number}/payment", headers, {}),
        "order page": ("GET", f"/api/orders/{number}", headers, {}),
        f"step of an order{kind}": ("PATCH", f"/api/admin/orders/{number}/status", admin, shipped),
    }
    found = {name: _units(partial(_send, app, *step)) for name, step in steps.items()}
    return found | {
        "job unpaid": _units(partial(run_job, "unpaid")),
        "job analytics": _analytics(),
        "job creators": _units(partial(run_catalog_job, "creators")),
        # What it asks the table each time, some of it changed; there is no bucket here.
        "job snapshot": _units(partial(changes_since, utc_now() - timedelta(minutes=15))),
        **(_mails() if kind else {}),
    }


def _mails() -> dict[str, Any]:
    """The mails of the order that was just placed, paid and shipped, and the job that finds none waiting."""
    folder = Path(os.environ["MAIL_FOLDER"])
    to_artist = _units(partial(queue_digest, utc_now()))
    with consumed() as found:
        sent = send_due(utc_now, lambda: True).counts["sent"]
    if sent != len(list(folder.glob("*.eml"))) or sent < MAILS:
        raise RuntimeError(f"{sent} mails were sent, of {MAILS}")
    each = found.as_json()
    shares = {place: units / sent for place, units in each["reads"].items()}
    one = {"reads": shares, "writes": each["writes"] / sent}
    return {
        "mail about an order": one,
        "mail to the artist": _sum(to_artist, one),
        "job mails": _units(partial(run_shop_job, "mails")),
    }


def _analytics() -> dict[str, Any]:
    """The job of analytics where one creator has a visitor each hour."""
    now = utc_now()
    one = Creator(id="one", slug="one", display_name="One", created_at=iso(now), updated_at=iso(now))
    CREATORS.put(AT_ONCE, one)
    record_event(PAGE_VIEW, one.id, None, {}, "192.0.2.1", now)
    return _units(partial(run_shop_job, "analytics"))


def _sum(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    places = {**one["reads"], **other["reads"]}
    reads = {place: one["reads"].get(place, 0) + other["reads"].get(place, 0) for place in places}
    return {"reads": reads, "writes": one["writes"] + other["writes"]}


def _asked(app: ShopApp, bench: OrderBench, call: OrderCall) -> dict[str, Any]:
    (event,) = bench.events(call, 1)
    return _units(lambda: _well(app(event, None)))


def _units(work: Callable[[], object]) -> dict[str, Any]:
    with consumed() as found:
        work()
    return found.as_json()


def _send(
    app: ShopApp, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any]
) -> Answer:
    converter = LambdaEventConverter(RouteMatcher(list(app.routes)), app.api.binary_types)
    sent = {**HEADERS, "Content-Type": "application/json", **headers}
    data = json.dumps(dict(body)).encode() if method != "GET" else b""
    return _well(app(converter.create_lambda_event(method, path, sent, data), None))


def _well(answer: Answer) -> Answer:
    if answer["statusCode"] not in {200, 201}:
        raise RuntimeError(f"a measured call answered {answer['statusCode']}: {answer['body']}")
    return answer


def _stored_bytes() -> int:
    """What DynamoDB bills as stored: each row, and again in each index that it is in."""
    total = 0
    for page in get_client().get_paginator("scan").paginate(TableName=table_name()):
        for item in map(from_wire, page["Items"]):
            copies = 1 + sum(f"{index}PK" in item for index in INDEXES)
            total += copies * (size_of(item) + OVERHEAD)
    return total


@contextmanager
def _table() -> Iterator[None]:
    """A table for the time being, of which nobody holds anything yet."""
    create_empty_table()
    try:
        yield
    finally:
        delete_table(table_name())


if __name__ == "__main__":
    main()
