"""The handler that monitors ask."""

from common.http import Request, Response
from shop.health import HEALTHY, health_report


def get_health(request: Request) -> Response:
    """200 when the storage can be reached, 503 when not; kept by nobody."""
    report = health_report(request.now)
    return Response(report, 200 if report["status"] == HEALTHY else 503, {"Cache-Control": "no-store"})
