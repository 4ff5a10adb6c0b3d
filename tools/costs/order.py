"""What one order costs by itself, nothing of it free: with mail, papers and all the rest, and without."""

from dataclasses import dataclass
from decimal import Decimal

from tools.costs.prices import Prices
from tools.costs.traffic import (
    LOOKS_AT_PAPER,
    MAILS_OF_BUYER,
    MAILS_OF_ORDER,
    PAPERS_OF_ORDER,
    PLAIN_ORDER,
    SECONDS_OF_CALL,
    SECONDS_OF_JOB,
    calls_of_order,
    units_of_order,
    units_of_plain_order,
)

# An announcement is sent, received and removed.
_REQUESTS_OF_MAIL = Decimal(3)


@dataclass(frozen=True)
class OrderLine:
    """So much of what is billed by the price `name` for one order: `plain` in a shop that has nothing but
    orders, `full` in one that writes to its buyers and issues papers. `usd` is the price of one.
    """

    name: str
    what: str
    plain: Decimal
    full: Decimal
    usd: Decimal


def order_lines(products: int, memory_mb: int, prices: Prices) -> list[OrderLine]:
    """The lines of one order of three lines, of so many products and with functions of so much memory.

    Requests to an API are left out, which a function URL does not bill.
    """
    full, plain = units_of_order(products), units_of_plain_order(products)
    calls = sum(PLAIN_ORDER.values(), Decimal(0)), calls_of_order()
    seconds = calls[0] * SECONDS_OF_CALL, calls[1] * SECONDS_OF_CALL + MAILS_OF_BUYER * SECONDS_OF_JOB
    mails = sum(MAILS_OF_ORDER.values(), Decimal(0))
    nothing = Decimal(0)
    quantities = {
        "read_requests": (plain.read, full.read),
        "write_requests": (plain.writes, full.writes),
        "lambda_requests": (calls[0], calls[1] + MAILS_OF_BUYER),
        "lambda_gb_seconds": (seconds[0] * memory_mb / 1024, seconds[1] * memory_mb / 1024),
        "queue_requests": (nothing, MAILS_OF_BUYER * _REQUESTS_OF_MAIL),
        "mails": (nothing, mails),
        "paper_writes": (nothing, PAPERS_OF_ORDER),
        "paper_reads": (nothing, PAPERS_OF_ORDER * LOOKS_AT_PAPER),
    }
    return [
        OrderLine(name, prices[name].what, *each, usd=prices[name].usd / prices[name].per)
        for name, each in quantities.items()
    ]
