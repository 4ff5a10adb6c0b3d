"""The one error that tools end on, and how the engine's errors become it."""

from collections.abc import Iterator
from contextlib import contextmanager


class ToolError(Exception):
    """A tool cannot do what it was asked; the text is for the person at the terminal, without a trace."""


@contextmanager
def engine_errors(advice: str = "") -> Iterator[None]:
    """Within the block, what the engine refuses or does not answer is a ToolError that names the engine.

    `advice` is a sentence on what to do then.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    from common.dynamodb import get_client
    from common.errors import ShopError

    try:
        yield
    except (BotoCoreError, ClientError, ShopError) as error:
        endpoint = get_client().meta.endpoint_url
        sentences = [f"The engine at {endpoint} did not do it: {error}", advice]
        raise ToolError(" ".join(filter(None, sentences))) from error
