"""The lines that lead the storefront to a deployed stage."""

from collections.abc import Iterable

# Which variable is asked for what the domain answers, where each domain has a stage of its own.
VARIABLES = {
    "orders": ("NEXT_PUBLIC_CART_API_URL", "NEXT_PUBLIC_ORDER_API_URL", "NEXT_PUBLIC_DISCOUNT_API_URL"),
    "content": ("NEXT_PUBLIC_CONTENT_API_URL",),
    "shop": ("NEXT_PUBLIC_NOTIFICATION_API_URL",),
}
EVERYTHING = ("catalog", "orders", "content", "shop")
WHOLE = ("NEXT_PUBLIC_API_URL", "NEXT_PUBLIC_PRODUCT_API_URL", "NEXT_PUBLIC_INTEGRATION_API_URL")


def storefront_lines(domains: Iterable[str], url: str) -> list[str]:
    """`NAME=URL` lines for a storefront that is to use this stage for all that it answers.

    The product URL has to answer for every domain, so a stage of one domain is not named there.
    """
    served = set(domains)
    own = [name for domain, names in VARIABLES.items() if domain in served for name in names]
    names = [*WHOLE, *own] if served.issuperset(EVERYTHING) else own
    return [f"{name}={url}" for name in names] or [
        "(nothing: the storefront asks the stage that serves everything)"
    ]
