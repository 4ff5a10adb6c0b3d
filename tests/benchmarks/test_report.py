"""The report shows every figure and says which limits hold."""

from dataclasses import replace
from decimal import Decimal

import pytest

from benchmarks.calls import CALLS, Budget
from benchmarks.channels import ChannelSample, Cost
from benchmarks.measure import Comparison, Sample
from benchmarks.migration import MigrationSample, Step
from benchmarks.order_calls import ORDER_CALLS
from benchmarks.order_measure import OrderSample
from benchmarks.packages import Package
from benchmarks.report import PARTS, Results, fast_enough, render, within
from benchmarks.startup import Startup
from benchmarks.tables import limits, verdict
from tests.benchmarks.catalogue.samples import sample

OURS = Sample(2, Decimal("6.5"), Decimal(0), 20, 50, 10_000_000, 20_000_000)
REPLACED = Sample(61, Decimal("32.5"), Decimal(0), 20, 20, 80_000_000, 90_000_000)
LATENCIES = "| 20 of 50 | 10.00 | 20.00 | 20 of 20 | 80.00 | 90.00 | 8.00 | ≥ 5 | yes |"
LIST = CALLS[1]
COMPARISON = Comparison(LIST, OURS, REPLACED)
STARTUP = Startup("catalog", 200_000_000, 41_500_000, 40_250_000, (("app", 1_500_000),), (("gc", 100_000),))
ADDED, CHECKOUT, LONG_CHECKOUT = ORDER_CALLS[2:5]
ORDERS = [
    OrderSample(ADDED, 3, Decimal("3.0"), Decimal("1.0"), None, 2, 6_000_000, 7_000_000),
    OrderSample(CHECKOUT, 3, Decimal("5.0"), Decimal("16.0"), 28, 1, 9_000_000, 12_500_000),
    OrderSample(LONG_CHECKOUT, 3, Decimal("9.0"), Decimal("16.0"), 32, 3, 9_000_000, 12_500_000),
]
MOVED = {"written": 2000, "write_units": "4000.0", "read_units": "0"}
MIGRATION = MigrationSample(
    orders=1000,
    rows=4000,
    run=Step(
        8_000_000_000, 90_000_000, {"written": 2000, "write_units": "4000.0", "read_units": "0"}, 150_000_000
    ),
    verify=Step(2_000_000_000, 250_000_000, {"differences": 0}, 250_000_000),
    naive=20_000_000_000,
)
CHANGED_SKUS = Cost(200, 1700, Decimal(800), Decimal(1700), 5_000_000_000, 10.0)
RUNS = {
    "listings": Cost(106, 3, Decimal(2), Decimal(1), 9_000_000_000, 0.0),
    "nothing": Cost(0, 40, Decimal(2000), Decimal(2), 4_000_000_000, 0.0),
    "receipts": Cost(1, 7, Decimal("3.5"), Decimal(3), 100_000_000, 0.0),
    "changed": CHANGED_SKUS,
    "reconcile": Cost(107, 50, Decimal(2000), Decimal(2), 12_000_000_000, 0.0),
}
IMPORTS = {"first": RUNS["listings"], "again": RUNS["nothing"]}
CHANNELS = ChannelSample(10_000, 1_000, {"etsy": CHANGED_SKUS}, RUNS, IMPORTS)
RESULTS = Results(
    python="CPython 3.11",
    engine="an engine",
    requests=300,
    runs=7,
    comparisons={50: [COMPARISON], 1000: [Comparison(LIST, OURS, None)]},
    orders=ORDERS,
    startups=[STARTUP],
    packages=[Package("catalog-prod", 1_234_567)],
    migration=MIGRATION,
    channels=CHANNELS,
    catalogue=sample(),
)


