"""What the routes of the marketplace's products share: reading ids and choices, and what they answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from catalog.marketplace_lists import creator_names
from catalog.marketplace_products import marketplace_json
from common.errors import InvalidInput
from common.http import Request
from common.http.path_ids import path_id
from common.repositories.products import MODERATION_STATUSES, Product


@contextmanager
def invalid_request() -> Iterator[None]:
    """What is refused within the block is called INVALID_REQUEST, and not an error of a form's field."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(error.message) from error


def product_id(request: Request) -> int:
    """The product's id in the path; InvalidInput for what is none."""
    with invalid_request():
        return path_id(request, "product", "Product")


def named(request: Request, name: str, choices: Sequence[str]) -> str:
    """A parameter that is one of a few words, empty where it is not given; else InvalidInput."""
    text = request.choice(name)
    if text and text not in choices:
        raise InvalidInput(f"{name} must be one of {', '.join(choices)}")
    return text


def moderation_status(request: Request) -> str:
    """The moderation status that a list is narrowed to, empty where none is given."""
    return named(request, "status", MODERATION_STATUSES)


def one(product: Product) -> dict[str, Any]:
    """The answer that holds one product."""
    return {"product": marketplace_json(product)}


def with_names(products: Sequence[Product]) -> list[dict[str, Any]]:
    """Products, each with the name of its creator."""
    names = creator_names(products)
    return [
        marketplace_json(product)
        | ({"creatorName": names[product.creator_id]} if product.creator_id in names else {})
        for product in products
    ]
