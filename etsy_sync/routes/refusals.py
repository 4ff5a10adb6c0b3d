"""What channels and settings refuse, as answers that say what is missing or wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from common.config import ConfigurationError
from common.encryption import Unsealable
from common.errors import Conflict, ShopError, Unavailable
from common.http import Handler, Request
from etsy_sync.adapters.interface import AuthExpired, ChannelError, NotConfigured, RateLimited, Rejected


class ChannelRefused(ShopError):
    """A channel refused what it was asked; the text says why."""

    status = 502


def answering_for_channels(handler: Handler) -> Handler:
    """The handler, errors of channels and settings answered by their texts; stands below the route's
    decorator, on routes of administrators, who may read the names of settings.
    """

    @wraps(handler)
    def answer(request: Request) -> Any:
        with channel_answers():
            return handler(request)

    return answer


@contextmanager
def channel_answers() -> Iterator[None]:
    """Runs its block; what a channel or a setting refuses in it becomes a ShopError."""
    try:
        yield
    except ChannelError as error:
        raise as_answer(error) from error
    except (ConfigurationError, Unsealable) as error:
        raise Unavailable(str(error)) from error


def as_answer(error: ChannelError) -> ShopError:
    """503 for what is not configured or may pass, 409 without the owner's consent, 502 for a refusal."""
    if isinstance(error, AuthExpired):
        return Conflict(str(error))
    if isinstance(error, RateLimited):
        return Unavailable(str(error), retry_after=error.retry_after)
    if isinstance(error, Rejected):
        return ChannelRefused(str(error))
    # NotConfigured names the missing settings; Transient and Stale may pass.
    return Unavailable(str(error), retry_after=60 if isinstance(error, NotConfigured) else 5)
