"""The products of a catalogue are believable and written with their total."""

import pytest

from benchmarks.catalogue.goods import fill_catalogue, listed_product
from common.repositories.listings import all_documents, all_rows, total_of
from common.repositories.products import PUBLISHED


def test_products_have_texts_of_their_own_and_slugs_that_are_taken_once() -> None:
    products = [listed_product(index) for index in range(500)]
    assert len({product.slug for product in products}) == 500
    assert len({product.long_description for product in products}) == 500
    assert all(len(product.variants) == len(product.images) == 3 for product in products)
    assert [p.id for p in sorted(products, key=lambda each: each.created_at)] == list(range(1, 501))


@pytest.mark.usefixtures("table")
def test_a_catalogue_of_one_portion_is_written_with_its_total() -> None:
    fill_catalogue(30)
    assert total_of(PUBLISHED) == len(all_rows(PUBLISHED)) == len(all_documents(PUBLISHED)) == 30
