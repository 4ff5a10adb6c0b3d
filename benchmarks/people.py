"""Measures the calls about people: accounts, as administrators ask for them. A call more is a line more."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from chalice.local import LambdaEventConverter, RouteMatcher

from benchmarks.calls import Budget
from benchmarks.measure import HEADERS, Progress
from benchmarks.timing import time_in_turns
from common.clock import utc_now
from common.dynamodb import batch_write, create_table, delete_table, meter, put_item, reset_client, table_name
from common.http import Role, ShopApp, issue_token
from common.repositories.accounts import ACCOUNTS, TALLY_KEY, Account
from common.standing import standing_row
from tools.percentiles import percentile

USERS, UNTIMED = 1_000, 2
# Knowing that a token still counts is one consistent read of a small row.
_TOKEN_TRIPS, _TOKEN_UNITS = 1, Decimal(1)


@dataclass(frozen=True, slots=True)
class PersonCall:
    """One call of an administrator, and what it may cost besides the read of the token's standing.

    `{n}` in its path or in a text of its body is another number for each request.
    """

    name: str
    method: str
    path: str
    budget: Budget
    body: Mapping[str, str] = field(default_factory=dict)


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
)


class PeopleBench:
    """A shop with so many accounts, ready to be asked."""

    def __init__(self, app: ShopApp, users: int = USERS) -> None:
        self.app, self.users = app, users
        self._converter = LambdaEventConverter(RouteMatcher(list(app.routes)), app.api.binary_types)

    def open(self) -> None:
        """Create the table and fill it."""
        reset_client()
        create_table()
        accounts = [_account(number) for number in range(self.users)]
        rows = [row for it in accounts for row in (ACCOUNTS.item(it), *ACCOUNTS.markers(it))]
        report = batch_write([*rows, *(standing_row(it.standing) for it in accounts)])
        if report.failed:
            raise RuntimeError(f"{len(report.failed)} rows were not written")
        partition, sort = TALLY_KEY
        put_item({"PK": partition, "SK": sort, "value": self.users})

    def close(self) -> None:
        """Delete the table."""
        delete_table(table_name())

    def measure(self, call: PersonCall, requests: int) -> PersonSample:
        """One call with `requests` timed requests; RuntimeError when one of them is refused."""
        ask = self._asker(call, requests + UNTIMED)
        with _silence():
            with meter() as usage:
                ask()
            (durations,) = time_in_turns([ask], requests)
        return PersonSample(
            call=call,
            trips=usage.calls - _TOKEN_TRIPS,
            read=usage.read_units - _TOKEN_UNITS,
            write=usage.write_units,
            p50=percentile(durations, 50),
            p99=percentile(durations, 99),
        )

    def _asker(self, call: PersonCall, times: int) -> Callable[[], None]:
        token = issue_token("1", "admin", Role.ADMIN, utc_now())
        headers = HEADERS | {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
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
