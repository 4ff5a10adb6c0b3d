"""Routes that monitors ask."""

from common import config
from common.clock import iso
from common.http import PUBLIC, Caching, Request, Response, Routes
from shop.health import HEALTHY, health_report

routes = Routes("shop")


@routes.get("/health", role=PUBLIC, answer="Health", cached=Caching.UNKEPT)
@routes.get("/api/shop/health", role=PUBLIC, answer="Health", cached=Caching.UNKEPT)
def get_health(request: Request) -> Response:
    """200 when the storage can be reached, 503 when not; kept by nobody."""
    report = health_report(request.now)
    return Response(report, 200 if report["status"] == HEALTHY else 503)


@routes.get("/api/health", role=PUBLIC, answer="Alive", cached=Caching.UNKEPT)
def get_alive(request: Request) -> dict[str, str]:
    """That the shop answers, without asking the storage: what `/health` is for."""
    return {"status": HEALTHY, "timestamp": iso(request.now), "environment": config.environment()}
