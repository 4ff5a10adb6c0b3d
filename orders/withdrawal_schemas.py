"""What the pages of withdrawals send, and what administrators say of one."""

from typing import Any, ClassVar

from marshmallow import pre_load

from common.http.fields import Choice, Text, WholeNumber
from common.http.validation import Schema

MOST_WITHDRAWALS = 9999
_LINE = "pieces-"


class FoundOrder(Schema):
    """An order by its number and its buyer's e-mail address."""

    order_number = Text(60, load_default="")
    email = Text(254, load_default="")


class StatementForm(Schema):
    """A statement of withdrawal: first what it is to say (`state`), then that it is meant (`confirm`).

    `pieces` is how many of which line, as `1:2 3:1`; a form's fields `pieces-1` and `pieces-3` are read as
    that. `number` is that of the withdrawal which it is to be.
    """

    step = Choice("state", "confirm", required=True)
    number = WholeNumber(minimum=1, maximum=MOST_WITHDRAWALS, required=True)
    name = Text(200, load_default="")
    pieces = Text(2000, load_default="")

    @pre_load
    def _one_text(self, data: Any, **_: Any) -> Any:
        named = {name.removeprefix(_LINE): text for name, text in data.items() if name.startswith(_LINE)}
        return (
            data | {"pieces": " ".join(f"{line}:{count}" for line, count in named.items())} if named else data
        )


class WithdrawalDecision(Schema):
    """What the shop says of a withdrawal: that the goods have come, or why it refuses."""

    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    status = Choice("received", "refused", required=True)
    reason = Text(500, allow_none=True)
