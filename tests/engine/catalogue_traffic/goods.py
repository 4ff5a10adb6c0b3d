"""The products that processes act on, and who does what to which of them."""

from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from common.dynamodb import UnitOfWork, batch_write, raise_counter
from common.repositories.categories import CATEGORIES, Category
from common.repositories.product_writes import add_product
from common.repositories.products import APPROVED, CategorySummary, Product, Variant
from tests.catalog.builders import row
from tests.catalog.work_builders import add_creator
from tests.engine.catalogue_traffic.timeline import Good, State

COUNT = 60
# In every title, so that one search finds all.
COMMON = "processi"
CATEGORY_NAMES = ("prints", "originals")
# Whose works are approved and rejected one by one, and whose are withheld all together.
JUDGED, BANNED = "judged", "banned"
NEVER_USED_UP = 1_000_000


@dataclass(frozen=True, slots=True)
class Shares:
    """How many processes of each kind there are: writers, buyers, one who bans, and readers."""

    writers: int
    buyers: int
    bans: int
    readers: int


def shares_of(processes: int) -> Shares:
    """Two fifths of the processes write, one in six buys, one bans, and the others read."""
    writers, buyers = max(1, processes * 2 // 5), max(1, processes // 6)
    return Shares(writers, buyers, 1, max(1, processes - writers - buyers - 1))


def good_of(number: int) -> Good:
    """The product with this number: two of five are works, and one of three is sold by others.

    No number of writers leaves one of them without a kind of product.
    """
    creator = {0: JUDGED, 1: BANNED}.get(number % 5)
    return Good(number, word_of(number), CATEGORY_NAMES[number % 2], creator, sold=number % 9 % 4 == 0)


def word_of(number: int) -> str:
    """A word that is like no other's by a slip of the pen."""
    return "x" + sha256(str(number).encode()).hexdigest()[:11]


def title_of(word: str, state: State) -> str:
    """A title that tells the revision."""
    return f"{word} {COMMON} r{state.revision}"


def stock_goods() -> dict[int, Good]:
    """Writes all products, categories and creators; answers the products by id."""
    goods = {number: good_of(number) for number in range(1, COUNT + 1)}
    for creator in (JUDGED, BANNED):
        add_creator(creator, slug=creator)
    for number, name in enumerate(CATEGORY_NAMES, 1):
        moment = row(1).created_at
        batch_write([CATEGORIES.item(Category(number, name, name, moment, moment))])
    for good in goods.values():
        with UnitOfWork() as work:
            add_product(work, _product(good))
    raise_counter("PRODUCT_ID", COUNT)
    return goods


def _product(good: Good) -> Product:
    state, moment = State(), row(good.id).created_at
    category = CATEGORY_NAMES.index(good.category) + 1
    work: dict[str, Any] = {"creator_id": good.creator, "moderation_status": APPROVED} if good.creator else {}
    variant = Variant(
        id=good.id * 10,
        product_id=good.id,
        sku=f"T-{good.id}",
        name="Small",
        attributes={},
        price_adjustment=Decimal(0),
        stock=NEVER_USED_UP if good.sold else state.stock,
        created_at=moment,
        updated_at=moment,
    )
    return replace(
        row(good.id),
        title=title_of(good.word, state),
        short_description="A print on cotton paper",
        base_price=Decimal(10 + good.id % 7),
        variants=(variant,),
        categories=(CategorySummary(category, good.category, good.category),),
        **work,
    )
