"""The route of the admin's dashboard."""

from typing import Any

from common.http import Request, Role, Routes
from shop.stats import dashboard

routes = Routes("shop")


@routes.get("/api/admin/stats", role=Role.ADMIN, answer="Stats")
def get_stats(request: Request) -> dict[str, Any]:
    """The figures of the dashboard."""
    return dashboard(request.now)