@pytest.mark.parametrize(
    "line",
    [
        "## 50 published products",
        "## 1,000 published products",
        "| 20 products, newest first | 2 | 6.5 | 0 | trips ≤ 2, read ≤ 10 | yes | 61 | 32.5 |",
        f"| 20 products, newest first {LATENCIES}",
        "| 20 products, newest first | 20 of 50 | 10.00 | 20.00 | – | – | – | – | – | – |",
        "## Lists and searches by the number of products",
        "| 1,000 | a filter | 2 | 6.5 | 900 | 500 | 200 | 0 | 60 |",
        "## Carts and orders",
        f"| {ADDED.name} | 3 | 3.0 | 1.0 | – | trips ≤ 3, read ≤ 3, write ≤ 3 | yes |",
        "| checkout of 1 line | 3 | 5.0 | 16.0 | 28 | trips ≤ 3, write ≤ 27 | **no** |",
        "| checkout of 3 lines | 3 | 9.0 | 16.0 | 32 | – | – |",
        "| checkout of 1 line | 1 | 9.00 | 12.50 | – |",
        "## Channels",
        "| etsy | 4 | 34 | 16 | 34 | 10 | 5.0 |",
        "| telling 100 changed SKUs | 200 | 1700 | 800 | 1700 | 5.0 |",
        "| first import of 1,000, linked by SKU | 106 | 3 | 2 | 1 | 9.0 |",
        "| **delta sync**: changed SKUs and receipts | 488 | 4.9 % | 9.8 % | yes |",
        "| everything | 1019 | 10.2 % | 20.4 % | – |",
        "## Moving in from PostgreSQL",
        "| migrate run | 8.0 | 500 | 125 | 90 | < 150 | yes |",
        "| migrate verify | 2.0 | 2,000 | 500 | 250 | < 250 | **no** |",
        "| naive writer | 20.0 | 200 | 50 |  |  |  |",
        "| 2,000 | 4,000 | 2.00 | 0 | 0.62 USD |",
        "| catalog | 200 | 41.5 | 40.2 | yes |",
        "| catalog | app 1.5 | gc 0.1 |",
        "| catalog-prod | 1.23 |",
    ],
)
def test_the_report_has_each_figure_in_its_place(line: str) -> None:
    assert line in render(RESULTS).splitlines()


def test_the_same_figures_render_alike_and_carry_no_date() -> None:
    assert render(RESULTS) == render(RESULTS)
    assert "202" not in render(RESULTS)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_measured_alone_leaves_the_others_as_they_are(part: str) -> None:
    report = render(RESULTS)
    later = replace(
        RESULTS,
        requests=7,
        runs=2,
        comparisons={50: []},
        orders=[],
        startups=[],
        packages=None,
        migration=None,
        channels=None,
        catalogue=None,
    )
    mixed = render(replace(later, measured=[part]), report)
    assert mixed != report
    rest = [name for name in PARTS if name != part]
    assert render(replace(RESULTS, measured=[part]), mixed) == report
    assert render(replace(later, measured=rest), mixed) == render(later)


def test_a_part_that_the_older_report_has_not_is_put_in_its_place() -> None:
    first = render(replace(RESULTS, measured=["packages"]))
    assert first.startswith("# Benchmark results")
    second = render(replace(RESULTS, measured=["orders"]), first)
    others = [name for name in PARTS if name not in {"packages", "orders"}]
    assert render(replace(RESULTS, measured=others), second) == render(RESULTS)


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    widths: list[int] = []
    for line in [*render(RESULTS).splitlines(), ""]:
        if line.startswith("|"):
            widths.append(line.count("|"))
        else:
            assert len(set(widths)) <= 1
            widths = []


def test_packages_that_were_not_built_are_said_to_be_missing() -> None:
    assert "the packages were not built" in render(replace(RESULTS, packages=None))


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (Budget(2, Decimal("6.5")), True),
        (Budget(1, Decimal(10)), False),
        (Budget(2, Decimal(6)), False),
        (None, None),
    ],
)
def test_a_budget_limits_trips_and_units(budget: Budget | None, expected: bool | None) -> None:
    assert within(OURS, budget) is expected


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(2, Decimal("1.5")), "trips ≤ 2, read ≤ 1.5"),
        (Budget(3, write=Decimal(27)), "trips ≤ 3, write ≤ 27"),
        (None, "–"),
    ],
)
def test_a_budget_names_the_limits_that_it_has(budget: Budget | None, words: str) -> None:
    assert limits(budget) == words


def test_a_broken_limit_stands_out() -> None:
    assert [verdict(holds) for holds in (True, False, None)] == ["yes", "**no**", "–"]


def test_a_call_is_fast_enough_from_the_wanted_ratio_on() -> None:
    slower = replace(REPLACED, p50=OURS.p50 * 5 - 1)
    assert fast_enough(replace(COMPARISON, replaced=replace(REPLACED, p50=OURS.p50 * 5))) is True
    assert fast_enough(replace(COMPARISON, replaced=slower)) is False
    assert fast_enough(replace(COMPARISON, replaced=None)) is None


def test_a_ratio_too_small_to_read_is_not_shown_as_nothing() -> None:
    vanishing = replace(COMPARISON, replaced=replace(REPLACED, p50=1))
    assert "| < 0.01 |" in render(replace(RESULTS, comparisons={50: [vanishing]}))
