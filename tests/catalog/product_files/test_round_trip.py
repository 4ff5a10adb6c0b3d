"""What is exported and brought in again is the same: in the shop that it is from, and in another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.product_files.export import whole_file
from catalog.product_files.imports import apply_import, dry_run
from common.clock import utc_now
from common.dynamodb import batch_write, create_table, delete_table
from common.repositories.categories import CATEGORIES, Category
from common.repositories.product_writes import name_markers
from common.repositories.products import Edition, Image, Product, Variant
from shop.account_log import Person
from tests.catalog.builders import row, store
from tests.catalog.product_files.steps import lasting

ACTOR = Person("tests")
MOMENT = "2026-01-01T09:00:00.000Z"

pytestmark = pytest.mark.usefixtures("bucket")

# Whatever a form may send: formulas, quotes, line ends, separators, blanks within, letters of all scripts.
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("=+-@'\",;\t\n|")
TEXT = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)
ADDRESS = st.from_regex(r"https://[a-z]{1,8}\.example/[A-Za-z0-9%_|=+-]{1,20}\.jpg", fullmatch=True)
MONEY = st.decimals(0, 99_999, places=2)


@st.composite
def variants(draw: st.DrawFn, product_id: int) -> tuple[Variant, ...]:
    """Up to three variants of a product."""
    made = []
    for number in range(draw(st.integers(0, 3))):
        stock = draw(st.integers(0, 30))
        edition = draw(st.none() | st.builds(Edition, st.integers(30, 90), st.none() | st.integers(1, 5)))
        variant = Variant(
            id=product_id * 10 + number,
            product_id=product_id,
            sku=f"{product_id}-{number}-{draw(TEXT)}"[:60],
            name=draw(TEXT),
            attributes=draw(st.dictionaries(TEXT, TEXT | st.integers(0, 9) | st.booleans(), max_size=2)),
            price_adjustment=draw(st.decimals(-99, 99, places=2)),
            stock=stock,
            created_at=MOMENT,
            updated_at=MOMENT,
            weight=draw(st.none() | st.integers(1, 5_000)),
            edition=edition,
        )
        made.append(variant)
    return tuple(made)


@st.composite
def products(draw: st.DrawFn, product_id: int) -> Product:
    """A product that the API would take."""
    pictures = draw(st.lists(st.tuples(ADDRESS, st.just("") | TEXT), max_size=3, unique_by=lambda it: it[0]))
    made = row(
        product_id,
        title=draw(TEXT),
        status=draw(st.sampled_from(["published", "draft", "archived"])),
        base_price=draw(MONEY),
        currency=draw(st.sampled_from(["EUR", "USD"])),
        short_description=draw(st.none() | TEXT),
        long_description=draw(st.none() | TEXT),
        sku=draw(st.none() | TEXT.map(lambda text: f"P{product_id} {text}")),
        character_id=draw(st.none() | st.integers(1, 99)),
        cannot_be_withdrawn=draw(st.none() | st.booleans()),
        publish_at=draw(st.none() | st.just(MOMENT)),
        images=tuple(
            Image(product_id * 10 + index, product_id, key, text, index, MOMENT)
            for index, (key, text) in enumerate(pictures)
        ),
        variants=draw(variants(product_id)),
    )
    summaries = draw(st.lists(st.sampled_from(CATEGORY_LIST), unique=True))
    return replace(made, categories=tuple(it.summary for it in sorted(summaries, key=lambda it: it.id)))


CATEGORY_LIST = [Category(number, f"C {number}", f"c-{number}", MOMENT, MOMENT) for number in (1, 2)]


@contextmanager
def shop(name: str, *, having: list[Product]) -> Iterator[None]:
    """A shop of its own with two categories and these products."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DYNAMODB_TABLE_NAME", name)
        create_table()
        rows = [CATEGORIES.item(category) for category in CATEGORY_LIST]
        assert not batch_write([*rows, *(it for product in having for it in name_markers(product))]).failed
        store(having)
        try:
            yield
        finally:
            delete_table()


def bring_in(data: bytes) -> dict[str, int]:
    """Brings a file in; how many products it made, changed and left."""
    run = dry_run(data, ACTOR, utc_now())
    assert run.started is not None, run.plan.errors
    done = apply_import(run.started.id, ACTOR, utc_now())
    assert (done.state, done.refused) == ("done", ())
    return dict(done.counts)


@settings(max_examples=2)
@given(st.data())
def test_a_file_of_one_shop_makes_the_same_products_in_another(data: st.DataObject) -> None:
    both_ways(data, "utf-8")


@pytest.mark.exhaustive
@settings(max_examples=40)
@given(st.data(), st.sampled_from(["utf-8", "utf-16"]))
def test_whatever_products_there_are_arrive_in_another_shop(data: st.DataObject, codec: str) -> None:
    both_ways(data, codec)


def both_ways(data: st.DataObject, codec: str) -> None:
    """Exports a shop, and brings the file into the same shop and twice into an empty one."""
    made = [data.draw(products(number)) for number in range(1, data.draw(st.integers(1, 3)) + 1)]
    with shop(f"First-{uuid4().hex}", having=made):
        text = whole_file(utc_now())
        assert bring_in(text.encode()) == {"created": 0, "changed": 0, "left": len(made)}
    with shop(f"Second-{uuid4().hex}", having=[]):
        file = text.encode() if codec == "utf-8" else text.removeprefix("\ufeff").encode(codec)
        assert bring_in(file) == {"created": len(made), "changed": 0, "left": 0}
        assert lasting(whole_file(utc_now())) == lasting(text)
        assert bring_in(file) == {"created": 0, "changed": 0, "left": len(made)}


def test_amounts_keep_their_value_through_a_spreadsheet_of_another_country() -> None:
    product = row(1, base_price=Decimal("1234.50"), variants=(_variant(Decimal("-2.25")),))
    with shop(f"First-{uuid4().hex}", having=[product]):
        text = whole_file(utc_now()).replace("1234.50", '"1.234,50"').replace("-2.25", '"-2,25"')
        assert bring_in(text.encode()) == {"created": 0, "changed": 0, "left": 1}


def _variant(adjustment: Decimal) -> Variant:
    return Variant(10, 1, "S", "One", {}, adjustment, 1, MOMENT, MOMENT)
