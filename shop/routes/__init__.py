"""The routes of the shop domain."""

from common.http import Routes
from shop.routes import (
    accounts,
    admin_users,
    analytics,
    audit,
    enterprises,
    health,
    mails,
    notifications,
    sign_in,
    stats,
    stock_movements,
    studio,
    users,
)

routes = Routes("shop")
for part in (
    sign_in,
    accounts,
    health,
    stats,
    stock_movements,
    audit,
    notifications,
    mails,
    enterprises,
    analytics,
    studio,
    users,
    admin_users,
):
    routes.include(part.routes)
