"""What several routes of the sync read from a request in the same way."""

from common.errors import InvalidInput
from common.http import Request
from common.http.paging import Window, page_of, window


def sku_in_path(request: Request) -> str:
    """The SKU in the path, by the rule of those in bodies; InvalidInput."""
    from marshmallow import ValidationError

    from etsy_sync.fields import Sku

    try:
        return Sku().read(request.params["sku"])
    except ValidationError as error:
        raise InvalidInput(f"SKU: {error.messages[0]}") from error


def named(request: Request, name: str) -> str:
    """What the body names, or else the query; empty where neither does."""
    value: str | None = request.load()[name]
    return request.choice(name) if value is None else value


def one_of(request: Request, name: str, words: tuple[str, ...]) -> str | None:
    """A word of the query; None where it is not given, InvalidInput for another."""
    word = request.choice(name)
    if word and word not in words:
        raise InvalidInput.of_field(name, f"must be one of {', '.join(words)}")
    return word or None


def places_of(request: Request) -> tuple[Window, dict[str, int]]:
    """The places that are asked for, and the fields that the answer repeats of it."""
    page, per_page = numbers = page_of(request)
    return window(request, numbers), {"page": page, "per_page": per_page}
