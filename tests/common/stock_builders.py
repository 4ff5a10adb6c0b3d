"""Stock to test with: a variant with a SKU that is found by it, and what the books say."""

from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.repositories.product_writes import add_product
from common.repositories.products import Product, product_by_id
from common.repositories.stock_movements import Movement, movements_of_sku, movements_of_variant
from common.stock_levels import current_stock
from tests.orders.cart_builders import on_sale

NOW = utc_now()
SKU = "V-1-0"
"""The SKU of the one variant, 10, of product 1."""


def on_shelf(stock: int, product_id: int = 1) -> Product:
    """Puts a product with one variant up for sale, with all that belongs to it."""
    product = on_sale(product_id, stock=stock)
    with UnitOfWork() as work:
        add_product(work, product)
    return product


def physical(sku: str = SKU) -> int:
    """The pieces of a SKU."""
    return current_stock([sku])[sku].physical


def stock_of_variant(product_id: int = 1) -> int:
    """The stock of a product's first variant, as the shop shows it."""
    product = product_by_id(product_id)
    assert product is not None
    return product.variants[0].stock


def booked(sku: str = SKU) -> list[Movement]:
    """What the books say of a SKU, whoever counts it."""
    stock = current_stock([sku])[sku]
    return movements_of_sku(sku) if stock.variant_id is None else movements_of_variant(stock.variant_id)
