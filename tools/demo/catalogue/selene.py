"""What the shop sells of Selene Malumore."""

from tools.demo.catalogue.brace import COTTON, RECYCLED
from tools.demo.offers import Offer, original, prints, shirts
from tools.demo.pictures.shirts import Shirt
from tools.demo.pictures.works import Work

OFFERS = (
    Offer(
        title="Selene sopra i tetti",
        short="She would rather sleep, the town would rather not. Giclée print in violet.",
        long=(
            "Every window is lit and Selene has an opinion on each of them. The print shows the "
            "hour between the last tram and the first baker, in eleven violets and one yellow; it "
            "took three proofs until the yellow stopped shouting. Pigment inks on cotton rag with "
            "a narrow margin, signed and numbered. People hang it in bedrooms and report, so far "
            "without proof, that it works."
        ),
        price="36.00",
        age=290,
        shelves=("prints", "giclee"),
        art=Work("selene", "town", "night", "giclee", 18, "cross"),
        variants=prints("SEL-TETTI", COTTON, {"A4": 14, "A3": 8, "50x70": 5}),
    ),
    Offer(
        title="Orbita lenta",
        short="Rings, small planets and a moon who is in no hurry at all. Giclée print.",
        long=(
            "An astronomical plate for people who arrive late. Selene keeps to the middle, "
            "everything else turns around her, and none of the distances is right. The thin rings "
            "are printed in a pale yellow that only shows when the light comes from the side. "
            "Cotton rag, pigment inks, sixty sheets over all sizes. The frame in the photograph "
            "is not part of the print, nor is the lamp."
        ),
        price="38.00",
        age=228,
        shelves=("giclee",),
        art=Work("selene", "heavens", "night", "giclee", 24),
        variants=prints("SEL-ORBITA", COTTON, {"A4": 10, "A3": 2, "50x70": 0}),
    ),
    Offer(
        title="Malumore di mare (riso)",
        short="Pink and ultramarine: the moon looks down and the tide does as it is told.",
        long=(
            "The tide is nothing but the moon's bad temper, spread over a large area. Two inks, "
            "fluorescent pink and ultramarine, printed wet on wet on recycled paper so that the "
            "sea turns violet where they meet. The pink fades a little in full sun, as Selene "
            "would; hang it where mornings are late. An edition of one hundred, numbered on the "
            "back and stamped with the small star."
        ),
        price="18.00",
        age=165,
        shelves=("prints", "riso"),
        art=Work("selene", "sea", "dusk", "riso", 10, "calm"),
        variants=prints("SEL-MARE", RECYCLED, {"A4": 22, "A3": 9}),
    ),
    Offer(
        title="Nightcap Tee",
        short="The moon under an arch, on midnight blue. Also worn as pyjamas.",
        long=(
            "The shirt in which most of this shop was packed. Selene sits under a three-coloured "
            "arch with her nightcap on, printed in water-based inks that are discharged into the "
            "cloth, so that the midnight blue stays as soft as it was. Combed organic cotton, "
            "straight cut, ribbed collar. It is meant for the day but has been seen at breakfast, "
            "and on one occasion at a wedding."
        ),
        price="29.00",
        age=108,
        shelves=("shirts",),
        art=(Shirt("selene", "#241C4D", "arch", 6, "calm"),),
        variants=shirts("SEL-CAP", "Midnight", 4, 0, 7, 5, 2),
        pictures=2,
    ),
    Offer(
        title="Teatrino della luna",
        short="A stage, a cone of light, and a star who did not want the part. Giclée print.",
        long=(
            "For one night only, and against her will, Selene plays herself. The curtains are "
            "painted in two reds that the printer mixed for this sheet and has not been able to "
            "repeat since. It belongs to the series of the small theatres and has the same size "
            "as its sisters, so that they can hang in a row. Pigment print on cotton rag, signed "
            "on the front, with a strip of colour proofs enclosed."
        ),
        price="42.00",
        age=66,
        shelves=("prints", "giclee"),
        art=Work("selene", "stage", "night", "giclee", 7, "cross"),
        variants=prints("SEL-TEATRO", COTTON, {"A4": 9, "A3": 7, "50x70": 3}),
    ),
    Offer(
        title="Luna in giardino, original",
        short="Gouache on paper, 50 × 65 cm: the night on which she came down to look.",
        long=(
            "The largest painting of the series and the only one in which Selene is seen from "
            "near by. The leaves were laid in with a brush as wide as a hand, the flowers with "
            "one of three hairs. Gouache on cold-pressed paper of 640 grams, which does not curl. "
            "Signed with the red seal, with a certificate; collection at the studio is welcome "
            "and includes a coffee and a look at the sketches."
        ),
        price="480.00",
        age=30,
        shelves=("originals",),
        art=Work("selene", "garden", "night", "original", 26, "calm"),
        variants=original("SEL-GIARDINO", "gouache on paper", "50 × 65 cm"),
    ),
    Offer(
        title="Selene Long Sleeve (campione)",
        short="Sample of the winter shirt, free motif on lilac. Waiting for the second fitting.",
        long=(
            "The winter shirt as it came back from the first fitting: the motif stands free, "
            "without its arch, on a lilac that is somewhat lighter than planned. The sleeves are "
            "still those of the summer cut in the photograph and will be long. Cotton of 220 "
            "grams, five colours, sizes from S to XXL. Stock will be entered when the boxes "
            "arrive, which the mill promises for the autumn."
        ),
        price="38.00",
        age=3,
        shelves=("apparel", "shirts"),
        art=(Shirt("selene", "#CFC2EA", "free", 5),),
        variants=shirts("SEL-LONG", "Lilac", 0, 0, 0, 0, 0),
        pictures=2,
        status="draft",
    ),
)
