"""The routes of the sync with the channels."""

from common.http import Routes
from etsy_sync.routes import (
    alerts,
    amazon_admin,
    etsy_admin,
    etsy_connection,
    shopify_admin,
    stock,
    stock_events,
    webhooks,
)

routes = Routes("etsy_sync")
for part in (stock, stock_events, alerts, etsy_admin, etsy_connection, shopify_admin, amazon_admin, webhooks):
    routes.include(part.routes)
