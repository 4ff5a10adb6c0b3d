"""What Shopify's GraphQL fields give, from the state of the fake shop."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from graphql import GraphQLError, GraphQLResolveInfo
from graphql.execution.values import get_directive_values

from common.clock import parse_iso
from tools.fakes.shopify_access import Access
from tools.fakes.shopify_schema import LARGEST_PAGE, SCHEMA
from tools.fakes.shopify_shop import LOCATION, Line, Order, Refund, Shop, Variant

Node = dict[str, Any]
Info = GraphQLResolveInfo
LARGEST_QUANTITY = 1_000_000_000

_SKU_TERM = re.compile(r'sku:(?:"((?:\\.|[^"\\])*)"|(\S+))')
_ESCAPED = re.compile(r"\\(.)")
_SINCE = re.compile(r"updated_at:>='([^']+)'")


class Resolvers:
    """The root fields; `remembered` holds the first answer to each idempotency key, with its input."""

    def __init__(self, shop: Shop, access: Access, locations: Sequence[str] = (LOCATION,)) -> None:
        self.shop = shop
        self.access = access
        self.locations = tuple(locations)
        self.remembered: dict[str, tuple[Node, Node]] = {}

    def root(self) -> dict[str, Callable[..., Any]]:
        """The functions of the root fields by their names."""
        return {
            "productVariants": self.product_variants,
            "nodes": self.nodes,
            "orders": self.orders,
            "order": self.order,
            "refund": self.refund,
            "inventorySetQuantities": self.inventory_set_quantities,
        }

    def product_variants(self, info: Info, query: str | None = None, **page: Any) -> Node:
        """Variants by a search that, like Shopify's, finds more than what is equal."""
        variants = [v for v in self.shop.variants.values() if query is None or _matches(v.sku, query)]
        return _connection([(str(v.id), _variant(v)) for v in variants], **page)

    def nodes(self, info: Info, ids: list[str]) -> list[Node | None]:
        """Inventory items, None for those that the shop does not have."""
        if len(ids) > LARGEST_PAGE:
            raise _error(
                f"The input array size of {len(ids)} is greater than allowed", "MAX_INPUT_SIZE_EXCEEDED"
            )
        found = [self.shop.variants.get(_number(one, "InventoryItem")) for one in ids]
        return [None if variant is None else _item(variant) for variant in found]

    def orders(self, info: Info, query: str = "", **page: Any) -> Node:
        """The orders since a moment, by their last change."""
        found = _SINCE.fullmatch(query)
        if found is None or page.pop("sortKey", None) != "UPDATED_AT":
            raise _error("the fake finds orders by updated_at:>='...' and sorts by UPDATED_AT", "BAD_REQUEST")
        since = parse_iso(found.group(1))
        orders = sorted(self.shop.orders.values(), key=lambda order: (order.updated_at, order.id))
        return _connection([(str(o.id), self._order(o)) for o in orders if o.updated_at >= since], **page)

    def order(self, info: Info, **asked: str) -> Node | None:
        """An order, or None."""
        order = self.shop.orders.get(_number(asked["id"], "Order"))
        return None if order is None else self._order(order)

    def refund(self, info: Info, **asked: str) -> Node | None:
        """A refund, or None."""
        number = _number(asked["id"], "Refund")
        refunds = [refund for order in self.shop.orders.values() for refund in order.refunds]
        return next((_refund(refund) for refund in refunds if refund.id == number), None)

    def inventory_set_quantities(self, info: Info, **asked: Node) -> Node:
        """Sets quantities all or none, once for each idempotency key."""
        key, wanted = _key_of(info), asked["input"]
        if any("changeFromQuantity" not in row for row in wanted["quantities"]):
            raise _error(
                "InventoryQuantityInput must include the following argument: changeFromQuantity",
                "INVALID_FIELD_ARGUMENTS",
            )
        if key in self.remembered:
            first, answer = self.remembered[key]
            mismatch = _refusal(
                "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
                "The same idempotency key cannot be used with different operation parameters.",
            )
            return answer if first == wanted else _payload([mismatch])
        answer = self._set(wanted)
        self.remembered[key] = (wanted, answer)
        return answer

    def _order(self, order: Order) -> Node:
        return {**_order(order), **self.access.buyer_of(order)}

    def _set(self, wanted: Node) -> Node:
        rows = wanted["quantities"]
        refusals = [] if wanted["name"] == "available" else [_refusal("INVALID_NAME", "The name is invalid.")]
        if wanted["reason"] not in {"correction", "received", "restock", "other"}:
            refusals.append(_refusal("INVALID_REASON", "The specified reason is invalid."))
        refusals += [refusal for n, row in enumerate(rows) for refusal in self._refusals(n, row)]
        if not refusals:
            for row in rows:
                variant = self.shop.variants[_number(row["inventoryItemId"], "InventoryItem")]
                self.shop.set_level(variant, row["quantity"], row["locationId"].rpartition("/")[2])
        return _payload(refusals)

    def _refusals(self, number: int, row: Node) -> list[Node]:
        field = ["input", "quantities", str(number)]
        location = row["locationId"].removeprefix("gid://shopify/Location/")
        variant = self.shop.variants.get(_number(row["inventoryItemId"], "InventoryItem"))
        if location not in self.locations:
            return [_refusal("INVALID_LOCATION", "The specified location could not be found.", field)]
        if variant is None:
            text = "The specified inventory item could not be found."
            return [_refusal("INVALID_INVENTORY_ITEM", text, field)]
        seen, quantity = row["changeFromQuantity"], row["quantity"]
        checks = (
            (not variant.is_tracked, "NON_MUTABLE_INVENTORY_ITEM", "The item is not allowed to be adjusted."),
            (quantity < 0, "INVALID_QUANTITY_NEGATIVE", "The quantity can't be negative."),
            (quantity > LARGEST_QUANTITY, "INVALID_QUANTITY_TOO_HIGH", "The quantity is too high."),
            (
                seen is not None and seen != variant.levels.get(location, 0),
                "CHANGE_FROM_QUANTITY_STALE",
                "The changeFromQuantity value does not match persisted value.",
            ),
        )
        return [_refusal(code, text, field) for is_wrong, code, text in checks if is_wrong]


