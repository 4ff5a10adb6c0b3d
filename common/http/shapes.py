"""Shapes of answers that several domains have; imported for the API's description and by tests alone.

An answer's shape is a type that says which fields its JSON has. Decimal is a JSON number that is exact; texts
of amounts are str. Fields that may be left out are NotRequired, those that may be null say None. Times are
texts in ISO 8601 UTC.
"""

from typing import NotRequired, TypedDict


class Message(TypedDict):
    """What was done, in a sentence."""

    message: str


class Continued(TypedDict):
    """A part of a list; where more follow, with the cursor of what comes behind it."""

    lastEvaluatedKey: NotRequired[str]


class Page(Continued):
    """A part of a list that has pages; `total` counts all of it."""

    total: int
    page: int
    per_page: int


class UploadAddress(TypedDict):
    """Where a browser may PUT one picture for `expires_in` seconds, and its URL after that."""

    upload_url: str
    cdn_url: str
    key: str
    expires_in: int
