"""The shapes of what is answered about visitors."""

from typing import Literal, TypedDict


class Recorded(TypedDict):
    """That an event was stored."""

    success: Literal[True]
    eventId: str
