"""Files of products as the tests write, send and carry them out."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from tests.catalog.builders import ok
from tests.support.http import Answer, Client

EXPORT, IMPORT = "/api/admin/products/export", "/api/admin/products/import"

Rows = list[dict[str, str]]


def sent(admin: Client, data: bytes | str) -> Answer:
    """The answer to a dry run of a file."""
    content = data.encode() if isinstance(data, str) else data
    return admin.post(IMPORT, files={"file": ("products.csv", content, "text/csv")})


def dry_run(admin: Client, data: bytes | str) -> dict[str, Any]:
    """What a dry run says."""
    return ok(sent(admin, data))


def fitting(admin: Client, data: bytes | str) -> dict[str, Any]:
    """What a dry run says of a file that fits."""
    said = dry_run(admin, data)
    assert said["fits"], said["errors"]
    assert said["import"]["products"] == said["products"]
    return said


def errors_of(admin: Client, data: bytes | str) -> list[tuple[int, str, str]]:
    """The errors of a file that does not fit, by row."""
    said = dry_run(admin, data)
    assert not said["fits"]
    assert said["import"] is None
    assert said["error_count"] == len(said["errors"]) > 0
    return [(it["row"], it["column"], it["message"]) for it in said["errors"]]


def applied(admin: Client, said: Mapping[str, Any]) -> dict[str, Any]:
    """The import after all of it was carried out."""
    path = f"{IMPORT}/{said['import']['id']}"
    while True:
        current = ok(admin.post(f"{path}/apply"))
        assert ok(admin.get(path)) == current
        if current["state"] == "done":
            return current


def brought_in(admin: Client, data: bytes | str) -> dict[str, Any]:
    """The same of a file, none of whose products may be refused."""
    done = applied(admin, fitting(admin, data))
    assert done["refused"] == []
    return done


def exported(admin: Client) -> str:
    """The file of all products."""
    answer = admin.get(EXPORT)
    assert answer.status == 200, answer.text
    return answer.text


def rows_of(text: str) -> Rows:
    """The rows of a file by column."""
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))


def file_of(rows: Rows, **options: Any) -> str:
    """A file of rows, which all have the columns of the first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), **options)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def edited(text: str, slug: str, **cells: str) -> str:
    """An export in which the first row of a product says something else."""
    rows = rows_of(text)
    next(row for row in rows if row["slug"] == slug).update(cells)
    return file_of(rows)


def lasting(text: str) -> Rows:
    """The rows of an export without what is other in each shop and at each time."""
    return [
        {name: cell for name, cell in row.items() if name not in {"version", "exported"}}
        for row in rows_of(text)
    ]
