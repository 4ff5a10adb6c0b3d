"""Imports of products: how far each is, which of its steps were done, and what each export was told.

`PRODUCT_IMPORT#{id}/METADATA` is an import, `PRODUCT_IMPORT_STEP#{id}#{step}/METADATA` the mark of a step
that was done, in the transaction of what it did. `PRODUCT_EXPORT#{export}/PRODUCT#{id}` says what rows of
that export have made of a product, so that they are not applied to it once more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from common import prefixes
from common.clock import epoch
from common.dynamodb import Key, UnitOfWork, absent, attr, batch_get
from common.dynamodb.rows import Rows
from common.once import Mark, Marks

# How long a dry run may be carried out after it was made; its file is kept in S3 for as long.
IMPORT_KEPT = timedelta(days=7)
# How old an export may be whose pieces are still applied.
EXPORT_KEPT = timedelta(days=90)

PLANNED, APPLYING, DONE = "planned", "applying", "done"


@dataclass(frozen=True, slots=True)
class ProductImport:
    """A file that was read; times in ISO 8601 UTC, `expires_at` in epoch seconds.

    `steps` are planned, of which the first `done` were tried; `refused` says of the first products that were
    not carried out, `refused_count` in all, the `row`, the `slug` and the reason (`message`), and `left_out`
    is the last one's slug. `digest` is that of the plan; `counts` are of products.
    """

    id: str
    created_at: str
    created_by: str
    state: str
    digest: str
    steps: int
    expires_at: int
    done: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[Any, ...] = ()
    refused_count: int = 0
    left_out: str = ""
    version: int = 1


IMPORTS = Rows(ProductImport, "Import", key=prefixes.PRODUCT_IMPORT + "#{id}")
_STEPS = Marks(prefixes.PRODUCT_IMPORT_STEP, IMPORT_KEPT)


def step_mark(import_id: str, step: int) -> Mark:
    """The mark that a step of an import was done."""
    return _STEPS.of(import_id, str(step))


@dataclass(frozen=True, slots=True)
class Told:
    """What the rows of one export made of a product: its `version` since then, and pieces by variant id."""

    version: int
    stock: Mapping[str, int]


def told_of(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Told]:
    """What was told of products by exports, for pairs of an export's token and a product's id."""
    keys = {_told_key(*pair): pair for pair in pairs}
    rows = batch_get(keys, consistent=True)
    return {
        keys[key]: Told(int(row["version"]), {name: int(it) for name, it in row["stock"].items()})
        for key, row in rows.items()
    }


def tell(
    work: UnitOfWork,
    export: str,
    product_id: int,
    told: Told,
    before: Mapping[str, int] | None,
    now: datetime,
    overtaken: Exception,
) -> None:
    """Says in the transaction of a change what the rows of an export have made of a product.

    `overtaken` is raised at the commit when that is no longer what was told `before` (None: nothing).
    """
    pk, sk = _told_key(export, product_id)
    expiry = epoch(now + EXPORT_KEPT)
    work.put(
        {"PK": pk, "SK": sk, "version": told.version, "stock": dict(told.stock), "expires_at": expiry},
        # Stops two imports of one export from adding the same pieces twice.
        condition=absent(epoch(now)) if before is None else attr("stock").eq(dict(before)),
        failed=overtaken,
    )


def _told_key(export: str, product_id: int) -> Key:
    return f"{prefixes.PRODUCT_EXPORT}#{export}", f"{prefixes.PRODUCT}#{product_id}"
