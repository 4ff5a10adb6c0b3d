"""The handler of uploads of pictures that belong to no entry yet."""

from typing import Any

from common import media
from common.http import Request
from common.uploads import DEFAULT_CONTENT_TYPE, upload_address
from content.routes.arguments import actor, is_form
from content.uploads import folder_for, upload_temporary


def upload(request: Request) -> dict[str, Any]:
    """A picture for an entry to come: a form brings it, any other body asks where to put it."""
    if not is_form(request):
        return upload_address(
            folder_for(request.arg("entity")), request.arg("content_type", DEFAULT_CONTENT_TYPE)
        )
    form = request.multipart()
    entity = form.fields.get("entity") or request.arg("entity")
    key = upload_temporary(entity, form.file("file").data, actor(request), request.now)
    return {"url": media.url_for(key), "key": key}
