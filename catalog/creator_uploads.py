"""Where creators and editors may put a picture, in the words of the marketplace's clients."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from common.errors import InvalidInput
from common.uploads import upload_address

MAX_BYTES = 5 * 1024 * 1024
FOLDER = "creators"


class FileTooLarge(InvalidInput):
    """A file that is announced as larger than what is taken; a 400 for these clients."""

    code: ClassVar[str] = "FILE_TOO_LARGE"

    def __init__(self) -> None:
        super().__init__(f"A picture must be at most {MAX_BYTES // 1024 // 1024} MB")


def picture_upload(data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The address that takes one PUT of the announced type, the picture's address, and until when it does.

    `expiresAt` is in epoch milliseconds. The picture is checked when a profile or a work takes it, see
    `common.uploads`. Raises FileTooLarge.
    """
    if data.get("file_size", 0) > MAX_BYTES:
        raise FileTooLarge
    address = upload_address(FOLDER, data["file_type"])
    return {
        "uploadUrl": address["upload_url"],
        "imageUrl": address["cdn_url"],
        "expiresAt": int((now.timestamp() + address["expires_in"]) * 1000),
    }
