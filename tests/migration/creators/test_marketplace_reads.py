"""What was moved in and given to a creator is what the marketplace's clients read."""

from datetime import UTC, datetime

import pytest

from catalog.routes import routes
from common.dynamodb import UnitOfWork
from common.http import create_app
from common.repositories.product_writes import add_product
from migration.creators.backfill import backfill_creators
from tests.catalog.builders import believable_row, row
from tests.support.http import Client
from tests.support.tokens import admin_token

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def given(table: str) -> str:
    """The id of the creator to whom three moved products were given, of which one is a draft."""
    for product in (believable_row(1), believable_row(2), row(3, status="draft")):
        with UnitOfWork() as work:
            add_product(work, product)
    return backfill_creators("studio", "Studio", clock=lambda: NOW).creator.id


@pytest.mark.usefixtures("given")
def test_everybody_sees_the_creator_and_the_published_works() -> None:
    stranger = Client(create_app("catalog", [routes]))
    (creator,) = stranger.get("/api/creators").json["creators"]
    assert (creator["slug"], creator["displayName"]) == ("studio", "Studio")
    page = stranger.get("/api/creators/studio/products").json
    assert ([work["id"] for work in page["products"]], page["total"]) == (["2", "1"], 2)
    assert {work["status"] for work in page["products"]} == {"approved"}
    assert stranger.get("/api/creators/studio/featured").json["products"] == []
    assert stranger.get("/api/products").json["total"] == 2


def test_administrators_see_all_of_them_and_nothing_waits(given: str) -> None:
    admin = Client(create_app("catalog", [routes]), token=admin_token())
    works = admin.get("/api/admin/products", params={"creatorId": given}).json
    assert (works["total"], {work["creatorName"] for work in works["products"]}) == (3, {"Studio"})
    assert admin.get("/api/admin/products/pending").json == {"products": [], "total": 0}
    (creator,) = admin.get("/api/admin/creators").json["creators"]
    assert (creator["id"], creator["productCount"]) == (given, 3)
