"""Both kinds of content side by side, and pictures to upload."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from common import config, media
from common.repositories.ordered import OrderedCollection
from common.repositories.personaggi import PERSONAGGI
from content.repositories.fumetti import FUMETTI
from tests.support.http import Answer, Client, File


@dataclass(frozen=True)
class Kind:
    """How one kind of content is called in paths and bodies."""

    path: str
    collection: OrderedCollection[Any]
    key: str
    name: str
    pictures: str
    pictures_path: str
    url_field: str
    many: str
    single: str
    single_field: str
    removed: str

    @property
    def noun(self) -> str:
        return self.collection.noun

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[2]

    def body(self, name: str = "Ada", /, **fields: Any) -> dict[str, Any]:
        """The body of a new entry."""
        return {self.name: name, **fields}

    def create(self, admin: Client, name: str = "Ada", /, **fields: Any) -> dict[str, Any]:
        """A new entry as it is answered."""
        answer = admin.post(self.path, json=self.body(name, **fields))
        assert answer.status == 201, answer
        created: dict[str, Any] = answer.json
        return created

    def remove(self, admin: Client, entry_id: int, url: str, kind: str = "") -> Answer:
        """Asks for the removal of a picture."""
        body = {self.url_field: url, **({"type": kind} if kind else {})}
        return admin.delete(f"{self.path}/{entry_id}/{self.pictures_path}", json=body)

    def upload(self, admin: Client, entry_id: int, kind: str = "", file: File | None = None) -> Answer:
        """Uploads a picture."""
        data = {"type": kind} if kind else {}
        return admin.post(f"{self.path}/{entry_id}/upload", data=data, files={"file": file or PNG})

    def shown(self, admin: Client, entry_id: int) -> dict[str, Any]:
        """The entry as admins see it."""
        answer = admin.get(f"{self.path}/{entry_id}")
        assert answer.status == 200, answer
        entry: dict[str, Any] = answer.json
        return entry


PERSONAGGIO = Kind(
    path="/api/personaggi",
    collection=PERSONAGGI,
    key="personaggio",
    name="name",
    pictures="images",
    pictures_path="images",
    url_field="imageUrl",
    many="gallery",
    single="icon",
    single_field="icon",
    removed="Image removed successfully",
)
FUMETTO = Kind(
    path="/api/fumetti",
    collection=FUMETTI,
    key="fumetto",
    name="title",
    pictures="pages",
    pictures_path="pages",
    url_field="pageUrl",
    many="page",
    single="cover",
    single_field="coverImage",
    removed="Page removed successfully",
)


def picture(file_format: str = "PNG") -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", (4, 3), "#E0E7FF").save(buffer, file_format)
    return buffer.getvalue()


PNG: File = ("ada.png", picture(), "image/png")


def own_url(key: str) -> str:
    """Where a stored picture is seen."""
    return f"{config.media_base_url()}/{key}"


def stored_keys() -> list[str]:
    """Every key in the bucket."""
    listing = media.get_client().list_objects_v2(Bucket=config.bucket_name())
    return [entry["Key"] for entry in listing.get("Contents", [])]
