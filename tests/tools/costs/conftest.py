"""Units that a hand can reckon with."""

from decimal import Decimal

import pytest

from tools.costs import traffic, units
from tools.costs.traffic import AT_WORK, MAILS_OF_ORDER, ORDER, PLAIN_ORDER, VISIT


@pytest.fixture
def round_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call of a visit reads 10 units of GSI2, each of an order reads 2 of the table and writes 30.

    A mail reads 4 and writes 5, and a call of an order without them writes 20.
    """
    fixed = {name: {"reads": {"GSI2": 10}, "writes": 0} for name in VISIT}
    fixed |= {name: {"reads": {"table": 2}, "writes": 30} for name in ORDER}
    fixed |= {name: {"reads": {"table": 2}, "writes": 20} for name in PLAIN_ORDER.keys() - ORDER.keys()}
    fixed |= {name: {"reads": {"table": 4}, "writes": 5} for name in MAILS_OF_ORDER}
    fixed |= {f"job {name}": {"reads": {}, "writes": 0} for name in AT_WORK}
    fixed |= {"job unpaid": {"reads": {"table": Decimal("0.5")}, "writes": 0}}
    found = {"fixed": fixed, "by_products": {}, "stored_bytes": {"1": 1024**3, "2": 2 * 1024**3}}
    monkeypatch.setattr(units, "measured", lambda: found)
    assert traffic.calls_of_visit() == 12
