"""The errors that rules raise, each with the HTTP status that it becomes.

ShopError
├── InvalidInput (400)
├── Unauthenticated (401)
├── Forbidden (403)
├── NotFound (404)
├── MethodNotAllowed (405)
├── Conflict (409)
├── Outdated (409)
├── PreconditionFailed (412)
├── PayloadTooLarge (413)
├── UnsupportedMediaType (415)
├── TooManyRequests (429)
├── AnswerTooLarge (500)
└── Unavailable (503)
    └── NotSetUp (503)
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class ShopError(Exception):
    """An expected failure with a text that may be shown to the caller.

    `details` are further JSON fields of the answer; `headers` are HTTP headers of the answer. `code` is what
    envelopes with codes say, where it does not follow from the status.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = dict(details or {})
        self.headers: dict[str, str] = dict(headers or {})


class InvalidInput(ShopError):
    """What the caller sent cannot be used; `fields` maps each field to its messages."""

    status = 400

    def __init__(self, message: str, *, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}
        super().__init__(message, details={"fields": self.fields} if self.fields else None)

    @classmethod
    def of_field(cls, field: str, message: str) -> "InvalidInput":
        """One field and what is wrong with it, as in `price must not be negative`."""
        return cls(f"{field} {message}", fields={field: [message]})


class Unauthenticated(ShopError):
    """The caller has not proved who they are."""

    status = 401


class Forbidden(ShopError):
    """The caller is known and may not do this."""

    status = 403


class NotFound(ShopError):
    """The thing does not exist, or not for this caller."""

    status = 404


class MethodNotAllowed(ShopError):
    """The path exists and does not answer this method."""

    status = 405


class Conflict(ShopError):
    """The state of the shop does not allow this now."""

    status = 409


class Outdated(ShopError):
    """The change was decided on what is no longer so; it is 409 for every client, unlike a Conflict."""

    status = 409

    def __init__(
        self, message: str = "This was changed after you looked at it: look again, then save"
    ) -> None:
        super().__init__(message)


class PreconditionFailed(ShopError):
    """What If-Match names is no longer what is there."""

    status = 412

    def __init__(self) -> None:
        super().__init__("This was changed after you looked at it: look again, then save")


class PayloadTooLarge(ShopError):
    """The body is larger than what is accepted."""

    status = 413


class UnsupportedMediaType(ShopError):
    """The body is in a format that this route does not read."""

    status = 415


class TooManyRequests(ShopError):
    """The caller has to wait; `retry_after` is in whole seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after)})
        self.retry_after = retry_after


class AnswerTooLarge(ShopError):
    """One thing that is larger than any answer can be; lists end before."""

    status = 500

    def __init__(self) -> None:
        super().__init__("The answer is larger than the 6 MB that can be sent")


class Unavailable(ShopError):
    """Something that the answer needs cannot be reached; `retry_after` is in whole seconds."""

    status = 503

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after)})


class NotSetUp(Unavailable):
    """What is asked for is not set up in this shop; `reason` says to the operator what is missing.

    Strangers may ask as often as they like, so it is no news to the log after the first time.
    """

    def __init__(self, message: str, retry_after: int = 60, *, reason: str = "") -> None:
        super().__init__(message, retry_after)
        self.reason = reason
