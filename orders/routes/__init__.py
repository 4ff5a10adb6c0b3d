"""The routes of carts, discount codes, orders and payments."""

from common.http import Routes
from orders.routes import (
    carts,
    certificates,
    discounts,
    editions,
    order_export,
    orders,
    papers,
    payments,
    quotes,
    selling_terms,
    shop_cart,
    shop_checkout,
    tax_reports,
    vat_numbers,
    withdrawal_pages,
    withdrawals,
)

routes = Routes("orders")
for part in (
    carts,
    certificates,
    discounts,
    editions,
    order_export,
    orders,
    papers,
    payments,
    quotes,
    selling_terms,
    shop_cart,
    shop_checkout,
    tax_reports,
    vat_numbers,
    withdrawal_pages,
    withdrawals,
):
    routes.include(part.routes)
