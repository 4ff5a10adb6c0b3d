"""Pictures on their way into S3: through the shop itself, or straight from the browser."""

from typing import Any

from common.errors import InvalidInput
from common.images import KINDS, NO_SVG, clean_image
from common.media import PRESIGNED_SECONDS, new_key, presign_put, store, unchecked_key, url_for

DEFAULT_CONTENT_TYPE = "image/jpeg"
SVG = "image/svg+xml"

# What a browser may announce; `image/jpg` is not registered, and sent by some all the same.
EXTENSIONS = {kind.content_type: kind.extension for kind in KINDS.values()} | {"image/jpg": "jpg"}


def store_picture(folder: str, data: bytes) -> str:
    """Stores a picture, cleaned, under a fresh key in `folder` and returns the key.

    Its content decides its type. Raises InvalidInput when it is not a picture, PayloadTooLarge.
    """
    picture = clean_image(data)
    key = new_key(folder, picture.kind.extension)
    store(key, picture.data, picture.kind.content_type)
    return key


def upload_address(folder: str, content_type: str) -> dict[str, Any]:
    """Where a browser may PUT one picture of `content_type` for `folder`, and its URL until a row takes it.

    The type is signed as it was announced, because the browser repeats it in the PUT. The address is good
    for `expires_in` seconds. Raises InvalidInput naming `content_type` for a type that is not accepted.
    """
    wanted = content_type.lower()
    if wanted == SVG:
        raise InvalidInput.of_field("content_type", NO_SVG)
    if wanted not in EXTENSIONS:
        raise InvalidInput.of_field("content_type", f"must be one of {', '.join(EXTENSIONS)}")
    key = unchecked_key(folder, EXTENSIONS[wanted])
    return {
        "upload_url": presign_put(key, wanted),
        "cdn_url": url_for(key),
        "key": key,
        "expires_in": PRESIGNED_SECONDS,
    }
