"""Measures the calls about people: accounts, as administrators ask for them. A call more is a line more."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from chalice.local import LambdaEventConverter, RouteMatcher

from benchmarks.calls import Budget
from benchmarks.environment import create_empty_table
from benchmarks.measure import HEADERS, Progress
from benchmarks.shop import make_shop
from benchmarks.timing import time_in_turns
from common.clock import iso, utc_now
from common.dynamodb import (
    AT_ONCE,
    batch_write,
    delete_table,
    meter,
    put_item,
    table_name,
)
from common.http import Role, ShopApp, issue_token
from common.repositories.accounts import ACCOUNTS, TALLY_KEY, Account
from common.repositories.creators import CREATORS, Creator
from common.repositories.products import document_item, listing_item
from common.standing import SETTINGS_ADMIN, standing_row
from shop.analytics.recording import record_event
from shop.analytics.summaries import summarise_open_days
from shop.repositories.analytics import PAGE_VIEW
from tools.percentiles import percentile

USERS, UNTIMED = 1_000, 3
CREATOR = str(UUID(int=1))
VISITS_A_DAY, WORKS = 20, 20
# Knowing that a token still counts is one consistent read of a small row.
_TOKEN_TRIPS, _TOKEN_UNITS = 1, Decimal(1)


@dataclass(frozen=True, slots=True)
class PersonCall:
    """One call of an administrator, and what it may cost besides the read of the token's standing.

    `{n}` in its path or in a text of its body is another number for each request. A `public` one reads no
    token. The process knows by then what it asks now and then.
    """

    name: str
    method: str
    path: str
    budget: Budget
    body: Mapping[str, str] = field(default_factory=dict)
    public: bool = False


@dataclass(frozen=True, slots=True)
class PersonSample:
    """What a call costs, the read of the token's standing left out, and how long it takes (ns)."""

    call: PersonCall
    trips: int
    read: Decimal
    write: Decimal
    p50: int
    p99: int

    @property
    def holds(self) -> bool:
        """Whether it stays within its budget."""
        return self.call.budget.holds(self.trips, self.read, self.write)


_NEW = {"email": "new-{n}@example.com", "name": "Somebody"}
PEOPLE_CALLS = (
    PersonCall("user by e-mail", "GET", "/api/users?email=USER-{n}@example.com", Budget(1, Decimal("0.5"))),
    PersonCall("user by id", "GET", f"/api/users/{UUID(int=7)}", Budget(1, Decimal(1))),
    PersonCall("number of users", "GET", "/api/users/count", Budget(1, Decimal(1))),
    PersonCall("50 users, oldest first", "GET", "/api/users?limit=50", Budget(1, Decimal(5))),
    PersonCall("add a user", "POST", "/api/users", Budget(1, Decimal(0)), _NEW),
    PersonCall(
        "30 days of a dashboard", "GET", f"/api/creator/analytics?creatorId={CREATOR}", Budget(2, Decimal(10))
    ),
    PersonCall(f"{WORKS} own works of a creator", "GET", "/api/creator/products", Budget(2, Decimal(9))),
    # Behind the dashboard, which counts the events of today.
    PersonCall(
        "event of a creator's page",
        "POST",
        "/api/analytics/page-view",
        Budget(1, Decimal(0), Decimal(2)),
        {"creatorId": CREATOR},
        public=True,
    ),
)


