"""The characters as drawings: each a head for badges and shirts, and a whole figure for posters."""

from tools.demo.pictures.figures import acciuga, bemolle, brace, polpo, quasimai, selene, soffio, spina
from tools.demo.pictures.figures.parts import Figure

FIGURES: dict[str, Figure] = {
    "brace": brace.FIGURE,
    "acciuga": acciuga.FIGURE,
    "selene": selene.FIGURE,
    "bemolle": bemolle.FIGURE,
    "spina": spina.FIGURE,
    "polpo": polpo.FIGURE,
    "soffio": soffio.FIGURE,
    "quasimai": quasimai.FIGURE,
}
