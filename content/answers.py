"""The shapes of what the content domain answers, by the names that its routes declare."""

from typing import NotRequired, TypedDict

from common.http.shapes import Message, UploadAddress

__all__ = ["Message"]


class Entry(TypedDict):
    """What personaggi and fumetti share: dates in both styles."""

    id: int
    description: str | None
    order: int
    created_at: str
    updated_at: str
    deleted_at: NotRequired[str]
    createdAt: str
    updatedAt: str
    deletedAt: str | None


class Personaggio(Entry):
    """A personaggio with absolute picture URLs."""

    name: str
    icon: str | None
    images: list[str]
    backgroundColor: str | None
    backgroundType: str | None
    gradientFrom: str | None
    gradientTo: str | None
    backgroundImage: str | None


class Fumetto(Entry):
    """A fumetto with absolute picture URLs."""

    title: str
    slug: str
    coverImage: str | None
    pages: list[str]


PersonaggioList = list[Personaggio]
FumettoList = list[Fumetto]


class Uploaded(TypedDict):
    """A picture that was stored."""

    url: str
    key: str


class _UploadedFor(Uploaded):
    message: str
    type: str


class UploadedForPersonaggio(_UploadedFor):
    """A picture that a personaggio has now."""

    personaggio: Personaggio


class UploadedForFumetto(_UploadedFor):
    """A picture that a fumetto has now."""

    fumetto: Fumetto


# A form brings the picture itself, any other body asks where to put it.
PersonaggioUpload = UploadedForPersonaggio | UploadAddress
FumettoUpload = UploadedForFumetto | UploadAddress
UploadTarget = Uploaded | UploadAddress


class Moved(TypedDict):
    """Where a picture is served today."""

    url: str
