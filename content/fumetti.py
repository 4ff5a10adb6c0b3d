"""Fumetti: what distinguishes the shop's comics from its other content."""

from common.repositories.fumetti import FUMETTI
from content.entries import Entries
from content.gallery import Gallery
from content.pictures import PictureFields

MAX_PAGES = 200

fumetti = Entries(
    FUMETTI, PictureFields("fumetti", {"page": "pages", "cover": "cover_image"}, "page", MAX_PAGES)
)

gallery = Gallery(fumetti)
