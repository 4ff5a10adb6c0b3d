"""What an app may do in the fake shop and see of its buyers, and how Shopify refuses the rest.

A field that is refused is null, with an error that names its path; the rest of the answer is there.
https://shopify.dev/docs/apps/launch/protected-customer-data, https://shopify.dev/docs/api/usage/access-scopes
"""

from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from tools.fakes.shopify_schema import SCOPES
from tools.fakes.shopify_shop import Order

DENIED = {"code": "ACCESS_DENIED"}
READ_CUSTOMERS = "read_customers"
# The protected fields that Shopify approves an app for, one by one.
NAME, EMAIL = "name", "email"


@dataclass
class Access:
    """`scopes` are what the app was installed with, `approved` the protected fields that it may see."""

    scopes: set[str] = field(default_factory=lambda: {*SCOPES.values(), READ_CUSTOMERS})
    approved: set[str] = field(default_factory=lambda: {NAME, EMAIL})

    def buyer_of(self, order: Order) -> dict[str, Any]:
        """The fields of an order that tell who bought."""
        first, _, last = (order.buyer or "").partition(" ")
        customer = {
            "firstName": lambda info: self._protected(NAME, first or None, info),
            "lastName": lambda info: self._protected(NAME, last or None, info),
        }
        bill = {"name": lambda info: self._protected(NAME, order.buyer, info)}
        return {
            "email": lambda info: self._protected(EMAIL, order.email, info),
            "customer": lambda _: self._of_customers(customer if order.buyer or order.email else None),
            "billingAddress": bill if order.buyer else None,
        }

    def _protected(self, kind: str, value: str | None, info: GraphQLResolveInfo) -> str | None:
        if kind in self.approved:
            return value
        raise GraphQLError(
            f"This app is not approved to use the {info.field_name} field. "
            "See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.",
            extensions=DENIED,
        )

    def _of_customers(self, customer: dict[str, Any] | None) -> dict[str, Any] | None:
        if READ_CUSTOMERS in self.scopes:
            return customer
        raise GraphQLError(
            f"Access denied for customer field. Required access: `{READ_CUSTOMERS}` access scope.",
            extensions=DENIED,
        )
