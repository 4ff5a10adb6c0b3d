"""The routes of the shop domain."""

from common.http import Routes
from shop.routes import analytics, audit, enterprises, health, notifications, sign_in, stats, studio

routes = Routes("shop")
for part in (sign_in, health, stats, audit, notifications, enterprises, analytics, studio):
    routes.include(part.routes)
