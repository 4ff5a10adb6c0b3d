"""What the artist may send about the numbers of an edition."""

from common.http.fields import Text, WholeNumber
from common.http.validation import Schema

LARGEST = 5_000


class ReasonSchema(Schema):
    """Why something becomes of a number; it stands in the edition's history, so it names nobody."""

    reason = Text(300, shortest=1, required=True)


class ExchangeSchema(ReasonSchema):
    """Which number of the same order came back instead."""

    returned = WholeNumber(minimum=1, maximum=LARGEST, required=True)


class GivenSchema(ReasonSchema):
    """A number or a proof that is given out by hand."""

    number = WholeNumber(minimum=1, maximum=LARGEST, required=True)


class OwedSchema(ReasonSchema):
    """What is owed, as the edition names it, and needs no number."""

    owed = Text(400, shortest=1, required=True)


class GivenNumberSchema(GivenSchema):
    """A number that is given out by hand, to a sale that has none where `owed` names it."""

    owed = Text(400, shortest=1, allow_none=True)
