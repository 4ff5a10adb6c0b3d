"""The routes of the content domain."""

from common.http import Routes
from content.fumetti import fumetti
from content.fumetti import gallery as fumetti_gallery
from content.personaggi import gallery as personaggi_gallery
from content.personaggi import personaggi
from content.routes import old_uploads, uploads
from content.routes.entries import EntryHandlers
from content.views import fumetti_json, fumetto_json, personaggio_json

routes = Routes("content")

EntryHandlers(
    variable="personaggio",
    entries=personaggi,
    gallery=personaggi_gallery,
    view=personaggio_json,
    views=lambda entries: [personaggio_json(entry) for entry in entries],
    kind="Personaggio",
    removal="ImageRemoval",
    removed="Image removed successfully",
).declare(routes, "/api/personaggi", "images")

EntryHandlers(
    variable="fumetto",
    entries=fumetti,
    gallery=fumetti_gallery,
    view=fumetto_json,
    views=fumetti_json,
    kind="Fumetto",
    removal="PageRemoval",
    removed="Page removed successfully",
).declare(routes, "/api/fumetti", "pages")

for part in (uploads, old_uploads):
    routes.include(part.routes)
