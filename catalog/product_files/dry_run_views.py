"""The JSON of a dry run: how a file was read, what it would do, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby, islice
from typing import Any

from catalog.product_files.imports import DryRun, progress_json
from catalog.product_files.plan import Step
from catalog.product_files.said import Note

MOST_NOTES = 200
MOST_PRODUCTS = 200


def dry_run_json(run: DryRun) -> dict[str, Any]:
    """A dry run; of many products, errors and warnings the first 200, and how many there are."""
    table, reading, plan = run.table, run.reading, run.plan
    return {
        "fits": run.started is not None,
        "import": progress_json(run.started) if run.started else None,
        "format": reading.format if reading else None,
        "encoding": table.encoding if table else None,
        "separator": table.separator if table else None,
        "decimal_mark": reading.decimal_mark if reading else None,
        "rows": len(table.rows) if table else 0,
        "products": plan.counts,
        "planned": [] if plan.errors else planned_json(plan.steps),
        "errors": _notes(plan.errors),
        "error_count": len(plan.errors),
        "warnings": _notes(plan.warnings),
        "warning_count": len(plan.warnings),
        "ignored_columns": list(reading.ignored) if reading else [],
    }


def planned_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """What becomes of each product, by the steps of which it is made."""
    groups = (list(group) for _, group in groupby(steps, key=lambda step: step.slug))
    return [_product(group) for group in islice(groups, MOST_PRODUCTS)]


def _product(steps: list[Step]) -> dict[str, Any]:
    first = steps[0]
    is_new = first.kind == "create"
    parts = {"categories": first.category_ids, "images": first.pictures}
    own = sorted(first.fields) if first.kind in {"create", "product"} else []
    kinds = [step.kind for step in steps]
    pieces = sum(step.delta for step in steps)
    return {
        "row": first.row,
        "slug": first.slug,
        "action": "create" if is_new else "change",
        "fields": own + [name for name, it in parts.items() if it or (it is not None and not is_new)],
        "new_variants": len(first.variants) + kinds.count("new_variant"),
        "changed_variants": kinds.count("variant"),
        "stock": pieces + sum(int(each.get("stock", 0)) for step in steps for each in _new_variants(step)),
    }


def _new_variants(step: Step) -> Iterable[Any]:
    return (*step.variants, *([step.fields] if step.kind == "new_variant" else []))


def _notes(notes: list[Note]) -> list[dict[str, Any]]:
    ordered = sorted(notes, key=lambda note: note.row)
    return [asdict(note) for note in ordered[:MOST_NOTES]]
