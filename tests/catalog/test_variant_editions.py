"""Editions over HTTP: said of a variant, kept by forms that know none, and refused where untrue."""

from typing import Any

import pytest

from common.repositories.products import product_by_id
from tests.catalog.builders import new_product, new_variant, ok, refused, variant_body
from tests.support.http import Client
from tests.support.races import just_before

EDITION = {"size": 5, "proofs": 1}


def test_a_variant_is_an_edition_from_its_beginning(admin: Client) -> None:
    product = new_product(admin)
    variant = new_variant(admin, product["id"], stock=5, edition=EDITION)
    assert variant["edition"] == EDITION
    assert ok(admin.get(f"/api/products/{product['id']}"))["variants"] == [variant]
    assert "edition" not in new_variant(admin, product["id"], sku="PLAIN")


def test_a_product_begins_with_editions(admin: Client) -> None:
    sent = [variant_body(sku="E1", stock=2, edition={"size": 2}), variant_body(sku="E2", stock=9)]
    product = new_product(admin, variants=sent)
    assert [it.get("edition") for it in product["variants"]] == [{"size": 2, "proofs": 0}, None]
    stored = product_by_id(product["id"])
    assert stored is not None
    assert [it.numbering.left if it.numbering else None for it in stored.variants] == [2, None]


def test_a_form_that_knows_no_editions_keeps_them(admin: Client) -> None:
    variant = new_variant(admin, new_product(admin)["id"], stock=5, edition=EDITION)
    path = f"/api/variants/{variant['id']}"
    shown = ok(admin.put(path, json={"name": "Larger", "stock": 4}))
    assert shown["edition"] == EDITION
    # What was shown may come back as it is.
    assert ok(admin.put(path, json=shown | {"name": "Large"}))["edition"] == EDITION
    assert "edition" not in ok(admin.put(path, json={"edition": None}))


@pytest.mark.parametrize(
    "edition",
    [
        {"size": 0},
        {"size": -1},
        {"size": 5001},
        {"size": 2.5},
        {"size": 5, "proofs": -1},
        {"proofs": 1},
        {},
        5,
        "5",
        [5],
    ],
)
def test_what_is_no_edition_is_refused(admin: Client, edition: Any) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}/variants"
    refused(admin.post(path, json=variant_body(edition=edition)), 400, "edition")
    variant = new_variant(admin, product["id"], sku="V9")
    refused(admin.put(f"/api/variants/{variant['id']}", json={"edition": edition}), 400, "edition")


def test_more_pieces_than_numbers_are_refused(admin: Client) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}/variants"
    refused(admin.post(path, json=variant_body(stock=6, edition=EDITION)), 400, "5 numbers")
    variant = new_variant(admin, product["id"], sku="V9", stock=6)
    refused(admin.put(f"/api/variants/{variant['id']}", json={"edition": EDITION}), 400, "5 numbers")
    full = new_variant(admin, product["id"], sku="V8", stock=5, edition=EDITION)
    one_more = {"quantity": 1, "operation": "add"}
    refused(admin.patch(f"/api/variants/{full['id']}/stock", json=one_more), 400, "5 numbers")


def test_two_variants_become_editions_at_once(admin: Client) -> None:
    product = new_product(admin)
    one, other = (new_variant(admin, product["id"], sku=sku, stock=1) for sku in ("V1", "V2"))

    def rival() -> None:
        ok(admin.put(f"/api/variants/{other['id']}", json={"edition": {"size": 3}}))

    with just_before("catalog.variants.change_variant", rival):
        ok(admin.put(f"/api/variants/{one['id']}", json={"edition": {"size": 2}}))
    stored = product_by_id(product["id"])
    assert stored is not None
    assert [it.numbering.size if it.numbering else 0 for it in stored.variants] == [2, 3]


def test_an_edition_outlives_the_removal_and_the_return_of_its_product(admin: Client) -> None:
    product = new_product(admin)
    new_variant(admin, product["id"], stock=2, edition=EDITION)
    ok(admin.delete(f"/api/products/{product['id']}"))
    ok(admin.post(f"/api/products/{product['id']}/restore"))
    stored = product_by_id(product["id"])
    assert stored is not None
    assert stored.variants[0].numbering is not None
    assert stored.variants[0].stock == 2
