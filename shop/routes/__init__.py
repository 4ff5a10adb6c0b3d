"""The routes of the shop domain."""

from common.http import PUBLIC, Role, Routes
from shop.routes.audit import get_by_entity, get_by_user, get_date_range
from shop.routes.health import get_health
from shop.routes.notifications import (
    delete_one,
    get_list,
    get_one,
    patch_read,
    post_all_read,
)
from shop.routes.sign_in import post_login, post_logout
from shop.routes.stats import get_stats

routes = Routes("shop")

routes.post("/api/auth/login", role=PUBLIC)(post_login)
routes.post("/api/auth/logout", role=PUBLIC)(post_logout)
routes.get("/health", role=PUBLIC)(get_health)
routes.get("/api/shop/health", role=PUBLIC)(get_health)
routes.get("/api/admin/stats", role=Role.ADMIN)(get_stats)
routes.get("/api/admin/audit/entity/{entity_type}/{entity}", role=Role.ADMIN)(get_by_entity)
routes.get("/api/admin/audit/user/{user}", role=Role.ADMIN)(get_by_user)
routes.get("/api/admin/audit/date-range", role=Role.ADMIN)(get_date_range)
routes.get("/api/admin/notifications", role=Role.ADMIN)(get_list)
routes.get("/api/admin/notifications/{notification}", role=Role.ADMIN)(get_one)
routes.patch("/api/admin/notifications/{notification}/read", role=Role.ADMIN)(patch_read)
routes.post("/api/admin/notifications/mark-all-read", role=Role.ADMIN)(post_all_read)
routes.post("/api/admin/notifications/read-all", role=Role.ADMIN)(post_all_read)
routes.delete("/api/admin/notifications/{notification}", role=Role.ADMIN)(delete_one)