class PeopleBench:
    """A shop with so many accounts, ready to be asked."""

    def __init__(self, app: ShopApp, users: int = USERS) -> None:
        self.app, self.users = app, users
        self._converter = LambdaEventConverter(RouteMatcher(list(app.routes)), app.api.binary_types)

    def open(self) -> None:
        """Create the table and fill it."""
        create_empty_table()
        accounts = [_account(number) for number in range(self.users)]
        rows = [row for it in accounts for row in (ACCOUNTS.item(it), *ACCOUNTS.markers(it))]
        report = batch_write([*rows, *(standing_row(it.standing) for it in accounts)])
        if report.failed:
            raise RuntimeError(f"{len(report.failed)} rows were not written")
        partition, sort = TALLY_KEY
        put_item({"PK": partition, "SK": sort, "value": self.users})
        # Who measures sends more than a visitor may.
        os.environ["ANALYTICS_EVENTS_PER_MINUTE"] = "100000"
        _open_dashboard(utc_now())
        _show_works()

    def close(self) -> None:
        """Delete the table."""
        delete_table(table_name())

    def measure(self, call: PersonCall, requests: int) -> PersonSample:
        """One call with `requests` timed requests; RuntimeError when one of them is refused."""
        ask = self._asker(call, requests + UNTIMED)
        with _silence():
            ask()
            with meter() as usage:
                ask()
            (durations,) = time_in_turns([ask], requests)
        return PersonSample(
            call=call,
            trips=usage.calls - (0 if call.public else _TOKEN_TRIPS),
            read=usage.read_units - (0 if call.public else _TOKEN_UNITS),
            write=usage.write_units,
            p50=percentile(durations, 50),
            p99=percentile(durations, 99),
        )

    def _asker(self, call: PersonCall, times: int) -> Callable[[], None]:
        token = issue_token(SETTINGS_ADMIN, "admin", Role.ADMIN, utc_now())
        signed_in = {} if call.public else {"Authorization": f"Bearer {token}"}
        headers = HEADERS | {"Content-Type": "application/json"} | signed_in
        numbers = iter(range(times))

        def ask() -> None:
            number = str(next(numbers))
            body = {name: text.replace("{n}", number) for name, text in call.body.items()}
            sent = json.dumps(body).encode() if body else b""
            path = call.path.replace("{n}", number)
            event: dict[str, Any] = self._converter.create_lambda_event(call.method, path, headers, sent)
            answer = self.app(event, None)
            if answer["statusCode"] not in {200, 201}:
                raise RuntimeError(f"{call.name} answered {answer['statusCode']}: {answer['body']}")

        return ask


def measure_people(app: ShopApp, requests: int, progress: Progress) -> list[PersonSample]:
    """Every call about people with `requests` timed requests."""
    bench = PeopleBench(app)
    progress("people: filling the table")
    bench.open()
    try:
        found = []
        for call in PEOPLE_CALLS:
            progress(f"people: {call.name}")
            found.append(bench.measure(call, requests))
        return found
    finally:
        bench.close()


def _open_dashboard(now: datetime) -> None:
    """A creator who has had visitors on each of 31 days, which the job has summarised."""
    since = iso(now - timedelta(days=31))
    creator = Creator(
        id=CREATOR,
        slug="one",
        display_name="One",
        created_at=since,
        updated_at=since,
        user_id=SETTINGS_ADMIN,
    )
    CREATORS.put(AT_ONCE, creator)
    for days in range(31):
        for visitor in range(VISITS_A_DAY):
            moment, address = now - timedelta(days=days), f"192.0.2.{visitor}"
            record_event(PAGE_VIEW, CREATOR, None, {"user_agent": "Firefox"}, address, moment)
    summarise_open_days(creator, now)


def _show_works() -> None:
    """The creator's works, approved and for sale."""
    shown = make_shop(WORKS, works=WORKS).products
    works = [replace(product, creator_id=CREATOR) for product in shown]
    report = batch_write([row for work in works for row in (document_item(work), listing_item(work))])
    if report.failed:
        raise RuntimeError(f"{len(report.failed)} rows were not written")


def _account(number: int) -> Account:
    made = f"2026-03-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
    return Account(
        id=str(UUID(int=number)),
        email=f"user-{number}@example.com",
        name=f"User {number}",
        created_at=made,
        updated_at=made,
        role=Role.MEMBER.value,
    )


@contextmanager
def _silence() -> Iterator[None]:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield
