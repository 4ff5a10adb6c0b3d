"""Request bodies: JSON and urlencoded forms, refused early where they could not be stored exactly."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl

from common.errors import InvalidInput, PayloadTooLarge, UnsupportedMediaType

# A product with 50,000 characters of description takes a tenth of this.
MAX_JSON_BYTES = 1024 * 1024

MAX_DEPTH = 24
MAX_FORM_FIELDS = 500

# Names included; the largest product with everything below it has a few hundred.
MAX_VALUES = 20_000

# DynamoDB's numbers: 38 significant digits, from 1E-130 to below 1E+126.
MAX_DIGITS = 38
SMALLEST_EXPONENT, LARGEST_EXPONENT = -130, 125

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PLAIN = "text/plain"
MULTIPART = "multipart/form-data"

_MALFORMED = "Invalid JSON in request body"


class _Unusable:
    """Stands for a number that cannot be kept until the place where it was found is known."""

    def __init__(self, complaint: str) -> None:
        self.complaint = complaint


def read_payload(body: bytes, content_type: str, *, required: bool = True) -> dict[str, Any]:
    """The fields of a JSON object or urlencoded form.

    An empty body gives {} or, where `required`, InvalidInput.
    """
    if not body.strip():
        if required:
            raise InvalidInput("Request body is required")
        return {}
    if media_type(content_type) == FORM:
        return dict(read_form(body))
    payload = read_json(body, content_type)
    if not isinstance(payload, dict):
        raise InvalidInput("Request body must be a JSON object")
    return payload


def read_json(body: bytes, content_type: str = "", *, max_values: int = MAX_VALUES) -> Any:
    """JSON with int for whole numbers and Decimal for others; the last of two equal names wins.

    InvalidInput names the field that holds NaN, a number beyond what DynamoDB stores, a NUL character or
    a lone surrogate. A missing content type is taken for JSON.
    """
    kind = media_type(content_type)
    if kind and kind != JSON and not kind.endswith("+json"):
        raise UnsupportedMediaType("Content-Type must be application/json")
    text = _decoded(body)
    if not text.strip():
        raise InvalidInput("Request body is required")
    try:
        value = json.loads(text, parse_int=_integer, parse_float=_decimal, parse_constant=_constant)
    except ValueError as error:
        raise InvalidInput(_MALFORMED) from error
    except RecursionError as error:
        raise InvalidInput("Request body is nested too deeply") from error
    refuse_unstorable(value, max_values)
    return value


def read_form(body: bytes) -> dict[str, str]:
    """A urlencoded form; the last of two equal names wins."""
    text = _decoded(body)
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS)
    except ValueError as error:
        raise InvalidInput("Invalid form in request body") from error
    fields = dict(pairs)
    refuse_unstorable(fields)
    return fields


def refuse_unstorable(value: Any, max_values: int = MAX_VALUES) -> None:
    """InvalidInput for the first text or number in `value` that could not be kept exactly."""
    # A list of what is still to be seen instead of recursion: depth is the attacker's choice.
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    seen = 0
    while waiting:
        path, current, depth = waiting.pop()
        _check_value(path, current)
        children = _children(current)
        seen += len(children)
        if depth > MAX_DEPTH:
            raise InvalidInput("Request body is nested too deeply")
        if seen > max_values:
            raise InvalidInput(f"Request body has more than {max_values} values")
        waiting.extend((f"{path}.{name}" if path else name, inner, depth + 1) for name, inner in children)


def media_type(content_type: str) -> str:
    """The type without its parameters, in lower case: `application/json`."""
    return content_type.partition(";")[0].strip().lower()


def _decoded(body: bytes) -> str:
    if len(body) > MAX_JSON_BYTES:
        raise PayloadTooLarge(f"Request body must be at most {MAX_JSON_BYTES // 1024} KB")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("Request body is not valid UTF-8") from error


def _integer(text: str) -> int | _Unusable:
    if len(text.lstrip("-")) > MAX_DIGITS:
        return _Unusable(f"must have at most {MAX_DIGITS} digits")
    return int(text)


def _decimal(text: str) -> Decimal | _Unusable:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _Unusable("is a number out of range")
    if not number:
        return Decimal(0)
    if len(number.as_tuple().digits) > MAX_DIGITS:
        return _Unusable(f"must have at most {MAX_DIGITS} digits")
    if not SMALLEST_EXPONENT <= number.adjusted() <= LARGEST_EXPONENT:
        return _Unusable("is a number out of range")
    return number


def _constant(name: str) -> _Unusable:
    return _Unusable(f"must be a number, not {name}")


def _children(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return [(str(i), inner) for i, inner in enumerate(value)] if isinstance(value, list) else []


def _check_value(path: str, value: Any) -> None:
    complaint = ""
    if isinstance(value, dict):
        complaint = text_complaint("".join(value))
        path = f"{path}.(name)".lstrip(".")
    elif isinstance(value, str):
        complaint = text_complaint(value)
    elif isinstance(value, _Unusable):
        complaint = value.complaint
    if complaint:
        raise InvalidInput.of_field(path or "body", complaint)


def text_complaint(text: str) -> str:
    """What makes `text` unfit for storage, as in `must not contain NUL characters`; empty when nothing."""
    if "\x00" in text:
        return "must not contain NUL characters"
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return "must not contain lone surrogates"
    return ""
