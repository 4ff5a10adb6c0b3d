"""What administrators may send about accounts."""

from common.http.fields import Flag, Text
from common.http.validation import Schema

_LONGEST = 255
_LONGEST_PASSWORD = 1024


class NewAccount(Schema):
    """Somebody who may sign in from now on; who has no password gets one, or a mail to choose it."""

    email = Text(_LONGEST, shortest=1, required=True)
    username = Text(_LONGEST, shortest=1, required=True)
    given_name = Text(100, data_key="givenName", allow_none=True)
    family_name = Text(100, data_key="familyName", allow_none=True)
    password = Text(_LONGEST_PASSWORD, strip=False, allow_none=True)
    send_email = Flag(data_key="sendEmail", allow_none=True)
    role = Text(20, allow_none=True)


class AllowedAccount(Schema):
    """What an account may do from now on, and whether it may sign in."""

    role = Text(20, shortest=1, allow_none=True)
    enabled = Flag(allow_none=True)


class NewPassword(Schema):
    """Another password; without one a token is issued by which it is chosen.

    `temporary` is known from elsewhere and changes nothing.
    """

    password = Text(_LONGEST_PASSWORD, strip=False, allow_none=True)
    temporary = Flag(allow_none=True)
    send_email = Flag(data_key="sendEmail", allow_none=True)
