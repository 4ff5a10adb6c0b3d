"""The goods that are measured are as large as the budgets assume, and always the same."""

import pytest

from benchmarks.shop import LONG, SHORT, Shop, make_shop


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(1000)


def test_every_product_has_the_parts_and_texts_that_budgets_are_written_for(shop: Shop) -> None:
    assert {
        (
            len(product.images),
            len(product.variants),
            len(product.categories),
            len(product.short_description or ""),
            len(product.long_description or ""),
        )
        for product in shop.products
    } == {(3, 3, 2, SHORT, LONG)}
    assert (len(shop.personaggi), len(shop.fumetti)) == (10, 5)


def test_slugs_and_skus_are_taken_once(shop: Shop) -> None:
    assert len({product.slug for product in shop.products}) == 1000
    assert len({variant.sku for product in shop.products for variant in product.variants}) == 3000


def test_some_works_are_sold_out_and_most_are_not(shop: Shop) -> None:
    sold_out = [p for p in shop.products if not any(variant.stock for variant in p.variants)]
    assert 100 < len(sold_out) < 200


def test_two_runs_measure_the_same_goods(shop: Shop) -> None:
    assert make_shop(1000) == shop
