"""The comic about a voyage without a destination."""

from tools.demo.albums.album import Album
from tools.demo.pictures.comics import Panel

ALBUM = Album(
    key="boh",
    title="Rotta per Boh",
    description=(
        "The Ammiraglio sets course for Boh, which is on no chart. On the way he takes an octopus "
        "without glasses and a diver with a jar on board. Seven pages of good seamanship and bad "
        "directions."
    ),
    age=120,
    cast=("acciuga",),
    scene="sea",
    hour="dusk",
    moon=True,
    pages=(
        (
            Panel("sea", "day", "Mare calmo. Vento: quanto basta."),
            Panel("sea", "day", "Equipaggio, si parte!", ("acciuga",)),
            Panel("sea", "day", "L'equipaggio sono io.", ("acciuga",), "calm", near=True),
        ),
        (
            Panel("depths", "day", "Ammiraglio, dove si va?", ("polpo", "acciuga")),
            Panel("depths", "day", "A Boh.", ("acciuga",), "cross", near=True),
            Panel("depths", "day", "E dov'e' Boh?", ("polpo",)),
            Panel("depths", "day", "Se lo sapessi, sarebbe facile.", ("acciuga", "polpo"), "calm"),
        ),
        (
            Panel("depths", "night", "Io vengo. Ma prima trovo gli occhiali.", ("polpo",)),
            Panel("depths", "night", "Li hai sul naso.", ("acciuga",), "cross"),
            Panel("depths", "night", "Ecco perche' ci vedo!", ("polpo",), "calm", near=True),
        ),
        (
            Panel("depths", "night", "Piu' giu', dove la luce si stanca..."),
            Panel("depths", "night", "Ssst. Sto registrando una balena.", ("soffio",), "cross"),
            Panel("depths", "night", "In un barattolo?", ("polpo", "soffio")),
            Panel("depths", "night", "E' una balena discreta.", ("soffio",), "calm", near=True),
        ),
        (
            Panel("sea", "night", "Terra! O forse nebbia!", ("acciuga",)),
            Panel("sea", "night", "Per me e' nebbia.", ("polpo", "acciuga"), "calm"),
            Panel("sea", "night", "Navigarono tutta la notte in tondo."),
            Panel("sea", "dusk", "Chicchiri... che ore sono?", ("quasimai",), "calm"),
            Panel("sea", "dusk", "Mezzogiorno.", ("acciuga",), "cross", near=True),
        ),
        (
            Panel("town", "day", "Scusi, questo posto come si chiama?", ("acciuga", "quasimai")),
            Panel("town", "day", "Boh!", ("quasimai",), "awake", near=True),
            Panel("town", "day", "Lo sapevo. Rotta perfetta.", ("acciuga",), "calm"),
        ),
        (
            Panel("sea", "dusk", "E il ritorno?", ("polpo", "acciuga")),
            Panel("sea", "dusk", "Il ritorno e' sempre a sinistra.", ("acciuga",), "calm"),
        ),
    ),
)
