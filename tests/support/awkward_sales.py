"""Rows of carts, orders and what surrounds them: legal in PostgreSQL and easy to damage on the way."""

from typing import Any

from tests.support.awkward_catalogue import EARLY, LATER, PLAIN, Rows


def _order(number: int, order_number: str, **values: Any) -> dict[str, Any]:
    basis = {"id": number, "order_number": order_number, "customer_email": "ada@example.com"}
    basis |= {"customer_name": "Ada Example", "subtotal": "50.00", "tax": "11.00", "total": "61.00"}
    return basis | {"created_at": EARLY, "updated_at": LATER} | values


def _line(number: int, order: int, name: str, **values: Any) -> dict[str, Any]:
    basis = {"id": number, "order_id": order, "product_name": name, "created_at": EARLY}
    return basis | {"quantity": 2, "unit_price": "25.00", "total_price": "50.00"} | values


def _item(number: int, cart: int, product: int, **values: Any) -> dict[str, Any]:
    basis = {"id": number, "cart_id": cart, "product_id": product}
    return basis | {"created_at": EARLY, "updated_at": PLAIN} | values


def _notification(number: int, kind: str, title: str, **values: Any) -> dict[str, Any]:
    return {"id": number, "type": kind, "title": title, "created_at": EARLY, "updated_at": PLAIN} | values


def _code(number: int, code: str, kind: str, value: str, **values: Any) -> dict[str, Any]:
    basis = {"id": number, "code": code, "type": kind, "value": value}
    return basis | {"created_at": EARLY, "updated_at": PLAIN} | values


_ADDRESS = '{"zip": "00100", "address": "Via dell\'Esempio 1\\nInt. 2", "Country": "IT", "city": "Rome"}'

CARTS: Rows = {
    "carts": [
        {"id": 1, "session_token": "session_3f0b1f6e-0f8a-4a3c-9c39-0d0f6f1f9a11", "user_id": 7}
        | {"discount_code": "WELCOME10", "discount_amount": "2.50", "created_at": EARLY, "updated_at": LATER},
        {"id": 3, "session_token": "3f0b1f6e-0f8a-4a3c-9c39-0d0f6f1f9a12", "discount_code": ""}
        | {"created_at": EARLY, "updated_at": EARLY},
        {"id": 4, "session_token": "12345", "created_at": PLAIN, "updated_at": PLAIN},
    ],
    "cart_items": [
        _item(5, 1, 4, variant_id=7, quantity=2),
        _item(6, 1, 4, variant_id=None),
        _item(7, 1, 4, variant_id=7, quantity=1, created_at=LATER),
        _item(9, 4, 987654, variant_id=456789, quantity=999),
        _item(10, 4, 2, variant_id=None, quantity=0),
    ],
}

ORDERS: Rows = {
    "orders": [
        _order(
            1, "ORD-00000001", payment_status="paid", payment_method="mock", payment_intent_id="pi_mock_1"
        ),
        _order(2, "ORD-1699999999999-AB12", customer_email="ADA@Example.com", shipping_address=_ADDRESS),
        _order(3, "ORD-00000099", fulfillment_status="partially_fulfilled", billing_address=_ADDRESS),
        _order(4, "00000004", payment_status="refunded", notes="Note\n'quoted' \U0001f381", user_id=0),
        _order(5, "ORD-00000005", payment_status="failed", notes="", deleted_at=LATER, currency="USD"),
        _order(6, "ord-é/1 #2", customer_email="", customer_name="", total="99999999.99", subtotal="0"),
        _order(
            40,
            "ORD-00000040",
            payment_status="paid",
            fulfillment_status="fulfilled",
            shipping_address='"one line"',
            billing_address="null",
            payment_method="",
            payment_intent_id="",
            created_at=PLAIN,
            updated_at=PLAIN,
        ),
        _order(
            41,
            "ORD-00000041",
            payment_status=" Succeeded",
            fulfillment_status="DELIVERED",
            discount="0.01",
        ),
    ],
    "order_items": [
        _line(1, 1, "Lines", product_id=4, variant_id=7, variant_name="Größe", sku="SHARED-12"),
        _line(2, 1, 'A "quoted" title, it\'s \U0001f98e ', product_id=2, variant_name="", sku=""),
        _line(3, 2, "Gone from the shop"),
        _line(4, 2, "Twice", product_id=4, variant_id=7, unit_price="0.00", total_price="0.01"),
        _line(5, 2, "Twice", product_id=4, variant_id=7, created_at=LATER),
        _line(6, 3, "Two\nlines", product_id=987654, variant_id=456789, sku="0001-S"),
        _line(7, 5, "Of a deleted order", product_id=1, variant_id=1, quantity=0),
        _line(20, 40, "Dear", quantity=1, unit_price="99999999.99", total_price="99999999.99"),
    ],
}

AROUND: Rows = {
    "notifications": [
        _notification(
            1, "order_created", "New order \U0001f389", metadata='{"order_id": 1, "total": "61.00"}'
        ),
        _notification(2, "low_stock", "", message="", metadata="[]", is_read=True, read_at=LATER),
        _notification(3, "system", "Two\nlines", message="It's ''fine''", metadata="null", is_read=True),
        _notification(8, "made_up", "Unread though read", metadata='"text"', read_at=PLAIN, created_at=LATER),
        _notification(9, "system", "Nested", metadata='{"z": {"b": 1.50, "a": [null, {"": 0}]}, "a": true}'),
    ],
    "audit_logs": [
        {"id": 1, "action": "update", "entity_type": "product", "entity_id": 4, "user_id": 7}
        | {"changes": '{"z": [1, 2], "a": {"old": "", "new": null}}', "ip_address": "2001:db8::1"}
        | {"created_at": EARLY},
        {"id": 2, "action": "login", "entity_type": "", "ip_address": "", "created_at": LATER},
        {"id": 5, "action": "delete", "entity_type": "order", "entity_id": 0, "changes": "[]"}
        | {"created_at": PLAIN},
    ],
    "discount_codes": [
        _code(1, "WELCOME10", "percentage", "10.00", max_uses=100, times_used=3, min_order_value="20.00"),
        _code(2, "Welcome10", "fixed", "5.00", deleted_at=LATER),
        _code(3, "newsletter", "fixed", "33.33", valid_from=EARLY, valid_until="9999-12-31 23:59:59.999999"),
        _code(6, "SCONTO-È", "percentage", "0.01", is_active=False, min_order_value="0.00", max_uses=0),
        _code(7, "0007", "percentage", "100.00", valid_from="0001-01-01 00:00:00", times_used=2147483647),
    ],
}
