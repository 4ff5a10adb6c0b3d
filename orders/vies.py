"""VIES, the European Commission's service that knows which VAT numbers are valid.

https://ec.europa.eu/taxation_customs/vies/#/technical-information: `POST check-vat-number`. It asks the
member state of the number, each of which has hours in which it does not answer.
"""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from common import config
from common.errors import InvalidInput, NotSetUp, Unavailable

SECONDS = 10
# Names and addresses are short; what is longer is no answer of it.
MOST_BYTES = 64 * 1024

_NOT_ASKED = "VIES is not asked in this shop"
# It hides names that a member state does not tell behind dashes.
_UNTOLD = {"", "---"}


def validity_of(number: str) -> tuple[bool, str | None]:
    """Whether a number in the form that is stored is valid, and whose it is where the member state tells.

    NotSetUp unless `VIES` is on, InvalidInput for a number that VIES cannot look up, Unavailable while it
    does not know.
    """
    if not config.asks_vies():
        raise NotSetUp(_NOT_ASKED, reason="VIES is not set to on")
    answer = _posted("check-vat-number", {"countryCode": number[:2], "vatNumber": number[2:]})
    valid = answer.get("valid")
    if not isinstance(valid, bool):
        raise _refused(answer)
    name = str(answer.get("name") or "").strip()
    return valid, None if name in _UNTOLD else name[:200]


def _posted(path: str, body: dict[str, str]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = Request(f"{config.vies_url()}/{path}", json.dumps(body).encode(), headers, method="POST")  # noqa: S310
    try:
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310 - the operator's own setting
            text = response.read(MOST_BYTES)
    except HTTPError as error:
        with error:
            text = error.read(MOST_BYTES)
    except (URLError, OSError, HTTPException) as error:
        raise Unavailable("VIES cannot be reached", 60) from error
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise Unavailable("VIES gave no answer that can be read", 60) from error
    return answer if isinstance(answer, dict) else {}


def _refused(answer: dict[str, Any]) -> Exception:
    wrappers = answer.get("errorWrappers")
    errors = [it for it in wrappers if isinstance(it, dict)] if isinstance(wrappers, list) else []
    word = str(errors[0].get("error", "")) if errors else ""
    if word == "INVALID_INPUT":
        return InvalidInput.of_field("number", "cannot be looked up by VIES")
    # MS_UNAVAILABLE, MS_MAX_CONCURRENT_REQ, TIMEOUT, SERVICE_UNAVAILABLE and the like.
    return Unavailable(f"VIES does not know at the moment ({word[:40] or 'no reason given'})", 300)
