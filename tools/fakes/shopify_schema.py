"""The part of Shopify's GraphQL schema that the shop uses, as of 2026-10, and what a call costs.

https://shopify.dev/docs/api/admin-graphql/latest, https://shopify.dev/docs/api/usage/limits
"""

from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from graphql.execution.values import get_argument_values, get_variable_values

Parent = GraphQLObjectType | GraphQLInterfaceType

LARGEST_PAGE = 250
# One call may cost so much at most.
LARGEST_COST = 1000
MUTATION_COST, CONNECTION_COST = 10, 2

SCHEMA = build_schema("""
directive @idempotent(key: String!) on FIELD

scalar DateTime
scalar Decimal

enum OrderSortKeys { CREATED_AT ID UPDATED_AT }
enum RefundLineItemRestockType { CANCEL LEGACY_RESTOCK NO_RESTOCK RETURN }

type PageInfo { hasNextPage: Boolean! endCursor: String }
type MoneyV2 { amount: Decimal! currencyCode: String! }
type MoneyBag { shopMoney: MoneyV2! }

type Product { id: ID! title: String! }
type ProductVariant {
  id: ID!
  sku: String
  title: String!
  displayName: String!
  product: Product!
  inventoryItem: InventoryItem!
}
type ProductVariantConnection { nodes: [ProductVariant!]! pageInfo: PageInfo! }

type InventoryQuantity { name: String! quantity: Int! }
type InventoryLevel { id: ID! quantities(names: [String!]!): [InventoryQuantity!]! }
interface Node { id: ID! }
type InventoryItem implements Node {
  id: ID!
  sku: String
  tracked: Boolean!
  inventoryLevel(locationId: ID!): InventoryLevel
}

type LineItem {
  id: ID!
  sku: String
  title: String!
  quantity: Int!
  currentQuantity: Int!
  variant: ProductVariant
  originalUnitPriceSet: MoneyBag!
}
type LineItemConnection { nodes: [LineItem!]! pageInfo: PageInfo! }
type RefundLineItem { lineItem: LineItem! quantity: Int! restockType: RefundLineItemRestockType! }
type RefundLineItemConnection { nodes: [RefundLineItem!]! pageInfo: PageInfo! }
type Refund { id: ID! refundLineItems(first: Int, after: String): RefundLineItemConnection! }
type Customer { firstName: String lastName: String }
type MailingAddress { name: String }
type Order {
  id: ID!
  name: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  cancelledAt: DateTime
  displayFinancialStatus: OrderDisplayFinancialStatus
  test: Boolean!
  currencyCode: String!
  email: String
  customer: Customer
  billingAddress: MailingAddress
  subtotalPriceSet: MoneyBag
  totalDiscountsSet: MoneyBag
  totalShippingPriceSet: MoneyBag!
  totalTaxSet: MoneyBag
  totalPriceSet: MoneyBag!
  lineItems(first: Int, after: String): LineItemConnection!
  refunds(first: Int): [Refund!]!
}
enum OrderDisplayFinancialStatus {
  AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED
}
type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }

input InventoryQuantityInput {
  inventoryItemId: ID!
  locationId: ID!
  quantity: Int!
  changeFromQuantity: Int
}
input InventorySetQuantitiesInput {
  name: String!
  reason: String!
  referenceDocumentUri: String
  quantities: [InventoryQuantityInput!]!
}
type InventorySetQuantitiesUserError { code: String field: [String!] message: String! }
type InventoryAdjustmentGroup { id: ID! reason: String! }
type InventorySetQuantitiesPayload {
  inventoryAdjustmentGroup: InventoryAdjustmentGroup
  userErrors: [InventorySetQuantitiesUserError!]!
}

type Query {
  productVariants(first: Int, after: String, query: String): ProductVariantConnection!
  nodes(ids: [ID!]!): [Node]!
  orders(first: Int, after: String, query: String, sortKey: OrderSortKeys): OrderConnection!
  order(id: ID!): Order
  refund(id: ID!): Refund
}
type Mutation {
  inventorySetQuantities(input: InventorySetQuantitiesInput!): InventorySetQuantitiesPayload
}
""")

# What the app must have been granted for a root field.
SCOPES = {
    "productVariants": "read_products",
    "nodes": "read_inventory",
    "orders": "read_orders",
    "order": "read_orders",
    "refund": "read_orders",
    "inventorySetQuantities": "write_inventory",
}


def root_fields(document: DocumentNode) -> list[str]:
    """The names of the fields that a document asks the shop for."""
    selected = _operation(document).selection_set.selections
    return [node.name.value for node in selected if isinstance(node, FieldNode)]


def requested_cost(document: DocumentNode, variables: dict[str, Any]) -> int:
    """What a valid call costs at most, when each page is full; GraphQLError for unusable variables."""
    operation = _operation(document)
    values = get_variable_values(SCHEMA, operation.variable_definitions or (), variables)
    if isinstance(values, list):
        raise values[0]
    if operation.operation is OperationType.MUTATION:
        return MUTATION_COST
    return _cost(operation.selection_set, cast("GraphQLObjectType", SCHEMA.query_type), values)


def actual_cost(data: Any) -> int:
    """What an answer costs: a point for each object in it."""
    if isinstance(data, list):
        return sum(map(actual_cost, data))
    if isinstance(data, dict):
        return 1 + sum(actual_cost(value) for name, value in data.items() if name != "pageInfo")
    return 0


def _operation(document: DocumentNode) -> OperationDefinitionNode:
    [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return operation


def _cost(selected: SelectionSetNode | None, parent: Parent, variables: dict[str, Any]) -> int:
    total = 0
    for node in selected.selections if selected else ():
        if isinstance(node, InlineFragmentNode):
            kind = cast("Parent", SCHEMA.type_map[node.type_condition.name.value])
            total += _cost(node.selection_set, kind, variables)
        elif isinstance(node, FieldNode):
            total += _field_cost(node, parent.fields[node.name.value], variables)
        else:
            raise TypeError("the fake does not count the cost of named fragments")
    return total


def _field_cost(node: FieldNode, field: GraphQLField, variables: dict[str, Any]) -> int:
    kind = get_named_type(field.type)
    if is_leaf_type(kind) or kind.name == "PageInfo":
        return 0
    below = _cost(node.selection_set, cast("Parent", kind), variables)
    given = get_argument_values(field, node, variables)
    size = len(given["ids"]) if "ids" in given else int(given.get("first") or 1)
    if kind.name.endswith("Connection"):
        # `nodes` is counted as one object: its own point belongs to each of them.
        return CONNECTION_COST + size * below
    return (size if is_list_type(get_nullable_type(cast("Any", field.type))) else 1) * (1 + below)
