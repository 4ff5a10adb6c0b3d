"""What administrators may send about mails."""

from common.http.fields import Text
from common.http.validation import Schema


class LiftedAddress(Schema):
    """An address that is to be written to again."""

    email = Text(255, shortest=1, required=True)
