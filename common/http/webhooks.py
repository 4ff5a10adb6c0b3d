"""What webhooks of every sender have in common: their bodies are read alike, and their events have ids."""

from typing import Any

from common.errors import InvalidInput
from common.http.body import read_json

# Those of Stripe, Etsy and Shopify have 20 to 40 characters. Each becomes a key.
LONGEST_EVENT_ID = 255

# An order with hundreds of lines says much of each of them; the size of the body is limited besides.
MAX_VALUES = 200_000


def read_signed_json(raw_body: bytes) -> dict[str, Any]:
    """The JSON object in the body of a webhook whose signature holds, numbers exact.

    InvalidInput for what is no such object, nested too deeply or could not be stored. Sent again it would be
    the same, so it is never an error that asks for a repetition.
    """
    body = read_json(raw_body, max_values=MAX_VALUES)
    if not isinstance(body, dict):
        raise InvalidInput("The webhook is no JSON object")
    return body


def event_id(text: str) -> str:
    """An event's id; InvalidInput unless it has 1 to 255 printable characters of ASCII."""
    if not (0 < len(text) <= LONGEST_EVENT_ID and text.isascii() and text.isprintable()):
        raise InvalidInput(f"The event's id must have 1 to {LONGEST_EVENT_ID} printable characters")
    return text
