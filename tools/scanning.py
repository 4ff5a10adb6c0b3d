"""Reading the whole table: consistent scans in segments, page by page, in DynamoDB's own JSON."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from common import prefixes
from common.dynamodb import Condition, Expression, attr, call, meter, table_name
from common.dynamodb.backoff import Sleep
from common.dynamodb.codec import WireItem
from common.dynamodb.patience import attempts, is_passing, is_patient

# DynamoDB ends a page at a megabyte, which is about as much. DynamoDB Local reads all that is left of the
# table for every page without a limit, and takes seconds for it.
PAGE_ITEMS = 1000

# On top of the client's own attempts: about ten seconds of a table that is too busy.
ATTEMPTS = 20


# All rows but that of the catalogue's generation, which is of this table, not of what it holds.
CONTENTS = attr("PK").ne(prefixes.CATALOGUE)


@dataclass(frozen=True, slots=True)
class ScanPage:
    """Up to a megabyte or 1,000 items, in wire format, how many they are, and what reading them cost."""

    items: list[WireItem]
    count: int
    read_units: Decimal


def scan_pages(
    segment: int = 0,
    segments: int = 1,
    *,
    index: str | None = None,
    where: Condition | None = None,
    select: tuple[str, ...] = (),
    only_count: bool = False,
    sleep: Sleep = time.sleep,
) -> Iterator[ScanPage]:
    """The pages of one of the `segments`, numbered from 0, of the table or of one of its indexes.

    `where` filters after the read, `select` names the attributes wanted. Bytes are base64 text. Raises
    botocore's errors when the service refuses or stays busy.
    """
    parameters = _parameters(segment, segments, where, select)
    if index:
        # Nobody can read an index consistently.
        parameters |= {"IndexName": index, "ConsistentRead": False}
    if only_count:
        parameters["Select"] = "COUNT"
    while True:
        answer, units = _scan(parameters, sleep)
        yield ScanPage(answer.get("Items", []), answer["Count"], units)
        if "LastEvaluatedKey" not in answer:
            return
        parameters["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def count_items(segments: int = 4) -> int:
    """How many items of CONTENTS the table has by now, expired ones included, by a consistent scan."""

    def count(segment: int) -> int:
        pages = scan_pages(segment, segments, where=CONTENTS, only_count=True)
        return sum(page.count for page in pages)

    with ThreadPoolExecutor(segments) as pool:
        return sum(pool.map(count, range(segments)))


def is_empty() -> bool:
    """Whether the table has nothing of CONTENTS."""
    # Of two rows one at most is none of its contents.
    answer = call("scan", **{**_parameters(0, 1, CONTENTS, ()), "Limit": 2, "Select": "COUNT"})
    return not answer["Count"]


def _parameters(
    segment: int, segments: int, where: Condition | None, select: tuple[str, ...]
) -> dict[str, Any]:
    expression = Expression()
    parameters: dict[str, Any] = {
        "TableName": table_name(),
        # What was written before the scan began is in it; without this a late copy may miss it.
        "ConsistentRead": True,
        "Segment": segment,
        "TotalSegments": segments,
        "Limit": PAGE_ITEMS,
    }
    if where is not None:
        parameters["FilterExpression"] = where.render(expression)
    if select:
        parameters["ProjectionExpression"] = ", ".join(expression.path((name,)) for name in select)
    return {**parameters, **expression.parameters()}


def _scan(parameters: dict[str, Any], sleep: Sleep) -> tuple[dict[str, Any], Decimal]:
    with meter() as usage:
        for attempt in attempts(ATTEMPTS, sleep):
            try:
                return call("scan", **parameters), usage.read_units
            except (BotoCoreError, ClientError) as error:
                # With patience the call itself has waited long enough.
                if is_patient() or attempt == ATTEMPTS - 1 or not is_passing(error):
                    raise
    raise AssertionError("the last attempt returns or raises")
