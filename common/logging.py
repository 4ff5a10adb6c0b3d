"""Structured JSON log lines on standard output; never personal data."""

import logging
import sys
import traceback
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

from common import config

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

# A recursion error has a thousand frames; its ends tell the story.
FRAMES_KEPT = 12


class _StandardOutput(logging.StreamHandler[TextIO]):
    """Writes to whatever sys.stdout is when the line is written, not when the logger was built."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """The current standard output."""
        return sys.stdout

    @stream.setter
    def stream(self, value: TextIO) -> None:
        """Ignored: the stream is always the current one."""


@cache
def logger() -> "Logger":
    """The project's logger; fields are given as `extra={...}`. Service and level are settings."""
    from aws_lambda_powertools import Logger

    return Logger(
        service=config.service_name(),
        level=config.log_level(),
        logger_handler=_StandardOutput(),
        location="%(module)s.%(funcName)s:%(lineno)d",
        use_rfc3339=True,
    )


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Type, place and cause of an error as log fields, without its text.

    The text of an exception often quotes what a person typed; a ConfigurationError's is for the
    operator and is kept, and so is the code of an AWS error.
    """
    fields: dict[str, Any] = {"exception": type(error).__qualname__, "stack": _frames(error)}
    if isinstance(error, config.ConfigurationError):
        fields["reason"] = str(error)
    code = getattr(error, "response", None)
    if isinstance(code, dict):
        fields["reason"] = str(code.get("Error", {}).get("Code", ""))
    cause = error.__cause__ or error.__context__
    if cause is not None:
        fields["caused_by"] = type(cause).__qualname__
    return fields


def _frames(error: BaseException) -> list[str]:
    frames = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    if len(frames) > 2 * FRAMES_KEPT:
        frames = [*frames[:FRAMES_KEPT], "...", *frames[-FRAMES_KEPT:]]
    return frames
