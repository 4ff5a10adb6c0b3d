"""The routes of the sync with the channels."""

from common.http import Routes
from etsy_sync.routes import alerts, stock, stock_events

routes = Routes("etsy_sync")
for part in (stock, stock_events, alerts):
    routes.include(part.routes)
