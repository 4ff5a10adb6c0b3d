"""Shops that issue papers, and the papers that they have issued."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from common.clock import utc_now
from common.config import shop_time_zone
from common.dynamodb import Query as TableQuery
from common.dynamodb import UnitOfWork, fetch_all
from common.repositories.orders import TaxAmount
from common.repositories.selling_terms import TERMS, Papers, Seller, SellingTerms
from orders.repositories.papers import GOODS, INVOICE, PAPERS, Paper, PaperLine, Party, papers_in

SELLER = Seller(
    "Studio Ada Neri",
    ("Via dei Mille 12", "50122 Firenze (FI)"),
    "IT",
    vat_number="IT01234567890",
    fiscal_code="NRIADA80A41D612X",
)
YEAR = utc_now().astimezone(shop_time_zone()).year


def issues_papers(**fields: Any) -> SellingTerms:
    """Sets terms by which papers are issued; `fields` are those of Papers."""
    return set_terms(seller=SELLER, papers=Papers(**fields))


def set_terms(**parts: Any) -> SellingTerms:
    """Sets the shop's terms to these parts and no others."""
    terms = SellingTerms(**parts, version=1)
    with UnitOfWork() as work:
        TERMS.put(work, terms)
    return terms


def issued(series: str = "FT", year: int = YEAR) -> list[Paper]:
    """The papers of a series, in the order of their numbers."""
    return papers_in(series, year)


def sequences(series: str = "FT", year: int = YEAR) -> list[int]:
    """The numbers of a series that there are, in their order."""
    return [paper.sequence for paper in issued(series, year)]


def all_paper_rows() -> list[Paper]:
    """Every paper of any series of this year and the next."""
    partitions = (f"PAPER_SERIES#{series}#{year}" for series in ("FT", "NC") for year in (YEAR, YEAR + 1))
    return [PAPERS.of(row) for name in partitions for row in fetch_all(TableQuery(name, index="GSI1"))]


def an_invoice(**fields: Any) -> Paper:
    """An invoice over two prints at 22 per cent."""
    paper = Paper(
        number="FT-2026-17",
        kind=INVOICE,
        order_id=12,
        order_number="ORD-00000012",
        issued_on="2026-12-01",
        supplied_on="2026-11-30",
        language="it",
        currency="EUR",
        seller=SELLER,
        buyer=Party("Łucja Čapková", "Ring 1", "1010", "Wien", None, "AT", "Österreich"),
        lines=(
            PaperLine(GOODS, "Il bosco, Grande", 2, Decimal("50.00"), Decimal("100.00"), Decimal("0.22"), 1),
        ),
        taxes=(TaxAmount("IT", "standard", Decimal("0.22"), Decimal("100.00"), Decimal("22.00")),),
        total=Decimal("122.00"),
        created_at="2026-12-01T10:00:00.000Z",
    )
    return replace(paper, **fields)
