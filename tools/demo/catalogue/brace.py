"""What the shop sells of Brace la Volpe."""

from tools.demo.offers import Offer, original, prints, shirts
from tools.demo.pictures.shirts import Shirt
from tools.demo.pictures.works import Work

COTTON = "cotton rag, 310 g/m²"
RECYCLED = "recycled natural white, 170 g/m²"

OFFERS = (
    Offer(
        title="Brace sotto la luna grande",
        short="A fox, five hills and a moon that is larger than it has to be. Giclée print.",
        long=(
            "Brace has climbed down from the last hill and waits for the supper bell. The five "
            "ridges behind her are those one sees from the studio's kitchen window, cypresses "
            "included. Printed with twelve pigment inks on heavy cotton paper, with a narrow "
            "white margin for framing; each sheet is signed and numbered in pencil on the front, "
            "and travels flat between two boards."
        ),
        price="34.00",
        age=338,
        shelves=("prints", "giclee"),
        art=Work("brace", "hills", "night", "giclee", 31),
        variants=prints("BRA-LUNA", COTTON, {"A4": 18, "A3": 9, "50x70": 4}),
    ),
    Offer(
        title="Volpe nel bosco di betulle",
        short="Brace loses her way among the birches, or says so. Giclée print in three sizes.",
        long=(
            "Drawn after a week of fog in the Casentino, when the trunks were all that was left "
            "of the wood. Brace pretends to be lost so that somebody will carry her home; the "
            "ferns know better. Printed on cotton rag with pigment inks that keep for a century "
            "behind glass. The edition is limited to eighty sheets over all sizes, and the plate "
            "is not printed again after that."
        ),
        price="36.00",
        age=201,
        shelves=("giclee",),
        art=Work("brace", "wood", "day", "giclee", 12, "calm"),
        variants=prints("BRA-BOSCO", COTTON, {"A4": 7, "A3": 0, "50x70": 3}),
    ),
    Offer(
        title="Fuoco di paese (riso)",
        short="Two inks, bright orange and teal, and every roof of the village at dusk.",
        long=(
            "A two-colour risograph of the evening on which the whole village sat on the steps "
            "because it was too warm to sleep. The inks are laid over each other by hand-fed "
            "passes, so that no two sheets meet in quite the same place: the small shifts are "
            "part of the print. Recycled paper, soy-based ink, an edition of one hundred and "
            "twenty, numbered on the back and stamped with the fox."
        ),
        price="18.00",
        age=142,
        shelves=("prints", "riso"),
        art=Work("brace", "town", "dusk", "riso", 8),
        variants=prints("BRA-FUOCO", RECYCLED, {"A4": 26, "A3": 14}),
    ),
    Offer(
        title="Brace Mask Tee",
        short="The folded-paper face of the fox on petrol blue, screen-printed by hand.",
        long=(
            "The mask that Brace wears to weddings, and everywhere else. Six water-based colours, "
            "pulled by hand through as many screens and cured so that they stay soft: you feel "
            "the cloth, not the print. The shirt is combed organic cotton in a straight cut that "
            "suits most people; take one size more for a loose fit. Wash it inside out at thirty "
            "degrees and let it dry on the line."
        ),
        price="29.00",
        age=96,
        shelves=("apparel", "shirts"),
        art=(Shirt("brace", "#1F4A52", "free", 6), Shirt("brace", "#F4EADB", "free", 9)),
        variants=(
            *shirts("BRA-MASK", "Petrol", 6, 11, 9, 4, 0),
            *shirts("BRA-MASK", "Natural", 3, 8, 7, 2, 2),
        ),
    ),
    Offer(
        title="Campanello (mini riso)",
        short="A small round fox for the door, the fridge or a letter. A5, two inks.",
        long=(
            "The smallest sheet in the shop: the head of Brace in a sunburst, as on the label of "
            "a soda that was never made. It began as a thank-you card for orders and was asked "
            "for so often that it got a price. Risograph in orange and teal on recycled card, cut "
            "to A5 by hand. It fits a cheap frame, an envelope and most pockets, and is sent in a "
            "letter unless something else is in the parcel."
        ),
        price="8.00",
        age=58,
        shelves=("riso",),
        art=Work("brace", "emblem", "day", "riso", 4),
        variants=prints("BRA-CAMP", RECYCLED, {"A5": 60}),
        pictures=2,
    ),
    Offer(
        title="Giardino d'ottobre, original painting",
        short="Gouache and ink on paper, 40 × 50 cm: the fox among the last flowers.",
        long=(
            "Painted in two afternoons of October with the window open. The garden is a thin wash "
            "in few tones; Brace alone has all her colours, because she was the only one who sat "
            "still. Gouache and ink on cold-pressed paper of 425 grams, signed with the red seal. "
            "It is sold without a frame, wrapped in glassine, with a certificate, and insured for "
            "the whole way to your door."
        ),
        price="420.00",
        age=21,
        shelves=("originals",),
        art=Work("brace", "garden", "dusk", "original", 17, "calm"),
        variants=original("BRA-OTTOBRE", "gouache and ink on paper", "40 × 50 cm"),
    ),
)
