"""The handler of the admin's dashboard."""

from typing import Any

from common.http import Request
from shop.stats import dashboard


def get_stats(request: Request) -> dict[str, Any]:
    """The figures of the dashboard."""
    return dashboard(request.now)
