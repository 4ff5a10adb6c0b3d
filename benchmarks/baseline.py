"""What the replaced Lambdas did for the same calls, on plain boto3 and a plain Chalice app.

A list was one query for its page and then, one after the other, three queries for each product: its
images, its variants and its category links (contract, sections 4.1 and 7.2). Filters ran after the
limit, sorts and most filters were ignored, and a total never exceeded what one page had read.
"""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from chalice.app import Chalice, NotFoundError, Response

from benchmarks.baseline_rows import Row

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_LISTED = ("id", "slug", "title", "short_description", "base_price", "currency", "created_at", "updated_at")
_READ_AS_A_PAGE = (*_LISTED, "long_description", "sku", "character_id", "character_value", "status")
_CHUNK = 25


class Replaced:
    """The reads of the replaced Lambdas; `trips` and `read` count what they have cost so far."""

    def __init__(self, endpoint: str | None, table: str, region: str = "eu-west-1") -> None:
        self.table = table
        self.trips = 0
        self.read = Decimal(0)
        self._client: DynamoDBClient = boto3.client("dynamodb", endpoint_url=endpoint, region_name=region)
        self._plain = TypeDeserializer().deserialize
        self._wire = TypeSerializer().serialize

    def load(self, rows: Iterable[Row]) -> None:
        """Write rows, 25 at a time."""
        requests: list[Any] = [{"PutRequest": {"Item": self._to_wire(row)}} for row in rows]
        for start in range(0, len(requests), _CHUNK):
            pending: Any = {self.table: requests[start : start + _CHUNK]}
            while pending:
                pending = self._client.batch_write_item(RequestItems=pending)["UnprocessedItems"]

    def products(self, limit: int, search: str = "") -> list[Row]:
        """The first products by title with their children; 1 trip and 3 for each product."""
        parameters = self._on_index("GSI2", "PRODUCT_STATUS#published") | {"Limit": limit}
        names = {f"#f{index}": name for index, name in enumerate((*_LISTED, "status"))}
        parameters |= {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
        conditions = ["attribute_not_exists(deleted_at)"]
        if search:
            conditions.append("(contains(title, :search) OR contains(short_description, :search))")
            parameters["ExpressionAttributeValues"] |= {":search": {"S": search}}
        found = self._query(parameters | {"FilterExpression": " AND ".join(conditions)})
        return [self._with_children(product) for product in found]

    def product(self, slug: str) -> Row | None:
        """One product with its children; 4 trips."""
        found = self._query(self._on_index("GSI1", f"PRODUCT_SLUG#{slug}") | {"Limit": 1})
        if not found:
            return None
        return self._with_children({name: found[0].get(name) for name in _READ_AS_A_PAGE})

    def listed(self, partition: str, index: str = "GSI1") -> list[Row]:
        """The live rows under one key of an index; 1 trip."""
        live = {"FilterExpression": "attribute_not_exists(deleted_at)"}
        return [_without_keys(row) for row in self._query(self._on_index(index, partition) | live)]

    def _with_children(self, product: Row) -> Row:
        pk = f"PRODUCT#{product['id']}"
        return {
            **product,
            "images": self._children(pk, "IMAGE#"),
            "variants": self._children(pk, "VARIANT#"),
            "categories": self._children(pk, "CATEGORY#"),
        }

    def _children(self, pk: str, prefix: str) -> list[Row]:
        values = {":pk": {"S": pk}, ":sk": {"S": prefix}}
        condition = "PK = :pk AND begins_with(SK, :sk)"
        found = self._query({"KeyConditionExpression": condition, "ExpressionAttributeValues": values})
        return [_without_keys(row) for row in found]

    def _on_index(self, index: str, partition: str) -> dict[str, Any]:
        return {
            "IndexName": index,
            "KeyConditionExpression": f"{index}PK = :pk",
            "ExpressionAttributeValues": {":pk": {"S": partition}},
        }

    def _query(self, parameters: dict[str, Any]) -> list[Row]:
        answer = self._client.query(TableName=self.table, ReturnConsumedCapacity="TOTAL", **parameters)
        self.trips += 1
        self.read += Decimal(str(answer["ConsumedCapacity"]["CapacityUnits"]))
        return [{name: self._plain(value) for name, value in item.items()} for item in answer["Items"]]

    def _to_wire(self, row: Row) -> dict[str, Any]:
        return {name: self._wire(value) for name, value in row.items()}


def create_app(reads: Replaced) -> Chalice:
    """A Chalice app that answers the measured calls from `reads`, in the replaced shapes."""
    app = Chalice(app_name="replaced", configure_logs=False)

    def products() -> Response:
        query = app.current_request and app.current_request.query_params
        per_page = int(query.get("per_page", 20)) if query else 20
        found = reads.products(per_page, query.get("search", "") if query else "")
        body = {"products": found, "total": len(found), "page": 1, "per_page": per_page}
        return _answer(body, f"products-1-{per_page}-{len(found)}")

    def product(slug: str) -> Response:
        found = reads.product(slug)
        if found is None:
            raise NotFoundError("Product not found")
        return _answer(found, f"product-{found['id']}-{found['updated_at']}")

    def personaggi() -> Response:
        found = [row | {"images": json.loads(row["images"])} for row in reads.listed("PERSONAGGIO_ORDER")]
        return _answer({"personaggi": found, "total": len(found)}, f"personaggi-{_digest(found)}")

    def fumetti() -> Response:
        found = reads.listed("FUMETTO_ORDER")
        return _answer({"fumetti": found, "pageCount": len(found)}, f"fumetti-{_digest(found)}")

    def categories() -> Response:
        found = reads.listed("CATEGORY_PARENT#ROOT", "GSI2")
        return _answer({"categories": found, "total": len(found)}, f"categories-{len(found)}")

    app.route("/api/products")(products)
    app.route("/api/products/{slug}")(product)
    app.route("/api/personaggi")(personaggi)
    app.route("/api/fumetti")(fumetti)
    app.route("/api/categories")(categories)
    return app


def _answer(body: dict[str, Any], tag: str) -> Response:
    return Response(body, headers={"Cache-Control": "public, max-age=300", "ETag": f'"{tag}"'})


def _digest(rows: list[Row]) -> str:
    return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()


def _without_keys(row: Row) -> Row:
    return {name: value for name, value in row.items() if not name.endswith(("PK", "SK"))}
