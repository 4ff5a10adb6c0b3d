"""What the shop sells of Gufo Bemolle."""

from tools.demo.catalogue.brace import COTTON, RECYCLED
from tools.demo.offers import Offer, original, prints, shirts
from tools.demo.pictures.shirts import Shirt
from tools.demo.pictures.works import Work

OFFERS = (
    Offer(
        title="Serata d'addio (l'ennesima)",
        short="The owl's farewell recital, one of many. Giclée print with green curtains.",
        long=(
            "Gufo Bemolle has taken leave of the stage eleven times, and each time the applause "
            "was in B flat. This sheet shows the fourth farewell, before the encore, when nobody "
            "had gone home yet. Part of the series of the small theatres. Pigment inks on cotton "
            "rag, signed and numbered; the programme of the evening is printed on the back, "
            "spelling mistakes included."
        ),
        price="42.00",
        age=325,
        shelves=("prints", "giclee"),
        art=Work("bemolle", "stage", "night", "giclee", 16),
        variants=prints("BEM-SERATA", COTTON, {"A4": 11, "A3": 6, "50x70": 2}),
    ),
    Offer(
        title="Notturno per betulle e gufo",
        short="A wood, fireflies and a long low note. Giclée print in plum and gold.",
        long=(
            "The lowest note in Bemolle's reach can only be heard by trees. They have been seen "
            "to lean towards it; the print shows them doing so. Fireflies are left out of the "
            "plum ink and are the bare paper, which is why they seem to glow. Cotton rag, pigment "
            "inks, with a white margin for framing. Also a good present for people who play the "
            "double bass and have everything."
        ),
        price="36.00",
        age=240,
        shelves=("giclee",),
        art=Work("bemolle", "wood", "night", "giclee", 20, "calm"),
        variants=prints("BEM-NOTTE", COTTON, {"A4": 5, "A3": 4, "50x70": 1}),
    ),
    Offer(
        title="Etichetta del Conservatorio (riso)",
        short="The school's emblem, as designed by its only pupil. Two inks, A4 and A3.",
        long=(
            "The conservatory has one teacher, one pupil and one emblem, and all three are the "
            "owl. The rays stand for the applause to come. Printed in plum and ochre on recycled "
            "natural white, with dots that can be felt with a fingertip while the ink is fresh. "
            "Numbered on the back, up to one hundred. The A3 looks well above a piano; the A4 "
            "fits into most music cases."
        ),
        price="18.00",
        age=174,
        shelves=("prints", "riso"),
        art=Work("bemolle", "emblem", "day", "riso", 13),
        variants=prints("BEM-ETICH", RECYCLED, {"A4": 19, "A3": 0}),
    ),
    Offer(
        title="Half a Tone Lower Tee",
        short="Sleeping owl in a plum roundel, on natural cotton. S to XXL.",
        long=(
            "For everybody who comes in half a tone lower and means it. Bemolle sleeps in his "
            "roundel through rehearsals, concerts and wash cycles at thirty degrees. Printed by "
            "hand in six water-based colours on combed organic cotton, undyed, with the small "
            "seeds of the plant still to be seen in the cloth. The first edition is gone to the "
            "last piece; the screens are being cleaned."
        ),
        price="29.00",
        age=131,
        shelves=("apparel", "shirts"),
        art=(Shirt("bemolle", "#F4EDE0", "disc", 5, "calm"),),
        variants=shirts("BEM-TEE", "Natural", 0, 0, 0, 0, 0),
        pictures=2,
    ),
    Offer(
        title="Encore Tee",
        short="Awake at last: the owl under an arch, on deep plum. Heavier cloth.",
        long=(
            "The encore to the sleeping owl, and its opposite: eyes open, deep plum, a heavier "
            "cloth of 220 grams that keeps its shape. The arch is printed in three colours that "
            "were left over from the theatre posters, so that the shirt and the print on the wall "
            "go together, should you wear one in front of the other. Organic cotton, ribbed "
            "collar, double seams, packed at the studio."
        ),
        price="32.00",
        age=49,
        shelves=("shirts",),
        art=(Shirt("bemolle", "#4B2338", "arch", 8),),
        variants=shirts("BEM-ENCORE", "Plum", 7, 12, 10, 6, 4),
        pictures=2,
    ),
    Offer(
        title="Prova generale, original",
        short="Ink wash and gouache, 40 × 50 cm: the dress rehearsal, before it went wrong.",
        long=(
            "A dress rehearsal for an opera of which only the hills were ever built. Ink wash on "
            "heavy paper, with the owl in gouache on top; where the brush left the sheet the edge "
            "was kept as it was. It hung for a year over the stove of the studio and has not "
            "suffered. Signed with the red seal, with a certificate, and packed in a flat wooden "
            "case that may be sent back for the deposit."
        ),
        price="395.00",
        age=14,
        shelves=("originals",),
        art=Work("bemolle", "hills", "dusk", "original", 18),
        variants=original("BEM-PROVA", "ink wash and gouache on paper", "40 × 50 cm"),
    ),
)
