"""The works, listings and links that the measurements of the channels find."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from benchmarks.order_shop import write
from common.clock import iso
from common.dynamodb import Item
from common.dynamodb.unique import marker_item
from common.repositories.product_writes import variant_pointer_item
from common.repositories.products import PUBLISHED, Product, Variant, document_item, listing_item
from etsy_sync.repositories.channel_links import LINKS, SYNCED, ChannelLink
from tests.etsy_sync.machine_world import World

OPENING = 5


def sku_of(work: int) -> str:
    """The SKU of a work's only variant."""
    return f"PRT-{work:05d}"


def fill(world: World, works: Sequence[int], channels: Sequence[str], *, are_linked: bool = True) -> None:
    """Works with one variant each, the same pieces on channels, and links that say that all were told.

    RuntimeError when a row could not be written.
    """
    write(row for work in works for row in _rows(work, OPENING, iso(world.clock.now)))
    targets = {channel: _put_up(world, channel, works) for channel in channels}
    if are_linked:
        links = (
            _link(work, channel, target, iso(world.clock.now))
            for channel, found in targets.items()
            for work, target in zip(works, found, strict=True)
        )
        write(LINKS.item(link) for link in links)


def change_stock(world: World, works: Iterable[int], pieces: int) -> None:
    """So many pieces of these works are there now; nobody is told."""
    write(listing_item(_work(work, pieces, iso(world.clock.now))) for work in works)


def _put_up(world: World, channel: str, works: Sequence[int]) -> list[str]:
    """Lists works on a channel's fake; the target of each."""
    fakes = world.fakes
    if channel == "etsy":
        return [str(fakes.etsy.create_listing(f"Work {work}", {sku_of(work): OPENING})) for work in works]
    if channel == "amazon":
        for work in works:
            fakes.amazon.create_listing(sku_of(work), OPENING)
        return [sku_of(work) for work in works]
    rows = [{"sku": sku_of(work), "available": OPENING} for work in works]
    made = fakes.shopify.create_product("Works", rows)
    # What nobody waits for: the webhooks of these edits.
    fakes.shopify.drop()
    return [str(each["inventory_item_id"]) for each in made]


def _rows(work: int, pieces: int, moment: str) -> Iterator[Item]:
    product = _work(work, pieces, moment)
    [variant] = product.variants
    yield document_item(product)
    yield listing_item(product)
    yield variant_pointer_item(variant)
    yield marker_item("VARIANT_SKU", sku_of(work), f"VARIANT#{variant.id}")


def _work(work: int, pieces: int, moment: str) -> Product:
    variant = Variant(
        id=work * 10,
        product_id=work,
        sku=sku_of(work),
        name="A4",
        attributes={"size": "21 x 29.7 cm", "paper": "cotton"},
        price_adjustment=Decimal(0),
        stock=pieces,
        created_at=moment,
        updated_at=moment,
    )
    return Product(
        id=work,
        slug=f"work-{work}",
        title=f"Work {work}",
        base_price=Decimal("25.00"),
        currency="EUR",
        status=PUBLISHED,
        created_at=moment,
        updated_at=moment,
        short_description="s" * 80,
        long_description="l" * 400,
        variants=(variant,),
    )


def _link(work: int, channel: str, target: str, moment: str) -> ChannelLink:
    return ChannelLink(
        sku=sku_of(work),
        channel=channel,
        target=target,
        product_id=work,
        variant_id=work * 10,
        base=OPENING,
        sync_status=SYNCED,
        written_at="2026-01-01T09:00:00.000Z",
        last_synced_at=moment,
        created_at=moment,
        updated_at=moment,
    )
