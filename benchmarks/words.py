"""The words of measured products: Italian and English, as rare and as frequent as in real texts.

A shop's search is as quick as its vocabulary allows, so a large one needs many words, a few of them
everywhere and most hardly anywhere (Zipf): inflections and compounds of real ones, and surnames.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, permutations, product
from random import Random

LENGTHS = {"short": 80, "long": 400}
"""The most characters that a description has."""

_SEED = 20260101
# Zipf and Mandelbrot: the word of rank r is about 1 / (r + 2.7) ** 1.1 as frequent.
_OFFSET, _STEEPNESS = 2.7, 1.1

# Words and parts of words, in the order of their frequency where they have one.
_LITTLE = """
    di la il e the of che and a in un per con una to le del è della i da with on al for su si by non lo
    from is at gli dei alla come più nel sul an its as dal o ma this tra each ogni fra già così where
    dove quando when into sotto under sopra over perché anche senza without
"""
_FREQUENT = """
    stampa print carta paper originale original mano hand acquerello watercolour inchiostro ink firmata
    signed numerata numbered mare sea notte night luce light città city casa house faro lighthouse gatto
    cat giardino garden luna moon caffè tempo time lunedì libertà virtù poesia edizione edition cotone
    cotton colori colours disegno drawing schizzo sketch blu blue rosso red oro gold vento wind piccolo
    little grande great Camogli Trieste Matera Siena Ortigia Forlì Cefalù
"""
_ITALIAN_ROOTS = """
    acqu alber amic ancor antic arc argent aur autunn azzurr balcon barc bianc bosc brezz camin camp
    cant capell castell cav cerchi ciel cipress coll conchigli cort cupol dolc donn dor estat fabbric
    fald fass feln fest fior foglia font forest foss fracass frutt fum gabbian gall gatt giall giard
    giorn grot ghirland gondol graff granit grill guscin incision inver isol lagun lamp lan lavand legn
    libr limon linc lontan lucern magg mandorl mantell mar mattin melagran merlett mezz miel mirt mont
    mosc mulin mur nav nebbi nid nuvol oliv ombr ond orchestr orizzont ors ort pacific palazz palm pan
    pastell penn perl pescator piazz pietr pin pioggi pium pont port primaver quadr querc quiet raccont
    ram rond ros ruscell sabbi salv sardin scal scogli segret selv sent seren sett silenz sirenett sogn
    sol sorris spiagg stag stell strad tamburr tartarug tavol teatr tempest terr tett torr tramont trenn
    uliv val vascell vel verd vic vill vin viol volp zafferan zagar zaffir zucc
"""
_ENGLISH_ROOTS = """
    amber anchor apple autumn barn bay beach bell bird black bloom blue boat book bough bread bridge
    brook candle castle cedar chapel cherry clay cliff cloud clock coast copper coral corn crow dawn day
    deer dew dock door dove dream drift dusk ember evening fair farm feather fern field fire fish flag
    flower fog forest fox frost gale glass glow goose grain grass green grove gull hall harbour hare
    haven hawk hay hazel heart heath hedge heron hill honey horse ice iron island ivory ivy jade juniper
    kite lake lamb lamp lane lantern lark leaf lemon light lily lime linen lion maple marble marsh
    meadow mill mist moon moor morning moss moth mountain night north oak ocean olive orchard otter owl
    palm path pearl pebble pine pond poppy quill rain raven reed ridge river road robin roof rose rowan
    sail salt sand sea shade shell shore silver sky sleep smoke snow song south spark sparrow spring
    star stone storm stream summer sun swallow swan thistle thorn thunder tide timber tower town tree
    tulip vale velvet vine violet water wave west wheat whisper white wild willow wind wing winter wolf
    wood wool wren
"""
_ITALIAN_ENDINGS = """
    a o e i ina ino ine ini etta etto ette etti one oni accia accio uccia uccio are ata ato ate ati ava
    avano ando ante anti azione azioni atore atrice ale ali ario aria eria erie oso osa osi ose ista
    isti ità issimo issima mente
"""
_ENGLISH_ENDINGS = ("", "s", "ed", "ing", "er", "ers", "y", "less", "like", "ful")
_FIRST_SYLLABLES = """
    Ba Bel Ber Bran Ca Car Col Cor Do Fab Fer Gal Gar Lan Lo Mar Mon Mor Pel Ran Ri Ros Sal Tar Val Ven
    Zan Ash Brad Clif Dun Har Kel Lang Mel Nor Rad Sel Stan Thorn Wal
"""
_MIDDLE_SYLLABLES = """
    ba ca da den do fi ga gle la li lo ma me na ni po ra ri ro sa ta ter ti to va ve zo
"""
_LAST_SYLLABLES = """
    bini celli chini detti dini field gati ghi lini lli mani netti ni ri rini ro sini son ston telli ton
    vani
"""
_TITLES = (
    "{0} {1}", "{0} {1} {2}", "{0} di {1}", "Il {0} e la {1}", "The {0} and the {1}",
    "{0} of the {1}",
    "{0} {1} in {2}", "{0}, {1}", "La {0} del {1} {2}", "{0} under the {1}", "{0} – {1} ({2})",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texts:
    """What is written of one product; the descriptions end with a whole word."""

    title: str
    short_description: str
    long_description: str


@cache
def vocabulary() -> tuple[str, ...]:
    """All words, about 70,000, the most frequent first."""
    chance, found = _random(0), [*_LITTLE.split(), *_FREQUENT.split()]
    for words in (list(_inflections()), list(_names_and_compounds())):
        chance.shuffle(words)
        found += words
    return tuple(dict.fromkeys(found))


def texts_of(number: int) -> Texts:
    """The texts of the product with this number, which are always the same; its title has no little words."""
    chance = _random(number + 1)
    title = chance.choice(_TITLES).format(*_chosen(chance, 3, from_rank=len(_LITTLE.split())))
    return Texts(
        title=title[:1].upper() + title[1:],
        short_description=_description(chance, LENGTHS["short"]),
        long_description=_description(chance, LENGTHS["long"]),
    )


def _random(number: int) -> Random:
    return Random(_SEED + number)  # noqa: S311 - repeatable, and no secret


def _description(chance: Random, length: int) -> str:
    # Five characters and a space is what a word has at least on average here.
    text = " ".join(_chosen(chance, length // 6 + 8)).capitalize()
    return text[: length - 1].rpartition(" ")[0] + "."


def _chosen(chance: Random, count: int, from_rank: int = 0) -> list[str]:
    words, weights = _weighted(from_rank)
    return chance.choices(words, cum_weights=weights, k=count)


@cache
def _weighted(from_rank: int) -> tuple[tuple[str, ...], list[float]]:
    words = vocabulary()[from_rank:]
    shares = (1 / (rank + _OFFSET) ** _STEEPNESS for rank in range(from_rank, len(vocabulary())))
    return words, list(accumulate(shares))


def _inflections() -> Iterator[str]:
    yield from map("".join, product(_ITALIAN_ROOTS.split(), _ITALIAN_ENDINGS.split()))
    yield from map("".join, product(_ENGLISH_ROOTS.split(), _ENGLISH_ENDINGS))


def _names_and_compounds() -> Iterator[str]:
    yield from map("".join, permutations(_ENGLISH_ROOTS.split(), 2))
    syllables = (_FIRST_SYLLABLES.split(), _MIDDLE_SYLLABLES.split(), _LAST_SYLLABLES.split())
    yield from map("".join, product(*syllables))
