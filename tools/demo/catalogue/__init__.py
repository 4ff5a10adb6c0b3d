"""Everything that the demo shop sells, oldest first, and the shelves that it lies on."""

from tools.demo.catalogue import acciuga, bemolle, brace, selene
from tools.demo.offers import Offer

OFFERS: tuple[Offer, ...] = tuple(
    sorted(
        (*brace.OFFERS, *acciuga.OFFERS, *selene.OFFERS, *bemolle.OFFERS),
        key=lambda offer: offer.age,
        reverse=True,
    )
)

# Name, slug, description and the parent's slug; parents come first.
SHELVES: tuple[tuple[str, str, str, str | None], ...] = (
    ("Prints", "prints", "Everything on paper, signed and numbered by hand.", None),
    ("Giclée", "giclee", "Pigment prints on cotton paper, in three sizes.", "prints"),
    ("Riso", "riso", "Two spot inks, visible dots, small editions.", "prints"),
    ("Apparel", "apparel", "The characters, to be worn.", None),
    ("Shirts", "shirts", "Screen-printed organic cotton, S to XXL.", "apparel"),
    ("Originals", "originals", "Paintings and drawings of which there is one.", None),
)
