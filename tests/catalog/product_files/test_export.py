"""The file of all products: what stands in its rows, and in how many parts it is had."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from catalog.product_files import export
from catalog.product_files.columns import COLUMNS
from common.csv_files import BYTE_ORDER_MARK
from common.repositories.products import Edition, Image, Product
from tests.catalog.builders import believable_row, refused, row, store
from tests.support.http import Answer, Client

PATH = "/api/admin/products/export"

pytestmark = pytest.mark.usefixtures("table")


def table_of(text: str) -> list[dict[str, str]]:
    """The rows of a file by column."""
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def exported(answer: Answer) -> list[dict[str, str]]:
    """The rows that were answered."""
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return table_of(answer.text)


def with_everything() -> Product:
    """A product of which everything is said that a file can say."""
    product = believable_row(7)
    first, second, third = product.variants
    picture = Image(1, 7, "https://pictures.example/1.jpg", "On a wall,\nat night", 0, product.created_at)
    return replace(
        product,
        variants=(
            replace(first, weight=250, edition=Edition(30, 3), price_adjustment=Decimal("-2.50")),
            replace(second, deleted_at=product.created_at),
            third,
        ),
        images=(picture, replace(picture, id=2, key="https://pictures.example/2.jpg", alt_text=None)),
        tax_class="art",
        cannot_be_withdrawn=True,
        publish_at="2026-03-01T09:00:00.000Z",
        character_id=3,
    )


def test_a_variant_is_a_row_and_the_product_is_said_in_the_first(admin: Client) -> None:
    store([with_everything()])
    first, second = exported(admin.get(PATH))
    assert list(first) == list(COLUMNS)
    assert (first["slug"], second["slug"]) == ("row-0007", "row-0007")
    assert first["title"] == "The chameleon in the city, number 7"
    assert (second["title"], second["images"], second["base_price"]) == ("", "", "")
    assert (first["base_price"], first["currency"], first["categories"]) == ("7.00", "EUR", "prints|t-shirts")
    assert first["images"] == "https://pictures.example/1.jpg\nhttps://pictures.example/2.jpg"
    assert first["image_texts"] == "On a wall, at night\n"
    assert (first["sku"], first["variant"], first["attributes"]) == ("ART-000007-0", "Small", '{"size":"S"}')
    assert (first["price_adjustment"], first["weight"]) == ("-2.50", "250")
    assert (first["edition_size"], first["edition_proofs"]) == ("30", "3")
    assert (first["stock"], first["stock_seen"], second["stock"]) == ("1", "1", "3")
    assert (first["cannot_be_withdrawn"], first["publish_at"]) == ("true", "2026-03-01T09:00:00.000Z")
    assert second["sku"] == "ART-000007-2"
    assert first["exported"] == second["exported"] != ""


def test_products_of_every_status_are_there_by_id_and_works_of_creators_are_not(admin: Client) -> None:
    statuses = ("published", "draft", "archived")
    work = row(9, creator_id="a-creator", moderation_status="approved")
    store([*(row(number, status=statuses[number % 3]) for number in (3, 1, 2)), work])
    assert [it["slug"] for it in exported(admin.get(PATH))] == ["row-0001", "row-0002", "row-0003"]


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(admin: Client) -> None:
    store([row(1, title="=1+1", short_description="'=1", base_price=Decimal("1E+2"))])
    (only,) = exported(admin.get(PATH))
    assert (only["title"], only["short_description"], only["base_price"]) == ("'=1+1", "''=1", "100.00")


def test_what_an_answer_cannot_hold_is_had_in_parts(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    store([row(number, long_description="x" * 5000) for number in range(1, 8)])
    monkeypatch.setattr(export, "BODY_BYTES", 12_000)
    refused(admin.get(PATH), 409, "after=0", "artshop products export")
    seen: list[list[str]] = []
    target = "?after=0"
    while target:
        answer = admin.get(PATH + target)
        seen.append([it["slug"] for it in exported(answer)])
        target = answer.headers.get("Link", "").partition(">")[0].lstrip("<")
    assert [len(part) for part in seen] == [2, 2, 2, 1]
    assert [slug for part in seen for slug in part] == [f"row-{number:04d}" for number in range(1, 8)]


@pytest.mark.parametrize("after", ["-1", "x", "1" * 16, "²"])
def test_parts_begin_behind_an_id(admin: Client, after: str) -> None:
    refused(admin.get(PATH, params={"after": after}), 400, "after")


def test_an_empty_shop_has_a_header_alone(admin: Client) -> None:
    assert exported(admin.get(PATH)) == []
    assert "Link" not in admin.get(f"{PATH}?after=0").headers


def test_only_an_administrator_has_the_file(visitor: Client) -> None:
    refused(visitor.get(PATH), 401)
