"""How large an answer may be: Lambda hands on at most 6 MB, and API Gateway makes a 502 of more."""

import json

# The quota of a synchronous answer (AWS Lambda, "Invocation payload") as Lambda applies it, in bytes.
LAMBDA_BYTES = 6_291_556

# The answer is a JSON document with status, headers and cookies, in which the body is one text.
ENVELOPE_BYTES = 16 * 1024
BODY_BYTES = LAMBDA_BYTES - ENVELOPE_BYTES

# A quote or backslash takes two bytes inside that text; a character beyond the first 65,536 takes twelve,
# because Lambda's runtime writes \uXXXX for whatever is not printable ASCII (up to Python 3.11; later ones
# less). Of ASCII that is the one control character that JSON leaves as it is.
_MOST_OF_ASCII, _MOST = 2, 12
_DELETE = "\x7f"


def sent_bytes(body: str) -> int:
    """How many bytes a body takes in the document that Lambda hands on, its two quotes included."""
    return len(json.dumps(body))


def most_bytes(body: str) -> int:
    """How many bytes a body takes at the most, without measuring it."""
    is_plain = body.isascii() and _DELETE not in body
    return len(body) * (_MOST_OF_ASCII if is_plain else _MOST) + 2


def fits(body: str) -> bool:
    """Whether a body can be sent; only one that is nearly too large is measured."""
    return most_bytes(body) <= BODY_BYTES or sent_bytes(body) <= BODY_BYTES


def room_beside(body: str) -> int:
    """How many bytes are left beside a body."""
    return BODY_BYTES - sent_bytes(body)
