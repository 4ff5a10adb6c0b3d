"""The route of uploads of pictures that belong to no entry yet."""

from typing import Any

from common import media
from common.http import Request, Role, Routes
from common.http.declared_bodies import upload_or_address
from common.uploads import DEFAULT_CONTENT_TYPE, upload_address
from content.uploads import folder_for, upload_temporary

routes = Routes("content")


@routes.post(
    "/api/upload/temp",
    role=Role.EDITOR,
    body=upload_or_address(),
    query=("entity", "content_type"),
    answer="UploadTarget",
)
def upload(request: Request) -> dict[str, Any]:
    """A picture for an entry to come: a form brings it, any other body asks where to put it."""
    if not request.is_upload:
        return upload_address(
            folder_for(request.arg("entity")), request.arg("content_type", DEFAULT_CONTENT_TYPE)
        )
    form = request.multipart()
    entity = form.fields.get("entity") or request.arg("entity")
    key = upload_temporary(entity, form.file("file").data, request.actor, request.now)
    return {"url": media.url_for(key), "key": key}
