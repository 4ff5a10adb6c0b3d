"""The comic about the night on which the moon stayed in bed."""

from tools.demo.albums.album import Album
from tools.demo.pictures.comics import Panel

ALBUM = Album(
    key="luna",
    title="La notte senza Selene",
    description=(
        "One evening the moon stays in bed. The town lights all its windows, the owl offers to "
        "sing, and Brace climbs the last hill to ask what the matter is. A story in six pages "
        "about being tired."
    ),
    age=210,
    cast=("selene", "brace"),
    scene="town",
    hour="night",
    moon=False,
    pages=(
        (
            Panel("town", "dusk", "Quella sera, in paese, si accesero tutte le finestre."),
            Panel("town", "night", "Io stasera non esco.", ("selene",), "cross", near=True),
            Panel("hills", "night", "Strano. Manca qualcosa.", ("brace",)),
        ),
        (
            Panel("hills", "night", "Chi ha spento la luna?", ("brace",), "awake", near=True),
            Panel("wood", "night", "Se serve una luce, io canto!", ("bemolle",)),
            Panel("wood", "night", "Grazie. Ma serve proprio la luna.", ("brace", "bemolle"), "calm"),
            Panel("hills", "night", "E la volpe si mise in cammino."),
        ),
        (
            Panel("garden", "night", "Su per di qua, cara. E copriti!", ("spina", "brace")),
            Panel("hills", "night", "Uno, due, tre colli...", ("brace",), "calm"),
            Panel("heavens", "night", "", ("selene",), "calm"),
        ),
        (
            Panel("heavens", "night", "Selene? Sei sveglia?", ("brace", "selene")),
            Panel("heavens", "night", "No.", ("selene",), "cross", near=True),
            Panel("heavens", "night", "E da quanto non dormi?", ("brace",), "awake", near=True),
            Panel("heavens", "night", "Da circa quattromila anni.", ("selene",), "cross"),
            Panel("heavens", "night", "Allora dormi. Ci penso io.", ("brace", "selene"), "calm"),
        ),
        (
            Panel("town", "night", "Accendete tutti una candela!", ("brace",)),
            Panel("stage", "night", "E io canto piano piano.", ("bemolle",), "calm"),
            Panel("sea", "night", "Flotta, lanterne in alto!", ("acciuga",)),
        ),
        (
            Panel("town", "night", "Visto da lassu', il paese sembrava un cielo."),
            Panel("heavens", "night", "Che bello. Domani torno.", ("selene",), "calm", near=True),
        ),
    ),
)
