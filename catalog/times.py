"""The times of a product: from when on and until when it is public."""

from common.errors import InvalidInput
from common.repositories.products import Product


def refuse_no_time_between(before: Product | None, after: Product) -> None:
    """Raises InvalidInput where a product would never be public, unless both times are as they were."""
    since, until = after.publish_at, after.unpublish_at
    if before is not None and (since, until) == (before.publish_at, before.unpublish_at):
        return
    if since is not None and until is not None and until <= since:
        raise InvalidInput.of_field("unpublish_at", "must be later than publish_at")
