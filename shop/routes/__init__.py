"""The routes of the shop domain."""

from common.http import Routes
from shop.routes import audit, health, notifications, sign_in, stats

routes = Routes("shop")
for part in (sign_in, health, stats, audit, notifications):
    routes.include(part.routes)
