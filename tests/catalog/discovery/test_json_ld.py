"""A product as JSON-LD: what it says of offers, and that nothing in it ends a script."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.discovery.json_ld import json_ld
from tests.catalog.builders import believable_row, refused, row, store
from tests.catalog.discovery.documents import STOREFRONT
from tests.support.http import Client

PATH = "/api/products/row-0001/json-ld"


def said(client: Client, path: str = PATH) -> dict[str, Any]:
    """What the route answers."""
    answer = client.get(path)
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "application/ld+json; charset=utf-8"
    return dict(json.loads(answer.text))


def test_a_product_of_one_variant_is_one_offer(visitor: Client) -> None:
    whole = believable_row(1)
    store([replace(whole, variants=whole.variants[:1], gtin="4006381333931")])
    product = said(visitor)
    assert (product["@context"], product["@type"]) == ("https://schema.org/", "Product")
    assert (product["sku"], product["gtin"]) == ("ART-000001", "4006381333931")
    assert (product["brand"], product["url"]) == (
        {"@type": "Brand", "name": "Ink & Paper"},
        f"{STOREFRONT}/it/shop/row-0001",
    )
    assert len(product["image"]) == 3
    assert product["offers"] == {
        "@type": "Offer",
        "price": "1.00",
        "priceCurrency": "EUR",
        "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/NewCondition",
        "sku": "ART-000001-0",
        "url": f"{STOREFRONT}/it/shop/row-0001",
    }


def test_several_variants_are_offered_together(visitor: Client) -> None:
    store([replace(believable_row(1), unpublish_at="2999-01-01T00:00:00.000Z")])
    offers = said(visitor)["offers"]
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"]) == ("AggregateOffer", "1.00", "3.00")
    assert (offers["offerCount"], [each["name"] for each in offers["offers"]]) == (
        3,
        ["Small", "Medium", "Large"],
    )
    assert {each["availabilityEnds"] for each in offers["offers"]} == {"2999-01-01T00:00:00.000Z"}


def test_what_has_no_price_has_no_offer_and_what_is_sold_out_says_so(visitor: Client) -> None:
    store([row(1, base_price=Decimal(0)), row(2)])
    assert "offers" not in said(visitor)
    assert (
        said(visitor, "/api/products/2/json-ld")["offers"]["availability"] == "https://schema.org/OutOfStock"
    )


def test_without_a_storefront_it_says_all_but_addresses(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STOREFRONT_URL")
    monkeypatch.delenv("STOREFRONT_BRAND")
    store([believable_row(1)])
    assert said(visitor).keys().isdisjoint({"url", "brand"})


def test_what_is_not_public_has_none(visitor: Client, admin: Client) -> None:
    store([row(1, publish_at="2999-01-01T00:00:00.000Z")])
    refused(visitor.get(PATH), 404, "Product not found")
    assert said(admin)["productID"] == "1"


@given(st.text(max_size=40) | st.sampled_from(["</script><script>alert(1)</script>", "<!--", "\u2028 &amp;"]))
def test_nothing_ends_the_script_that_it_stands_in(title: str) -> None:
    text = json_ld(row(1, title=title))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["name"] == title
