"""The routes of the catalogue."""

from catalog.routes import admin_products, categories, images, products, variants
from common.http import Routes

routes = Routes("catalog")
for part in (products, variants, images, categories, admin_products):
    routes.include(part.routes)
