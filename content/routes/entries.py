"""The handlers that personaggi and fumetti share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from common import media
from common.http import PUBLIC, Body, Request, Response, Role, Routes
from common.http.basis import seen_by
from common.http.declared_bodies import changes, upload_or_address
from common.http.lists import array_response
from common.http.paging import WHOLE, window
from common.http.path_ids import path_id
from common.repositories.ordered import OrderedEntity
from common.uploads import DEFAULT_CONTENT_TYPE, upload_address
from content.entries import Entries
from content.gallery import Gallery

E = TypeVar("E", bound=OrderedEntity)

EDITOR = Role.EDITOR


@dataclass(frozen=True)
class EntryHandlers(Generic[E]):
    """What HTTP does with one kind of entry; `variable` is the name of the id in its paths.

    `view` writes one entry, `views` a list of them. `kind` is the name of what an entry is answered as, and
    begins that of its schema; `removal` names the schema of a picture's removal, `removed` is its message.
    """

    variable: str
    entries: Entries[E]
    gallery: Gallery[E]
    view: Callable[[E], dict[str, Any]]
    views: Callable[[Sequence[E]], list[dict[str, Any]]]
    kind: str
    removal: str
    removed: str

    def declare(self, routes: Routes, path: str, pictures_path: str) -> None:
        """Declares the routes under `path`, and under `pictures_path` the removal of a picture."""
        entry = f"{path}/{{{self.variable}}}"
        one, all_of_it, schema = self.kind, f"{self.kind}List", f"schemas.{self.kind}Schema"
        new, removal = Body(schema), Body(f"schemas.{self.removal}")
        picture = upload_or_address()
        routes.get(path, role=PUBLIC, answer=all_of_it, paging=WHOLE)(self.get_all)
        routes.get(f"{path}/deleted", role=EDITOR, answer=all_of_it, paging=WHOLE)(self.get_deleted)
        routes.get(entry, role=PUBLIC, answer=one)(self.get_one)
        routes.post(path, role=EDITOR, body=new, answer=one, status=201)(self.post)
        routes.put(entry, role=EDITOR, body=changes(schema), answer=one, if_match=True)(self.put)
        routes.delete(entry, role=EDITOR, answer="Message", if_match=True)(self.delete)
        routes.post(f"{entry}/restore", role=EDITOR, answer=one)(self.restore)
        routes.post(
            f"{entry}/upload", role=EDITOR, body=picture, query=("content_type",), answer=f"{one}Upload"
        )(self.upload)
        routes.delete(f"{entry}/{pictures_path}", role=EDITOR, body=removal, answer="Message")(
            self.remove_picture
        )

    def get_all(self, request: Request) -> Response:
        """Every live entry in order, as a bare array."""
        return self._array(request, self.entries.collection.live())

    def get_deleted(self, request: Request) -> Response:
        """Every deleted entry, the latest first, as a bare array."""
        return self._array(request, self.entries.collection.deleted())

    def _array(self, request: Request, found: list[E]) -> Response:
        places = window(request)
        # How an entry of the list is written may depend on the others.
        entries = self.views(found)[places.start : places.end]
        return array_response(places.stretch(entries, len(found)))

    def get_one(self, request: Request) -> dict[str, Any]:
        """One entry; a deleted one for admins only."""
        return self.view(self.entries.find(self._id(request), sees_deleted=request.may(Role.EDITOR)))

    def post(self, request: Request) -> dict[str, Any]:
        """A new entry."""
        return self.view(self.entries.create(request.load(), request.actor, request.now))

    def put(self, request: Request) -> dict[str, Any]:
        """Changes the fields that the body has; the whole entry may be sent."""
        wanted = self._id(request)
        shown = self.view(self.entries.find(wanted, sees_deleted=False))
        data = request.changes(shown, nothing="No fields to update")
        check = self._check(request)
        return self.view(self.entries.update(wanted, data, request.actor, request.now, check=check))

    def delete(self, request: Request) -> dict[str, Any]:
        """Deletes an entry softly."""
        check = self._check(request)
        self.entries.delete(self._id(request), request.actor, request.now, check=check)
        return {"message": f"{self.entries.collection.noun} deleted"}

    def restore(self, request: Request) -> dict[str, Any]:
        """Brings a deleted entry back."""
        return self.view(self.entries.restore(self._id(request), request.actor, request.now))

    def upload(self, request: Request) -> dict[str, Any]:
        """A picture for an entry: a form brings it, any other body asks where to put it."""
        wanted = self._id(request)
        if not request.is_upload:
            self.entries.find(wanted, sees_deleted=False)
            return upload_address(
                self.gallery.pictures.folder_of(wanted), request.arg("content_type", DEFAULT_CONTENT_TYPE)
            )
        form = request.multipart()
        kind = self.gallery.pictures.kind(form.fields.get("type", ""))
        key, entry = self.gallery.upload(wanted, kind, form.file("file").data, request.actor, request.now)
        return {
            "message": "Image uploaded",
            "url": media.url_for(key),
            "key": key,
            "type": kind,
            self.variable: self.view(entry),
        }

    def remove_picture(self, request: Request) -> dict[str, Any]:
        """Takes a picture out of an entry."""
        wanted = self._id(request)
        data = request.load()
        kind = self.gallery.pictures.kind(data.get("kind") or "")
        self.gallery.remove(wanted, kind, data["address"], request.actor, request.now)
        return {"message": self.removed}

    def _check(self, request: Request) -> Callable[[E], None]:
        """Refuses a change of an entry whose caller has seen an older one."""
        return seen_by(
            request, lambda entry: entry.edited_at or entry.created_at, lambda entry: [self.view(entry)]
        )

    def _id(self, request: Request) -> int:
        return path_id(request, self.variable, self.entries.collection.noun)
