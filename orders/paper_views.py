"""The JSON forms of papers: in lists, and with all that one says."""

from dataclasses import asdict
from typing import Any

from orders.repositories.papers import Paper

_HEAD = (
    "number",
    "kind",
    "order_id",
    "order_number",
    "issued_on",
    "supplied_on",
    "corrects",
    "currency",
    "net",
    "tax",
    "deduction",
    "total",
    "paid_on",
)
_WHOLE = (
    "language",
    "corrects_of",
    "payment_method",
    "payment_terms",
    "tax_treatment",
    "created_at",
)


def head_json(paper: Paper) -> dict[str, Any]:
    """A paper as a list shows it."""
    return {name: getattr(paper, name) for name in _HEAD} | {"buyer_name": paper.buyer.name}


def paper_json(paper: Paper) -> dict[str, Any]:
    """All that a paper says."""
    return {
        **head_json(paper),
        **{name: getattr(paper, name) for name in _WHOLE},
        "sentences": list(paper.sentences),
        "seller": asdict(paper.seller) | {"lines": list(paper.seller.lines)},
        "buyer": asdict(paper.buyer),
        "lines": [_line(asdict(line)) for line in paper.lines],
        "taxes": [asdict(tax) for tax in paper.taxes],
    }


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"numbers": list(line["numbers"] or ())}