def _key_of(info: Info) -> str:
    directive = SCHEMA.get_directive("idempotent")
    if directive is None:
        raise LookupError("idempotent")
    given = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    if not given:
        raise _error(
            "The @idempotent directive is required for this mutation but was not provided.", "BAD_REQUEST"
        )
    key = str(given["key"])
    try:
        return str(UUID(key))
    except ValueError:
        raise _error("The idempotency key must be a UUID.", "BAD_REQUEST") from None


def _connection(rows: list[tuple[str, Node]], first: int | None = None, after: str | None = None) -> Node:
    if first is None or not 1 <= first <= LARGEST_PAGE:
        raise _error(f"first must be from 1 to {LARGEST_PAGE}", "BAD_REQUEST")
    start = 0
    if after is not None:
        places = [place for place, (name, _) in enumerate(rows) if f"after-{name}" == after]
        if not places:
            raise _error("Invalid cursor for current pagination sort.", "BAD_REQUEST")
        start = places[0] + 1
    shown = rows[start : start + first]
    return {
        "nodes": [node for _, node in shown],
        "pageInfo": {
            "hasNextPage": start + first < len(rows),
            "endCursor": f"after-{shown[-1][0]}" if shown else None,
        },
    }


def _matches(sku: str | None, query: str) -> bool:
    terms = [
        quoted.replace('\\"', '"').replace("\\\\", "\\") or bare for quoted, bare in _SKU_TERM.findall(query)
    ]
    if not terms or _SKU_TERM.sub("", query).replace(" OR ", "").strip():
        raise _error('the fake finds variants by sku:"..." OR sku:"..."', "BAD_REQUEST")
    return any((sku or "").lower().startswith(term.lower()) for term in terms)


