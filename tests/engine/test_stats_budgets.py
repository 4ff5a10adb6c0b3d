"""What the dashboard's figures cost on DynamoDB Local."""

from decimal import Decimal

from common.dynamodb import UnitOfWork, meter
from common.http import create_app
from common.repositories.personaggi import PERSONAGGI
from shop.routes import routes
from tests.catalog.builders import believable_row, store
from tests.engine.test_content_budgets import personaggio
from tests.support.http import Client
from tests.support.tokens import TOKEN_TRIPS, TOKEN_UNITS, admin_token


def test_the_figures_take_six_small_reads_side_by_side(table: str) -> None:
    store(believable_row(number) for number in range(1, 51))
    with UnitOfWork() as work:
        for number in range(1, 11):
            PERSONAGGI.add(work, personaggio(number))
    admin = Client(create_app("shop", [routes]), token=admin_token())
    with meter() as usage:
        body = admin.get("/api/admin/stats").json
    assert (body["totalProducts"], body["totalPersonaggi"], len(body["recentActivity"])) == (50, 10, 5)
    assert usage.calls == 6 + TOKEN_TRIPS
    assert 0 < usage.read_units <= Decimal("3.5") + TOKEN_UNITS, usage
