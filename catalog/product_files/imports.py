"""Imports of products: a dry run that writes nothing of the shop, and the run of exactly what it said.

A dry run that fits leaves the file and its plan in the shop's bucket. The run makes the plan anew before its
first step, and refuses when another one comes out. It works for some seconds at a time, so that whoever asks
it on hears how far it is, and goes on where it stopped.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from catalog.index.snapshot_store import fetch, put
from catalog.product_files.applying import Doing, carry_out
from catalog.product_files.formats import reading_of
from catalog.product_files.plan import Plan, Step, read_steps, written
from catalog.product_files.planning import plan_of
from catalog.product_files.said import Note, Reading
from catalog.repositories.product_imports import (
    APPLYING,
    DONE,
    IMPORT_KEPT,
    IMPORTS,
    PLANNED,
    ProductImport,
)
from common.audit import Actor
from common.clock import epoch, iso
from common.csv_reading import Table, UnreadableFile, read_table
from common.dynamodb import AT_ONCE
from common.errors import NotFound, Outdated, ShopError
from common.leases import held

LEASE = "PRODUCT_IMPORT"
# API Gateway waits 29 seconds; a step with many pictures of the shop may take some.
WORKS_FOR = timedelta(seconds=18)
LEASE_SECONDS = 45
# After so many steps it is stored how far a run is.
STORED_EACH = 25
MOST_REFUSED = 50

MOVED_ON = "The shop was changed since this dry run: begin another one"
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a file would do: how it was read, its plan, and the import by which it is done, if it fits.

    `table` and `reading` are None for a file that is no table.
    """

    plan: Plan
    table: Table | None = None
    reading: Reading | None = None
    started: ProductImport | None = None


def dry_run(data: bytes, actor: Actor, now: datetime) -> DryRun:
    """Reads a file, finds everything that is wrong with it, and keeps it where nothing is."""
    try:
        table = read_table(data)
        reading = reading_of(table)
    except UnreadableFile as error:
        return DryRun(Plan(errors=[Note(error.row, "", error.message)]))
    plan = plan_of(reading, now)
    if plan.errors:
        return DryRun(plan, table, reading)
    started = ProductImport(
        id=uuid4().hex,
        created_at=iso(now),
        created_by=str(actor.id),
        state=PLANNED if plan.steps else DONE,
        digest=plan.digest,
        steps=len(plan.steps),
        expires_at=epoch(now + IMPORT_KEPT),
        counts=plan.counts,
    )
    put(_file_name(started.id), data, None)
    put(_plan_name(started.id), written(plan.steps).encode(), None)
    IMPORTS.add(AT_ONCE, started)
    return DryRun(plan, table, reading, started)


def find_import(import_id: str, now: datetime) -> ProductImport:
    """An import by its id; NotFound for none, and for one of more than 7 days ago."""
    found = IMPORTS.get(import_id, now=epoch(now))
    if found is None:
        raise NotFound("Import not found")
    return found


def apply_import(
    import_id: str,
    actor: Actor,
    now: datetime,
    *,
    lasts: timedelta = WORKS_FOR,
    clock: Clock = time.monotonic,
) -> ProductImport:
    """Carries an import on for as long as it `lasts`, and answers how far it is; one that is done stays.

    Raises NotFound, Outdated (409) when the shop was changed between the dry run and the first step,
    LeaseTaken (503) while another import runs. A step that is refused is told of in the import, with the row
    and the reason; the further ones of its product are left out, and all others are done.
    """
    ends = clock() + lasts.total_seconds()
    with held(LEASE, now, LEASE_SECONDS):
        current = find_import(import_id, now)
        if current.state == DONE:
            return current
        steps = _steps_of(current, now)
        if current.state == PLANNED:
            # Before anything is done: whoever goes on from here must not hold its own steps for another's.
            current = IMPORTS.change(AT_ONCE, current, replace(current, state=APPLYING))
        while current.done < len(steps) and clock() < ends:
            current = _stretch(current, steps, actor, now, lambda: clock() < ends)
        return current


def _steps_of(current: ProductImport, now: datetime) -> list[Step]:
    """The steps of an import; Outdated where they would be others now, and none was done."""
    if current.state == PLANNED:
        plan = plan_of(reading_of(read_table(_stored(_file_name(current.id)))), now)
        if plan.errors or plan.digest != current.digest:
            raise Outdated(MOVED_ON)
        return plan.steps
    return read_steps(_stored(_plan_name(current.id)).decode())


def _stretch(
    current: ProductImport, steps: list[Step], actor: Actor, now: datetime, goes_on: Callable[[], bool]
) -> ProductImport:
    """Does some steps, and stores how far it is then."""
    after, last = current, min(len(steps), current.done + STORED_EACH)
    while after.done < last and (after is current or goes_on()):
        after = _with_step(after, Doing(current.id, after.done, steps[after.done], actor, now))
    state = DONE if after.done == len(steps) else APPLYING
    return IMPORTS.change(AT_ONCE, current, replace(after, state=state))


def _with_step(before: ProductImport, doing: Doing) -> ProductImport:
    """The import after one step more; the steps of a product follow each other."""
    step, after = doing.step, replace(before, done=doing.number + 1)
    if step.slug == before.left_out or not (reason := _refusal(doing)):
        return after
    told = {"row": step.row, "slug": step.slug, "message": reason}
    count = before.refused_count + 1
    return replace(
        after, refused=(*before.refused, told)[:MOST_REFUSED], refused_count=count, left_out=step.slug
    )


def _refusal(doing: Doing) -> str:
    """Does a step; why it was refused, empty where it was done. What is no refusal is raised."""
    try:
        carry_out(doing)
    except ShopError as error:
        if error.status >= 500:
            raise
        return error.message
    return ""


def _stored(name: str) -> bytes:
    found = fetch(name)
    if found is None:
        raise NotFound("The file of this import is gone: begin another dry run")
    return found.data()


def _file_name(import_id: str) -> str:
    return f"imports/{import_id}.csv"


def _plan_name(import_id: str) -> str:
    return f"imports/{import_id}.json"


def progress_json(current: ProductImport) -> dict[str, Any]:
    """How far an import is."""
    return {
        "id": current.id,
        "state": current.state,
        "steps": current.steps,
        "done": current.done,
        "products": dict(current.counts),
        "refused": list(current.refused),
        "refused_count": current.refused_count,
        "created_at": current.created_at,
        "expires_at": current.expires_at,
    }
