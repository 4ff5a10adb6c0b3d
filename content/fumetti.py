"""Fumetti: what distinguishes the shop's comics from its other content."""

from content.entries import Entries
from content.gallery import Gallery
from content.pictures import PictureFields
from content.repositories.fumetti import FUMETTI

MAX_PAGES = 200

fumetti = Entries(
    FUMETTI, PictureFields("fumetti", {"page": "pages", "cover": "cover_image"}, "page", MAX_PAGES)
)

gallery = Gallery(fumetti)
