"""What the shop sells of Ammiraglio Acciuga."""

from tools.demo.catalogue.brace import COTTON, RECYCLED
from tools.demo.offers import Offer, original, prints, shirts
from tools.demo.pictures.shirts import Shirt
from tools.demo.pictures.works import Work

OFFERS = (
    Offer(
        title="L'Ammiraglio prende il largo",
        short="An anchovy of rank leaves harbour at sunset, waves at attention. Giclée print.",
        long=(
            "The official portrait, or as close to one as the Ammiraglio allows. He asked for a "
            "ship and was given the sea; the waves stand in rows because he inspected them first. "
            "Seven bands of blue, one low sun and a plume that took a whole morning. Pigment "
            "print on cotton rag, signed and numbered, with a white margin of a finger's width. "
            "The large sheet is sent rolled in a stout tube."
        ),
        price="34.00",
        age=312,
        shelves=("prints", "giclee"),
        art=Work("acciuga", "sea", "dusk", "giclee", 22),
        variants=prints("ACC-LARGO", COTTON, {"A4": 12, "A3": 6, "50x70": 2}),
    ),
    Offer(
        title="Fondale con medaglia",
        short="Under water, off duty, medal on: a quiet blue print for a loud room.",
        long=(
            "Nobody salutes at forty metres, which is why the Ammiraglio comes here on Sundays. "
            "The light falls through in four wide rays, the weeds do what they like, and the "
            "medal shines all the same. A calm sheet in greens and blues that has ended up in "
            "more bathrooms than any other print of the shop. Pigment inks on cotton rag; keep it "
            "out of the steam and it will outlive the tiles."
        ),
        price="34.00",
        age=254,
        shelves=("giclee",),
        art=Work("acciuga", "depths", "day", "giclee", 14, "calm"),
        variants=prints("ACC-FONDALE", COTTON, {"A4": 0, "A3": 5, "50x70": 1}),
    ),
    Offer(
        title="Regata storta (riso)",
        short="Coral and navy, big dots, a fish with an opinion. Edition of ninety.",
        long=(
            "Printed on the machine of the parish in two inks that were never meant to meet. The "
            "dots are large enough to be counted from the sofa, and the second ink sits a hair to "
            "the right, as it should. The regatta itself cannot be seen: the Ammiraglio swam in "
            "front of it. Ninety sheets on recycled natural white, numbered on the back. This "
            "edition has found its ninety homes."
        ),
        price="18.00",
        age=183,
        shelves=("prints", "riso"),
        art=Work("acciuga", "sea", "dusk", "riso", 5, "cross"),
        variants=prints("ACC-REGATA", RECYCLED, {"A4": 0, "A3": 0}),
    ),
    Offer(
        title="Acciuga Club Tee",
        short="Club shirt of the smallest navy in the Mediterranean. Natural or sea blue.",
        long=(
            "There is no club, no harbour and no statute; there is a shirt. The roundel on the "
            "chest shows the Ammiraglio before a rising sun, printed in seven water-based colours "
            "on combed organic cotton. It is pre-washed, so that it will not shrink at sea or "
            "elsewhere. Members greet each other with a slow nod to the left. Wash inside out at "
            "thirty degrees, away from real anchovies."
        ),
        price="28.00",
        age=121,
        shelves=("apparel", "shirts"),
        art=(Shirt("acciuga", "#F7F2E4", "disc", 7), Shirt("acciuga", "#1F5F88", "disc", 12)),
        variants=(
            *shirts("ACC-CLUB", "Natural", 5, 9, 12, 6, 3),
            *shirts("ACC-CLUB", "Sea blue", 0, 4, 6, 0, 1),
        ),
    ),
    Offer(
        title="Carta delle stelle del porto",
        short="The Ammiraglio's own star chart, wrong in every detail. Riso, two sizes.",
        long=(
            "Before instruments, captains steered by the stars; the Ammiraglio steers by this. "
            "The rings are the orbits of the harbour lamps, the planets are what the cook left on "
            "the table, and north is wherever his moustache points. Two passes of ink, coral and "
            "navy, on recycled paper. It comes folded like a real chart if you write so in the "
            "order, otherwise flat between boards."
        ),
        price="16.00",
        age=74,
        shelves=("riso",),
        art=Work("acciuga", "heavens", "dusk", "riso", 9),
        variants=prints("ACC-CARTA", RECYCLED, {"A4": 31, "A3": 17}),
        pictures=2,
    ),
    Offer(
        title="Ritratto di bordo, original",
        short="Ink and gouache, 30 × 40 cm: the study from which the first stories grew.",
        long=(
            "The very first Ammiraglio that was kept. He had no name yet, and the hat was to have "
            "been a sauce boat. Ink and gouache on heavy paper with brushed edges; a small stain "
            "at the lower left is coffee and stays. Signed with the red seal, delivered with a "
            "certificate in a wooden travelling frame. It left for a private collection in spring "
            "and is shown here for the record."
        ),
        price="360.00",
        age=40,
        shelves=("originals",),
        art=Work("acciuga", "town", "dusk", "original", 28),
        variants=original("ACC-RITRATTO", "ink and gouache on paper", "30 × 40 cm", sold=True),
    ),
    Offer(
        title="Bollettino dei naviganti (prova)",
        short="Proof of next season's print: the storm that asked the Ammiraglio for advice.",
        long=(
            "A first proof on cotton rag for the print that opens the autumn season. The inks of "
            "the sky are still under discussion with the printer, who wants more green, and the "
            "title may lose its second word. The Ammiraglio has approved the waves. Sizes and "
            "paper will be those of the other giclée prints; the edition, the price of the large "
            "sheet and the day of release are not settled yet."
        ),
        price="36.00",
        age=6,
        shelves=("giclee",),
        art=Work("acciuga", "sea", "night", "giclee", 33, "cross"),
        variants=prints("ACC-BOLL", COTTON, {"A4": 0, "A3": 0}),
        pictures=2,
        status="draft",
    ),
)
