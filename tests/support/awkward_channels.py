"""Rows of Etsy's and Shopify's tables, and of characters and comics, that are easy to damage on the way."""

from typing import Any

from tests.support.awkward_catalogue import EARLY, LATER, PLAIN, Rows

BIG = 9007199254740993  # no float holds it
_KEPT = {"created_at": EARLY, "updated_at": PLAIN}


def _listing(number: int, listing: int, title: str, **values: Any) -> dict[str, Any]:
    return {"id": number, "etsy_listing_id": listing, "title": title} | _KEPT | values


def _receipt(number: int, receipt: int, **values: Any) -> dict[str, Any]:
    basis = {"id": number, "etsy_receipt_id": receipt, "shop_id": "ExampleShop"}
    return basis | {"etsy_created_at": EARLY, "etsy_updated_at": LATER} | _KEPT | values


def _change(number: int, old: int, new: int, **values: Any) -> dict[str, Any]:
    basis: dict[str, Any] = {
        "id": number,
        "etsy_listing_id": BIG,
        "etsy_quantity": old,
        "local_quantity": new,
    }
    basis |= {"quantity_diff": new - old, "sync_action": "push", "sync_result": "success"}
    return basis | {"synced_at": EARLY} | values


CHANNELS: Rows = {
    "shopify_links": [
        {"id": 1, "local_product_id": 4, "shopify_product_id": BIG, "last_synced_at": LATER} | _KEPT,
        {"id": 2, "local_product_id": 987654, "shopify_product_id": 1, "sync_status": "failed"} | _KEPT,
        {"id": 5, "local_product_id": 4, "shopify_product_id": 2, "deleted_at": LATER} | _KEPT,
    ],
    "etsy_oauth_tokens": [
        {"id": 1, "shop_id": "ExampleShop", "access_token": "1.made-up.access", "expires_at": LATER}
        | {"refresh_token": "1.made-up.refresh", "scope": "listings_r listings_w"}
        | _KEPT,
        {"id": 3, "shop_id": "0042", "access_token": "", "refresh_token": "", "token_type": ""}
        | {"expires_at": PLAIN, "scope": ""}
        | _KEPT,
    ],
    "etsy_sync_config": [
        {"id": 1, "shop_id": "ExampleShop", "last_product_sync": EARLY, "last_inventory_sync": LATER} | _KEPT,
        {"id": 2, "shop_id": "0042", "sync_status": "error", "sync_error": "Line\nit's \U0001f4a5"}
        | {"rate_limit_remaining": 0, "rate_limit_reset_at": PLAIN}
        | _KEPT,
    ],
    "etsy_products": [
        _listing(1, BIG, 'A "quoted" one', local_product_id=4, price="25.00", quantity=3, sku="SHARED-12"),
        _listing(2, 1000000001, "", description="", sku="", state="", url="", price="0.00"),
        _listing(
            4,
            1000000002,
            "Gone \U0001f98e",
            local_product_id=1,
            description="Two\nlines",
            state="inactive",
            url="https://www.example.com/listing/1000000002",
            last_synced_at=LATER,
            sync_status="synced",
            deleted_at=LATER,
        ),
    ],
    "etsy_inventory_sync_log": [
        _change(1, 3, 5, local_variant_id=7),
        _change(2, 5, 0, error_message="Line\nit's", sync_result="error", synced_at=LATER),
        _change(7, 0, -1, local_variant_id=1, sync_action="", error_message=""),
    ],
    "etsy_receipts": [
        _receipt(
            1, BIG, local_order_id=1, grand_total="61.00", subtotal="50.00", currency="EUR", is_paid=True
        ),
        _receipt(
            2,
            2000000001,
            buyer_email="ADA@Example.com",
            buyer_name="Ada \U0001f98e",
            status="Completed",
            is_shipped=True,
            total_shipping_cost="0.00",
            total_tax_cost="0.01",
            shipping_address="Via dell'Esempio 1\nRome",
            message_from_buyer='"Grazie"\n\U0001f49a',
            payment_method="cc",
            last_synced_at=LATER,
            sync_status="synced",
        ),
        _receipt(9, 2000000002, local_order_id=5, buyer_email="", currency="", deleted_at=LATER),
    ],
}


def _figure(number: int, name: str, order: int, **values: Any) -> dict[str, Any]:
    return {"id": number, "name": name, "order": order} | _KEPT | values


def _comic(number: int, title: str, order: int, **values: Any) -> dict[str, Any]:
    return {"id": number, "title": title, "order": order} | _KEPT | values


_PAGES = '["/uploads/fumetti/1/page_55555555.jpg", "https://cdn.example.com/2.png", ""]'

CONTENT: Rows = {
    "personaggi": [
        _figure(1, "eliminare", 1, deleted_at=LATER, images='["/uploads/personaggi/1/icon_66666666.png"]'),
        _figure(2, "Leone \U0001f981", 1, description="È ‘curvo’\ne 'dritto'", images="[]", icon=""),
        _figure(
            3,
            "Cielo",
            2,
            icon="/uploads/personaggi/3/icon_77777777.png",
            images='[{"url": "/uploads/personaggi/3/a.png", "alt": "\\u00e9"}, "https://cdn.example.com/b.png"]',
            background_type="image",
            background_image="",
            gradient_from="",
            gradient_to="",
        ),
        _figure(4, "eliminare", 0, background_type="gradient", gradient_from="#fff", gradient_to="#000"),
        _figure(9, "Text ", 2, images='"[\\"/uploads/personaggi/9/c.png\\"]"', background_color=""),
        _figure(
            10,
            "Absolute",
            7,
            images='{"z": null, "a": "https://shop.example.com/uploads/personaggi/10/d.png"}',
            background_image="https://shop.example.com/uploads/personaggi/10/e.png",
        ),
    ],
    "fumetti": [
        _comic(
            1, "Primo \U0001f4d6", 0, deleted_at=LATER, pages=_PAGES, cover_image="/uploads/fumetti/1/c.jpg"
        ),
        _comic(2, "Secondo", 0, pages=_PAGES, cover_image=""),
        _comic(5, "Lines\nof 'a' title", 3, pages="[]", description=""),
        _comic(6, "Nothing", 3, pages=None, cover_image="https://cdn.example.com/cover.png"),
    ],
}
