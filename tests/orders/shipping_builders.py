"""Terms of shipping to test with: Italy by weight, the rest of the EU by value, the world at one price."""

from decimal import Decimal
from typing import Any

from common.clock import utc_now
from common.repositories.selling_terms import Shipping, selling_terms
from orders.refund_completion import By
from orders.selling_terms import set_part

ITALY = {
    "name": "Italia",
    "countries": ["Italia", "San Marino"],
    "methods": [
        {
            "name": "Posta",
            "by": "weight",
            "steps": [{"up_to": 1000, "price": Decimal("5.50")}, {"up_to": 5000, "price": 9}],
            "free_from": 100,
        },
        {"name": "Corriere", "steps": [{"price": 12}]},
    ],
}
EUROPE = {
    "name": "Europa",
    "countries": ["EU"],
    "methods": [{"name": "DHL", "by": "value", "steps": [{"up_to": 50, "price": 15}, {"price": 20}]}],
}
WORLD = {"name": "Mondo", "countries": ["*"], "methods": [{"name": "Express", "steps": [{"price": 40}]}]}
TERMS: dict[str, Any] = {
    "zones": [ITALY, EUROPE, WORLD],
    "pickup": "Via Roma 1, Verona",
    "default_weight": 300,
    "packaging_weight": 100,
}


def set_shipping(**fields: Any) -> Shipping:
    """Sets terms of shipping as the administrator does, `fields` being others than those above."""
    from common.http.validation import load
    from orders.shipping_schemas import ShippingSchema

    set_part("shipping", load(ShippingSchema, TERMS | fields), By("1"), utc_now())
    shipping = selling_terms().shipping
    assert shipping is not None
    return shipping
