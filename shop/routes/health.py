"""Routes that monitors ask."""

from common.http import PUBLIC, Caching, Request, Response, Routes
from shop.health import HEALTHY, health_report

routes = Routes("shop")


@routes.get("/health", role=PUBLIC, answer="Health", cached=Caching.UNKEPT)
@routes.get("/api/shop/health", role=PUBLIC, answer="Health", cached=Caching.UNKEPT)
def get_health(request: Request) -> Response:
    """200 when the storage can be reached, 503 when not; kept by nobody."""
    report = health_report(request.now)
    return Response(report, 200 if report["status"] == HEALTHY else 503)
