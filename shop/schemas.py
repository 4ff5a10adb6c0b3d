"""What clients may send to the shop domain."""

from common.http.fields import Text
from common.http.validation import Schema


class Credentials(Schema):
    """A name and a password as they were typed."""

    username = Text(255, shortest=1, strip=False, required=True)
    password = Text(1024, shortest=1, strip=False, required=True)
