"""The routes of the catalogue."""

from catalog.routes import (
    admin_categories,
    admin_creators,
    admin_products,
    categories,
    creator_pages,
    creator_products,
    creators,
    discovery,
    images,
    inventory,
    moderation,
    product_files,
    products,
    shop,
    suggestions,
    variants,
)
from common.http import Routes

routes = Routes("catalog")
for part in (
    products,
    suggestions,
    discovery,
    variants,
    images,
    categories,
    admin_products,
    admin_categories,
    inventory,
    shop,
    creators,
    admin_creators,
    creator_products,
    creator_pages,
    moderation,
    product_files,
):
    routes.include(part.routes)
