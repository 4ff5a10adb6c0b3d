"""Bills that were worked out by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from common.metrics import METRICS
from tests.infra.test_alarms import ALARMS
from tools.costs.bill import Line, Setup, bill, capacity, total
from tools.costs.modes import totals, turns
from tools.costs.prices import prices_of
from tools.costs.standing import alarm_metrics
from tools.costs.traffic import Month, Shop, month_of, runs_of

PRICES = prices_of("us-east-1")
SHOP = Shop(visits=1000, orders=20, products=1)
# Calls of a visit but preflights are 9.1, 10 units each; of an order 7, 2 units each, and 4 mails.
READS = 30_000 * 91 + 600 * (7 * 2 + 4 * 4) + 4_320 * Decimal("0.5")
WRITES = 600 * (7 * 30 + 4 * 5)
# Of an order also two looks at its invoice.
CALLS = 30_000 * 12 + 600 * 9


@pytest.fixture
def month(round_units: None) -> Month:
    """Thirty days of a thousand visits and twenty orders each."""
    return month_of(SHOP)


def cost(month: Month, setup: Setup, name: str) -> Decimal:
    (line,) = [line for line in bill(month, setup, PRICES) if line.name == name]
    return line.cost


def test_a_month_is_the_calls_of_its_visits_and_orders_and_its_jobs(month: Month) -> None:
    assert month.units.read == READS
    assert (month.units.writes, month.calls) == (Decimal(WRITES), Decimal(CALLS))
    # Every 5 minutes three, 10: four, 30: one, an hour: three, 6 hours: one, a day: one; 3 mails an order.
    assert month.jobs == 3 * 8640 + 4 * 4320 + 1440 + 3 * 720 + 120 + 30 + 600 * 3


@pytest.mark.parametrize(
    ("schedule", "runs"), [("rate(5 minutes)", 8640), ("rate(1 hour)", 720), ("cron(0 2 * * ? *)", 30)]
)
def test_a_schedule_runs_so_often_in_thirty_days(schedule: str, runs: int) -> None:
    assert runs_of(schedule) == runs


def test_a_line_is_the_quantity_less_what_is_free_times_the_price() -> None:
    million = Decimal(1_000_000)
    line = Line("queue_requests", "", Decimal(1_296_000), free=million, per=million, usd=Decimal("0.4"))
    assert line.cost == Decimal("0.1184")
    assert replace(line, quantity=Decimal(999_999)).cost == 0


def test_requested_units_have_no_free_amount(month: Month) -> None:
    # 2,750,160 reads at 0.125 and 138,000 writes at 0.625 a million.
    assert READS == 2_750_160
    assert cost(month, Setup(), "read_requests") == Decimal("0.34377")
    assert cost(month, Setup(), "write_requests") == Decimal("0.08625")


def test_mails_and_papers_are_those_of_the_orders(month: Month) -> None:
    # 2,400 mails at 0.10 for a thousand; 600 invoices written at 0.005, looked at twice at 0.0004.
    assert cost(month, Setup(), "mails") == Decimal("0.24")
    assert cost(month, Setup(), "paper_writes") == Decimal("0.003")
    assert cost(month, Setup(), "paper_reads") == Decimal("0.00048")


def test_each_api_has_its_price(month: Month) -> None:
    # 365,400 calls at 3.50 and 1.00 a million; a function URL costs nothing.
    assert cost(month, Setup(api="rest"), "rest_requests") == Decimal("1.2789")
    assert cost(month, Setup(api="http"), "http_requests") == Decimal("0.3654")
    assert not [line for line in bill(month, Setup(api="url"), PRICES) if line.name.endswith("p_requests")]


def test_provisioned_units_are_those_of_the_peak_and_25_are_free(month: Month) -> None:
    # GSI2 reads 2,730,000 in 2,592,000 seconds: 1.053 a second, of which eight times are 8.43.
    reads, writes = capacity(month, 8)
    assert reads == {"table": 1, "GSI1": 1, "GSI2": 9, "GSI3": 1}
    assert writes == {"table": 1, "GSI1": 1, "GSI2": 1, "GSI3": 1}
    assert cost(month, Setup(table="provisioned"), "read_capacity") == 0
    # Thirty times: 32 for GSI2, 1 for each other: 35, of which 10 are paid for 720 hours at 0.00013.
    assert cost(month, Setup(table="provisioned", peak=30), "read_capacity") == Decimal("0.936")


def test_a_key_of_kms_costs_a_dollar_and_a_parameter_nothing(month: Month) -> None:
    assert cost(month, Setup(sealing="kms"), "kms_keys") == 1
    difference = total(bill(month, Setup(sealing="kms"), PRICES)) - total(bill(month, Setup(), PRICES))
    assert difference == 1


@pytest.mark.parametrize(("pollers", "usd"), [(2, "0"), (5, "0"), (10, "0.1184")])
def test_connections_that_ask_a_queue_do_so_all_month(month: Month, pollers: int, usd: str) -> None:
    # 129,600 times each; a million are free.
    assert cost(month, Setup(pollers=pollers), "queue_requests") == Decimal(usd)


@pytest.mark.parametrize(("alarms", "usd"), [(10, "0"), (16, "0.6")])
def test_ten_alarm_metrics_are_free(month: Month, alarms: int, usd: str) -> None:
    assert cost(month, Setup(alarms=alarms), "alarms") == Decimal(usd)


def test_logs_written_and_kept_share_what_is_free(month: Month) -> None:
    busy = replace(month, log_gb=Decimal(20))
    # 15 GB more than is free at 0.50, and of the 3 GB that are kept none is free: 0.03 each.
    assert cost(busy, Setup(), "log_gb") == Decimal("7.5")
    assert cost(busy, Setup(), "log_storage") == Decimal("0.09")


def test_lambda_is_free_in_a_small_shop_and_billed_by_its_memory_in_a_large_one(month: Month) -> None:
    assert cost(month, Setup(), "lambda_gb_seconds") == 0
    busy = replace(month, calls=Decimal(10_000_000), jobs=Decimal(0))
    # 10 million calls of 0.08 s with 1 GB: 800,000 GB-s, half of them free.
    assert cost(busy, Setup(memory_mb=1024), "lambda_gb_seconds") == Decimal("6.66668")
    assert cost(busy, Setup(), "lambda_requests") == Decimal("1.8")


def test_the_shop_of_the_defaults_costs_less_than_half_a_dollar() -> None:
    month = month_of(Shop(1000, 20, 500))
    for region in ("us-east-1", "eu-west-1", "eu-central-1"):
        assert total(bill(month, Setup(), prices_of(region))) < Decimal("0.50")


def test_what_the_defaults_say_of_alarms_and_metrics_is_what_is_deployed() -> None:
    assert Setup().alarms == sum(map(alarm_metrics, ALARMS.values()))
    # One of them by domain, and two domains have jobs.
    assert Setup().metrics == len(METRICS) + 1


def test_every_combination_has_its_total(round_units: None) -> None:
    found = totals(SHOP, Setup(), PRICES)
    assert len(found) == 6
    assert found["rest", "on-demand"] - found["url", "on-demand"] == Decimal("1.2789")
    assert found["http", "on-demand"] - found["http", "provisioned"] == Decimal("0.43002")


def test_the_modes_turn_where_the_arithmetic_says(round_units: None) -> None:
    turning = turns(SHOP, Setup(), PRICES)
    # 25 of each for 720 hours at 0.00013 and 0.00065.
    assert turning.worth_of_free_units == Decimal("14.04")
    # 0.00013 an hour against 3,600 reads at 0.000000125.
    assert round(turning.even_use, 4) == Decimal("0.2889")
    # GSI2 has 9 units: 2,700 in five minutes, 91 for each visit.
    assert turning.burst_visits == 29
    # 22 units for GSI2 and one for each of the three other places: 22 / 8 a second are 2,610 visits a day.
    assert turning.free_until == 2610
    assert turning.dearer_from is not None
    assert turning.dearer_from > turning.free_until
    # A thousand visits with their orders cost 0.42975 (the job's reads do not grow).
    assert 32_500 < turning.worth_reached_at < 33_000
