"""Nothing that was issued changes: no code writes the row of a paper but where it is added."""

import ast
from pathlib import Path

import pytest

from common.dynamodb import UnitOfWork
from common.optimistic import StaleVersion
from orders.repositories.papers import PAPERS, paper_of
from tests.orders.papers.builders import an_invoice
from tools.paths import ROOT

READING = {"of", "get", "many", "all", "key"}
DOMAINS = ("catalog", "common", "content", "etsy_sync", "orders", "shop", "tools")


def uses_of_papers() -> dict[str, set[str]]:
    """What is called of the rows of papers, by file."""
    found: dict[str, set[str]] = {}
    for path in (it for domain in DOMAINS for it in (ROOT / domain).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "PAPERS" not in text or ("repositories.papers" not in text and path.stem != "papers"):
            continue
        names = {
            node.attr
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "PAPERS"
        }
        if names:
            found[str(path.relative_to(ROOT))] = names
    return found


def test_papers_are_added_in_one_module_and_read_in_all_others() -> None:
    uses = uses_of_papers()
    writing = {file: names - READING for file, names in uses.items() if names - READING}
    assert writing == {str(Path("orders/papers/issuing.py")): {"add"}}


def test_a_number_that_is_there_is_not_written_over(table: str) -> None:
    with UnitOfWork() as work:
        PAPERS.add(work, an_invoice())
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        PAPERS.add(work, an_invoice(order_id=13))
    assert paper_of("FT-2026-17") == an_invoice()
