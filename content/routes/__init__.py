"""The routes of the content domain."""

from common.http import PUBLIC, Role, Routes
from content.fumetti import fumetti
from content.fumetti import gallery as fumetti_gallery
from content.personaggi import gallery as personaggi_gallery
from content.personaggi import personaggi
from content.routes.entries import EntryHandlers
from content.routes.old_uploads import redirect
from content.routes.uploads import upload
from content.views import fumetti_json, fumetto_json, personaggio_json

routes = Routes("content")

EntryHandlers(
    variable="personaggio",
    entries=personaggi,
    gallery=personaggi_gallery,
    view=personaggio_json,
    views=lambda entries: [personaggio_json(entry) for entry in entries],
    schema="PersonaggioSchema",
    removal_schema="ImageRemoval",
    removed="Image removed successfully",
).declare(routes, "/api/personaggi", "images")

EntryHandlers(
    variable="fumetto",
    entries=fumetti,
    gallery=fumetti_gallery,
    view=fumetto_json,
    views=fumetti_json,
    schema="FumettoSchema",
    removal_schema="PageRemoval",
    removed="Page removed successfully",
).declare(routes, "/api/fumetti", "pages")

routes.post("/api/upload/temp", role=Role.ADMIN)(upload)
routes.get("/uploads/{kind}/{name}", role=PUBLIC)(redirect)
routes.get("/uploads/{kind}/{name}/{file}", role=PUBLIC)(redirect)
routes.get("/uploads/{kind}/{name}/{file}/{last}", role=PUBLIC)(redirect)
