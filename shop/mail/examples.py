"""Made-up data of each kind of mail, by which templates are looked at and checked without a shop."""

from decimal import Decimal
from typing import Any

from shop.mail.kinds import DIGEST, KINDS

_SHOP: dict[str, Any] = {
    "name": "Studio Esempio",
    "lines": ["Via Roma 1", "10121 Torino"],
    "country": "IT",
    "vat_number": "IT01234567890",
    "email": "studio@example.com",
    "phone": None,
}
_LINE: dict[str, Any] = {
    "id": 1,
    "name": "Il giardino & la luna",
    "variant": "Stampa A3",
    "sku": "GIARDINO-A3",
    "quantity": 2,
    "unit_price": Decimal("45.00"),
    "total": Decimal("90.00"),
    "numbers": [7, 8],
    "cannot_be_withdrawn": False,
}
_ORDER: dict[str, Any] = {
    "number": "ORD-00000042",
    "name": "Ada Esempio",
    "created_at": "2026-12-01T09:30:00.000Z",
    "is_paid": False,
    "is_cancelled": False,
    "payment_method": "bank_transfer",
    "payment_due_at": "2026-12-08T09:30:00.000Z",
    "currency": "EUR",
    "subtotal": Decimal("110.00"),
    "discount": Decimal("10.00"),
    "discount_code": "INVERNO",
    "shipping": Decimal("9.90"),
    "delivery": "Posta",
    "tax": Decimal("18.32"),
    "prices_include_tax": True,
    "tax_note": None,
    "taxes": [
        {"country": "AT", "rate": Decimal("0.2"), "net": Decimal("91.58"), "tax": Decimal("18.32")},
    ],
    "total": Decimal("109.90"),
    "refunded": Decimal("45.00"),
    "lines": [
        _LINE,
        _LINE
        | {
            "id": 2,
            "name": "Cornice su misura",
            "variant": None,
            "quantity": 1,
            "total": Decimal("20.00"),
            "numbers": [],
            "cannot_be_withdrawn": True,
        },
    ],
    "address": ["Mariahilfer Straße 1", "1060", "Wien", "Austria"],
    "parcel": {"carrier": "Posta", "number": "RR123456785IT", "shipped_at": "2026-12-02T10:00:00.000Z"},
    "can_withdraw": True,
}
_LINKS = {
    "order": "https://www.example.com/orders/ORD-00000042",
    "withdrawal": "https://api.example.com/withdrawal/42..example",
    "tracking": "https://track.example.com/RR123456785IT",
    "invoice": "https://api.example.com/papers/2026-17.1804000000.example",
    "credit_note": "https://api.example.com/papers/NC-2026-3.1804000000.example",
}
_WITHDRAWAL: dict[str, Any] = {
    "requested_at": "2026-12-10T08:15:00.000Z",
    "statement": "Con la presente recedo dal contratto di vendita di questi beni, ordine ORD-00000042:\n"
    "- 1 × Il giardino & la luna, Stampa A3\nNome: Ada Esempio",
    "name": "Ada Esempio",
    "reason": "È passato più di un anno dalla consegna.",
    "lines": [{"quantity": 1, "name": "Il giardino & la luna", "variant": "Stampa A3"}],
}
_MEMBER: dict[str, Any] = {
    "name": "Ada Esempio",
    "username": "ada",
    "displayName": "Ada Esempio",
    "creatorName": "Ada Esempio",
    "title": "Il giardino & la luna",
    "slug": "il-giardino",
    "productId": "7",
    "reason": "La foto è troppo piccola.",
    "status": "active",
    "type": "page_views",
    "milestone": 1000,
    "token": "an-example-of-a-token",
    "expires_at": "2026-12-01T10:30:00.000Z",
}
_ENTRIES = [
    {
        "title": "New order ORD-00000042",
        "message": "109.90 EUR",
        "severity": "info",
        "created_at": "2026-12-01T09:30:00.000Z",
    },
    {
        "title": "Low stock",
        "message": "GIARDINO-A3: 2 left",
        "severity": "warning",
        "created_at": "2026-12-01T09:30:00.000Z",
    },
]


def example_values(kind: str) -> dict[str, Any]:
    """What a template of this kind could be given; KeyError for no kind."""
    audience = KINDS[kind].audience
    if audience == "buyer":
        paid = kind not in {"order_placed", "payment_failed", "order_cancelled"}
        facts = {"refund": 1, "amount": Decimal("45.00")}
        order = _ORDER | {"is_paid": paid}
        return {"shop": _SHOP, "order": order, "links": _LINKS, "facts": facts, "withdrawal": _WITHDRAWAL}
    studio = "https://api.example.com/studio"
    if audience == "artist":
        return {"shop": _SHOP, "entries": _ENTRIES, "more": 1, "studio": studio}
    page = "https://www.example.com/password?token=an-example-of-a-token"
    return {"shop": _SHOP, "data": _MEMBER, "studio": studio, "password_page": page}


def bare_values(kind: str) -> dict[str, Any]:
    """The same of a shop and an order that have as little as they may: no links, no address, no seller."""
    values = example_values(kind)
    values["shop"] = dict.fromkeys(_SHOP) | {"name": "shop@example.com", "lines": []}
    if "order" in values:
        nothing = Decimal("0.00")
        values["links"] = dict.fromkeys(_LINKS)
        values["facts"] = {}
        values["withdrawal"] = _WITHDRAWAL | {"reason": None, "lines": []}
        values["order"] |= {
            **dict.fromkeys(("payment_method", "payment_due_at", "discount_code", "delivery", "parcel")),
            "discount": nothing,
            "shipping": nothing,
            "tax": nothing,
            "taxes": [],
            "address": [],
            "lines": [_LINE | {"variant": None, "sku": None, "numbers": []}],
        }
    if "data" in values:
        kept = (
            _MEMBER.keys() - {"token", "expires_at", "reason"} if kind != "password_reset" else _MEMBER.keys()
        )
        values["data"] = {name: _MEMBER[name] for name in kept} | _also(kind)
        values["password_page"] = None
    if kind == DIGEST:
        values |= {"entries": _ENTRIES[:1], "more": 0}
    return values


def _also(kind: str) -> dict[str, Any]:
    return {"status": "suspended", "reason": ""} if kind == "creator_status" else {}
