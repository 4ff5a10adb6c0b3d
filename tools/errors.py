"""The one error that tools end on, and how the engine's errors become it."""

from collections.abc import Iterator
from contextlib import contextmanager


class ToolError(Exception):
    """A tool cannot do what it was asked; the text is for the person at the terminal, without a trace."""


class Interrupted(ToolError):
    """What a tool works with went away in the middle; the same may be asked again when it is back."""


@contextmanager
def engine_errors() -> Iterator[None]:
    """Within the block, what the engine refuses is a ToolError that names the engine.

    It is Interrupted where the engine does not answer, or is too busy to.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    from common.dynamodb import get_client
    from common.dynamodb.patience import is_passing
    from common.errors import ShopError

    try:
        yield
    except (BotoCoreError, ClientError, ShopError) as error:
        endpoint = get_client().meta.endpoint_url
        kind = Interrupted if is_passing(error) else ToolError
        raise kind(f"The engine at {endpoint} did not do it: {error}") from error
