"""The comic about a note that went missing."""

from tools.demo.albums.album import Album
from tools.demo.pictures.comics import Panel

ALBUM = Album(
    key="nota",
    title="Il concerto senza il la",
    description=(
        "An hour before his twelfth farewell concert, Gufo Bemolle cannot find his A. Everybody "
        "looks for it, each in the wrong place. Five pages, with a happy ending half a tone "
        "lower."
    ),
    age=35,
    cast=("bemolle",),
    scene="stage",
    hour="night",
    moon=True,
    pages=(
        (
            Panel("stage", "night", "Un'ora al dodicesimo concerto d'addio."),
            Panel("stage", "night", "Do, re, mi, fa, sol...", ("bemolle",), "calm", near=True),
            Panel("stage", "night", "Ho perso il la!", ("bemolle",)),
        ),
        (
            Panel("wood", "dusk", "Sotto le felci non c'e'.", ("brace", "bemolle")),
            Panel("depths", "day", "Qui solo un mi, usato.", ("soffio",), "calm"),
            Panel("garden", "day", "L'hai prestato, come al solito.", ("spina",), "cross", near=True),
            Panel("hills", "dusk", "Io dormivo, non ho sentito nulla.", ("quasimai",), "calm"),
        ),
        (
            Panel("heavens", "night", "Cercate questo?", ("selene",), "awake", near=True),
            Panel("heavens", "night", "Lo tenevo per dormire. Fa mmmmm.", ("selene", "bemolle"), "calm"),
            Panel("heavens", "night", "Tienilo. Ne faccio senza.", ("bemolle",), "calm"),
        ),
        (
            Panel("stage", "night", "Silenzio in sala!", ("acciuga",), "cross"),
            Panel("stage", "night", "", ("bemolle",), "calm"),
            Panel("stage", "night", "Canta mezzo tono sotto!", ("spina", "polpo")),
            Panel("stage", "night", "Ed e' bellissimo.", ("brace",), "calm", near=True),
        ),
        (
            Panel("wood", "night", "Gli alberi applaudirono fino al mattino."),
            Panel("wood", "night", "Allora ci vediamo al tredicesimo.", ("bemolle",), "awake", near=True),
        ),
    ),
)
