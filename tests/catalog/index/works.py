"""Products of all kinds, of the shop and of creators, as the rows that writing and deleting leave."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from catalog.product_filters import Filters
from common.dynamodb import Item
from common.repositories.catalogue_changes import mark_keys
from common.repositories.products import STATUSES, CategorySummary, Product, Variant, listing_item
from tests.catalog.builders import row

PRINTS, SHIRTS = CategorySummary(1, "Prints", "prints"), CategorySummary(2, "T-shirts", "t-shirts")
TITLES = ("Ink città", "INK Notte", "Èra", "era", "Straße", "x" * 210 + "a", "x" * 210 + "b")
MOST_WORKS = 12
# When products become public, or are not public any more.
MOMENTS = ("2026-06-01T00:00:00.000Z", "2026-06-02T09:00:00.000Z")
AFTER = "2026-05-01T00:00:00.000Z"


def _stocked(product_id: int, counts: Iterable[int]) -> tuple[Variant, ...]:
    return tuple(
        Variant(product_id * 10 + n, product_id, f"S{product_id}-{n}", "S", {}, Decimal(0), count, "t", "t")
        for n, count in enumerate(counts)
    )


@st.composite
def works(draw: st.DrawFn) -> Product:
    """A product of the shop or of a creator, one of few, so that changes meet the same ones."""
    number = draw(st.integers(1, MOST_WORKS))
    moderation = draw(st.sampled_from([None, None, "approved", "pending", "rejected"]))
    made = row(
        number,
        title=draw(st.sampled_from(TITLES)),
        status=draw(st.sampled_from(STATUSES)),
        base_price=Decimal(draw(st.sampled_from(["0", "3.5", "3.50", "12", "100"]))),
        character_id=draw(st.sampled_from([None, 3, 7])),
        character_value=draw(st.sampled_from([None, "", "Giullare", "GIULLARE", "3", "Èra"])),
        categories=draw(st.sampled_from([(), (PRINTS,), (SHIRTS,), (PRINTS, SHIRTS)])),
        variants=_stocked(number, draw(st.sampled_from([(), (0,), (0, 2), (5,)]))),
        created_at=f"2026-01-0{draw(st.integers(1, 3))}T00:00:00.000Z",
        deleted_at=draw(st.sampled_from([None, None, None, AFTER])),
        publish_at=draw(st.sampled_from([None, None, *MOMENTS])),
        unpublish_at=draw(st.sampled_from([None, None, *MOMENTS])),
    )
    if moderation is None:
        return made
    return replace(
        made,
        creator_id=draw(st.sampled_from(["anna", "bruno"])),
        moderation_status=moderation,
        withheld=draw(st.sampled_from([None, None, True])),
    )


def marked_row(product: Product, change: int) -> Item:
    """The listing row of a product as the change of this number left it."""
    return listing_item(product) | mark_keys(f"2026-02-01T00:00:00.000Z#{change:012x}")


FILTERS = st.builds(
    Filters,
    statuses=st.sampled_from([*((status,) for status in STATUSES), STATUSES, ()]),
    sees_held_back=st.booleans(),
    creator=st.sampled_from([None, None, "anna", "nobody"]),
    title=st.sampled_from(["", "", "ink", "ERA", "x" * 205, "xa"]),
    category=st.sampled_from([None, None, "prints", "2", "none"]),
    character=st.sampled_from([None, None, "3", "giullare", "era", "\u0301"]),
    min_price=st.sampled_from([None, None, Decimal("3.5"), Decimal("Infinity"), Decimal(-1)]),
    max_price=st.sampled_from([None, None, Decimal("3.50"), Decimal(50), Decimal(-1)]),
    in_stock=st.sampled_from([None, None, True, False]),
    sort_by=st.sampled_from(["created_at", "base_price", "title", "id"]),
    descending=st.booleans(),
    at=st.sampled_from(["", *MOMENTS, "2026-06-02T08:59:59.999Z", "2027-01-01T00:00:00.000Z"]),
)
