"""The routes of carts, discount codes, orders and payments."""

from common.http import Routes
from orders.routes import carts, discounts, orders, payments

routes = Routes("orders")
for part in (carts, discounts, orders, payments):
    routes.include(part.routes)
