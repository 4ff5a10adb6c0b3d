"""The Merchant feed: every variant of what is public, in texts that are valid XML whatever is in them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.discovery import merchant_feed
from catalog.discovery.merchant_feed import items_of, parts_of
from catalog.discovery.offers import valid_gtin
from common.dynamodb import meter
from common.repositories.products import Product
from tests.catalog.builders import believable_row, new_product, ok, refused, row, store
from tests.catalog.discovery.documents import STOREFRONT, feed
from tests.support.http import Client

PATH = "/feeds/google.xml"
ANY_TEXT = st.text(max_size=60)


def items(client: Client, **query: str) -> list[dict[str, list[str]]]:
    """The items of the feed."""
    answer = client.get(PATH, params=query)
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    return feed(answer.text).items


def only(product: Product) -> dict[str, str]:
    """The one item of a product, without its further pictures."""
    (item,) = feed(parts_of([items_of(product)])[0]).items
    return {name: texts[0] for name, texts in item.items()}


def with_one_variant(**fields: Any) -> Product:
    """A product with pictures and its first variant."""
    whole = believable_row(1)
    return replace(whole, **{"variants": whole.variants[:1], **fields})


def test_each_variant_of_a_public_product_is_an_item(visitor: Client) -> None:
    hidden = replace(believable_row(2), publish_at="2999-01-01T00:00:00.000Z")
    store([believable_row(1), hidden, replace(believable_row(3), status="draft")])
    found = items(visitor)
    assert [item["id"] for item in found] == [["1-10"], ["1-11"], ["1-12"]]
    assert [item["price"] for item in found] == [["1.00 EUR"], ["2.00 EUR"], ["3.00 EUR"]]
    first = found[0]
    assert first["title"] == ["The chameleon in the city, number 1, Small"]
    assert first["link"] == [f"{STOREFRONT}/it/shop/row-0001"]
    assert (first["item_group_id"], first["brand"], first["mpn"]) == (
        ["1"],
        ["Ink & Paper"],
        ["ART-000001-0"],
    )
    assert (first["condition"], first["availability"], first["size"]) == (["new"], ["in_stock"], ["S"])
    assert (len(first["image_link"]), len(first["additional_image_link"])) == (1, 2)
    assert first["product_type"] == ["Prints > T-shirts"]


def test_what_is_sold_out_says_so_at_once(visitor: Client, admin: Client) -> None:
    image = {"url": "https://example.com/a.png"}
    made = new_product(admin, images=[image], variants=[{"sku": "A", "name": "S", "stock": 1}])
    assert [item["availability"] for item in items(visitor)] == [["in_stock"]]
    path = f"/api/variants/{made['variants'][0]['id']}/stock"
    ok(admin.patch(path, json={"operation": "subtract", "quantity": 1}))
    assert [item["availability"] for item in items(visitor)] == [["out_of_stock"]]


def test_what_google_refuses_is_left_out() -> None:
    assert items_of(with_one_variant(images=())) == ""
    assert items_of(with_one_variant(base_price=Decimal(0))) == ""
    assert only(with_one_variant(variants=()))["availability"] == "out_of_stock"


def test_a_work_of_a_creator_has_no_brand_and_so_no_number() -> None:
    item = only(with_one_variant(creator_id="c-1", moderation_status="approved"))
    assert item["identifier_exists"] == "no"
    assert item.keys().isdisjoint({"brand", "mpn"})


def test_weights_numbers_and_ends_are_told() -> None:
    made = with_one_variant(gtin="4006381333931", unpublish_at="2026-06-01T00:00:00.000Z")
    item = only(replace(made, variants=(replace(made.variants[0], weight=350),)))
    assert (item["shipping_weight"], item["gtin"]) == ("350 g", "4006381333931")
    assert item["expiration_date"] == "2026-06-01T00:00:00.000Z"
    assert "identifier_exists" not in item


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("4006381333931", "4006381333931"),
        ("400-6381 333931", "4006381333931"),
        ("96385074", "96385074"),
        ("036000291452", "036000291452"),
        ("10614141000415", "10614141000415"),
        ("4006381333932", None),
        ("123", None),
        ("", None),
        (None, None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
    ],
)
def test_a_gtin_counts_where_its_check_digit_is_right(text: str | None, valid: str | None) -> None:
    assert valid_gtin(text) == valid


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_it_is_valid_whatever_the_texts_hold(title: str, long: str, name: str, size: str) -> None:
    product = believable_row(1)
    variants = [replace(it, name=name, attributes={"Size": size, "n": 3}) for it in product.variants]
    made = replace(product, title=title, long_description=long, variants=tuple(variants))
    (text,) = parts_of([items_of(made)])
    for item in feed(text).items if title.strip() and _is_printable(title) else []:
        assert len(item["title"][0]) <= 150


def _is_printable(title: str) -> bool:
    return title.isprintable()


def test_texts_are_cut_to_what_google_takes() -> None:
    item = only(with_one_variant(title="t" * 500, long_description="è" * 50_000))
    assert (len(item["title"]), len(item["description"])) == (150, 5000)


def test_what_is_too_much_for_an_answer_is_parted(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merchant_feed, "PART_BYTES", 3000)
    store(believable_row(number) for number in range(1, 4))
    query: dict[str, str] = {}
    found, parts = [], 0
    while True:
        answer = visitor.get(PATH, params=query)
        part = feed(answer.text)
        found += [item["id"][0] for item in part.items]
        parts += 1
        if part.following is None:
            break
        query = {"part": part.following.removeprefix("?part=")}
    assert parts > 1
    assert found == [f"{number}-{number}{variant}" for number in (1, 2, 3) for variant in (0, 1, 2)]
    for wrong in ("0", str(parts + 1), "-1", "x", "01"):
        refused(visitor.get(PATH, params={"part": wrong}), 404, "no such part")


def test_who_holds_it_costs_one_question_and_one_change_makes_one_product_anew(
    visitor: Client, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(believable_row(number) for number in (1, 2, 3))
    tag = visitor.get(PATH).headers["ETag"]
    with meter() as usage:
        assert visitor.get(PATH, headers={"If-None-Match": tag}).status == 304
        assert len(items(visitor)) == 9
    assert usage.calls == 2
    ok(admin.put("/api/products/2", json={"title": "Changed"}))
    rendered: list[int] = []

    def counted(product: Product) -> str:
        rendered.append(product.id)
        return items_of(product)

    monkeypatch.setattr("catalog.discovery.kept.items_of", counted)
    answer = visitor.get(PATH, headers={"If-None-Match": tag})
    assert (answer.status, rendered) == (200, [2])
    assert "Changed" in answer.text


def test_pictures_of_a_shop_with_relative_addresses_lie_below_the_storefront(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MEDIA_URLS", "relative")
    assert only(with_one_variant())["image_link"].startswith(f"{STOREFRONT}/uploads/products/1/")


def test_an_item_without_variants_is_the_product_itself() -> None:
    assert only(replace(row(7), images=believable_row(7).images))["id"] == "7"
