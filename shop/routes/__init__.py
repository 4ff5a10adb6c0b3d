"""The routes of the shop domain."""

from common.http import Routes
from shop.routes import audit, enterprises, health, notifications, sign_in, stats

routes = Routes("shop")
for part in (sign_in, health, stats, audit, notifications, enterprises):
    routes.include(part.routes)
