"""Where the storefront shows a product, and where what is shown there lies."""

from urllib.parse import quote

from common import config
from common.errors import NotFound
from common.media import urls_for
from common.repositories.products import Product


def storefront() -> str:
    """The storefront's address without a slash behind; NotFound (404) where the shop is told of none."""
    url = config.storefront_url()
    if not url:
        raise NotFound("The shop does not know its storefront: STOREFRONT_URL is not set")
    return url


def product_page(slug: str) -> str:
    """The address of a product's page; empty where the shop is told of no storefront."""
    url = config.storefront_url()
    return f"{url}{config.storefront_product_path().replace('{slug}', quote(slug, safe=''))}" if url else ""


def pictures(product: Product) -> list[str]:
    """The absolute addresses of a product's pictures, in their order.

    They lie below the storefront where the API itself names paths alone.
    """
    urls = urls_for([image.key for image in product.images]) if product.images else []
    return [f"{config.storefront_url()}{url}" if url.startswith("/") else url for url in urls if url]