def _variant(variant: Variant) -> Node:
    return {
        "id": f"gid://shopify/ProductVariant/{variant.id}",
        "sku": variant.sku,
        "title": variant.title,
        "displayName": f"{variant.product_title} - {variant.title}",
        "product": {"id": f"gid://shopify/Product/{variant.product}", "title": variant.product_title},
        "inventoryItem": _item(variant),
    }


def _item(variant: Variant) -> Node:
    def level(info: Info, **asked: str) -> Node | None:
        location = asked["locationId"].removeprefix("gid://shopify/Location/")
        if location not in variant.levels:
            return None

        def quantities(info: Info, names: list[str]) -> list[Node]:
            known = {"available": variant.levels[location]}
            return [{"name": name, "quantity": known[name]} for name in names if name in known]

        return {"id": f"gid://shopify/InventoryLevel/{location}", "quantities": quantities}

    return {
        "__typename": "InventoryItem",
        "id": f"gid://shopify/InventoryItem/{variant.item}",
        "sku": variant.sku,
        "tracked": variant.is_tracked,
        "inventoryLevel": level,
    }


def _order(order: Order) -> Node:
    lines = [(str(line.id), _line(line)) for line in order.lines]
    refunds = [_refund(refund) for refund in order.refunds]
    return {
        "id": f"gid://shopify/Order/{order.id}",
        "name": f"#{order.number}",
        "createdAt": order.created_at.isoformat(),
        "updatedAt": order.updated_at.isoformat(),
        "cancelledAt": order.cancelled_at.isoformat() if order.cancelled_at else None,
        "displayFinancialStatus": order.financial_status,
        "test": order.is_test,
        "currencyCode": "EUR",
        "subtotalPriceSet": _bag(order.subtotal),
        "totalDiscountsSet": None,
        "totalShippingPriceSet": _bag(order.shipping),
        "totalTaxSet": _bag(Decimal(0)),
        "totalPriceSet": _bag(order.subtotal + order.shipping),
        "lineItems": lambda _, **page: _connection(lines, **page),
        "refunds": lambda _, first=None: refunds[:first],
    }


def _line(line: Line) -> Node:
    return {
        "id": f"gid://shopify/LineItem/{line.id}",
        "sku": line.variant.sku,
        "title": line.variant.product_title,
        "quantity": line.quantity,
        "currentQuantity": line.current,
        "variant": _variant(line.variant),
        "originalUnitPriceSet": _bag(line.variant.price),
    }


def _refund(refund: Refund) -> Node:
    lines = [
        (str(line.id), {"lineItem": _line(line), "quantity": quantity, "restockType": restock_type.upper()})
        for line, quantity, restock_type in refund.lines
    ]
    return {
        "id": f"gid://shopify/Refund/{refund.id}",
        "refundLineItems": lambda _, **page: _connection(lines, **page),
    }


def _bag(amount: Decimal) -> Node:
    return {"shopMoney": {"amount": f"{amount:.2f}", "currencyCode": "EUR"}}


def _payload(refusals: list[Node]) -> Node:
    group = None if refusals else {"id": "gid://shopify/InventoryAdjustmentGroup/1", "reason": "correction"}
    return {"inventoryAdjustmentGroup": group, "userErrors": refusals}


def _refusal(code: str, message: str, field: list[str] | None = None) -> Node:
    return {"code": code, "message": message, "field": field}


def _number(global_id: str, kind: str) -> int:
    start = f"gid://shopify/{kind}/"
    if not global_id.startswith(start) or not global_id.removeprefix(start).isdigit():
        raise _error(f"Invalid global id '{global_id}'", "argumentLiteralsIncompatible")
    return int(global_id.removeprefix(start))


def _error(message: str, code: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})
