"""The index of texts: what a query finds, in which order, and that nothing is lost that was found before."""

from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.index.segments import TIERS
from catalog.index.texts import TextIndex, Texts, texts_of
from common.collation import folded
from tests.catalog.index.plain_search import plain_tiers

SHOP = {
    1: Texts("Gatto nero", "Stampa su carta di cotone", "Un gatto che dorme sul tetto", "Luna"),
    2: Texts("Gattini al mare", "Stampe piccole", categories=(("stampe-d-arte", "Stampe"),)),
    3: Texts("The old lighthouse", "A print of the harbour", tags=("gatto",)),
    4: Texts("L'arte della notte", "Original painting", character="Il Gatto Giullare"),
    5: Texts("Scatole di latta", "Two boxes", "Signed by the artist", skus=("PRT-00005-A3", "BOX-7")),
    6: Texts("Città di Notte!", "Print, 50x70", listed_as="draft"),
}


def index_of(shop: dict[int, Texts]) -> TextIndex:
    index = TextIndex()
    for product_id, texts in shop.items():
        index.put(product_id, texts)
    return index


def found(query: str, **options: Any) -> list[list[int]]:
    """What is found in the shop: the tiers that are not empty."""
    return [sorted(tier) for tier in index_of(SHOP).find(query, **options) if tier]


@pytest.mark.parametrize(
    ("query", "tiers"),
    [
        ("gatto", [[1], [3, 4]]),
        ("gatt", [[1, 2], [3, 4]]),
        ("GATTO", [[1], [3, 4]]),
        ("stampa", [[2], [1]]),
        ("tti", [[2]]),
        ("notte", [[4, 6]]),
        ("citta", [[6]]),
        ("CITTÀ", [[6]]),
        ("box", [[5]]),
        ("prints", [[3, 6]]),
        ("x", [[5, 6]]),
    ],
)
def test_titles_come_before_characters_categories_and_tags_and_these_before_descriptions(
    query: str, tiers: list[list[int]]
) -> None:
    assert found(query) == tiers


def test_several_words_must_all_match_in_any_order_and_count_by_the_worst() -> None:
    assert found("nero gatto") == [[1]]
    assert found("tetto gatto") == [[1]]
    assert found("gatto harbour") == [[3]]
    assert found("gatto lighthouse cotone") == []


def test_articles_keep_nothing_from_being_found() -> None:
    assert found("il gatto nero") == [[1]]
    assert found("the notte dell'arte") == [[4]]
    assert found("l'arte") == [[4], [2]]


@pytest.mark.parametrize(
    ("query", "tiers"),
    [
        ("gatot nero", [[1]]),
        ("gato", [[1, 3, 4], [2]]),
        ("ligthhuose", [[3]]),
        ("lighthuo", [[3]]),
        ("scatle latta", [[5]]),
        ("ner", [[1]]),
        ("nreo", [[1]]),
        ("nxr", []),
        ("50x07", []),
    ],
)
def test_small_slips_are_forgiven_where_nothing_else_matches(query: str, tiers: list[list[int]]) -> None:
    assert found(query) == tiers


def test_words_that_match_apart_but_not_together_may_be_slips_of_others() -> None:
    shop = {1: Texts("Gatto lungo"), 2: Texts("Luna"), 3: Texts("Ponte")}
    assert [set(tier) for tier in index_of(shop).find("ponti luna") if tier] == []
    shop[4] = Texts("Ponti lune")
    assert [set(tier) for tier in index_of(shop).find("ponti luna") if tier] == [{4}]


def test_skus_are_found_when_they_are_asked_for() -> None:
    assert found("prt-00005") == []
    assert found("prt-00005", with_skus=True) == [[5]]
    assert found("0000", with_skus=True) == [[5]]


def test_what_other_lists_say_decides_nothing() -> None:
    shop = {1: Texts("Gatto"), 2: Texts("Gatot", listed_as="draft")}
    index = index_of(shop)
    assert [set(tier) for tier in index.find("gatot", lists=("published",)) if tier] == [{1}]
    assert [set(tier) for tier in index.find("gatot", lists=("draft",)) if tier] == [{2}]
    assert [set(tier) for tier in index.find("gatot") if tier] == [{2}]


def test_a_query_without_letters_is_looked_for_as_it_is() -> None:
    assert found("!") == [[6]]
    assert found(", ") == [[6]]
    assert found("?") == []
    assert found("") == [[1, 2, 3, 4, 5, 6]]


# Texts of few letters, so that they meet; with what folds, marks that stay, and scripts without blanks.
PIECES = st.sampled_from(
    [
        *"abcdeè 'ßÉ-.!\n_7",
        "gatto",
        "gatti",
        "stampa",
        "il",
        "la",
        "the",
        "が",
        "か\u3099",
        "猫",
        "e\u0301",
        "हि",
        "İ",
    ]
)
TEXT = st.lists(PIECES, max_size=12).map("".join)
TEXTS = st.builds(
    Texts,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple),
    st.lists(TEXT, max_size=2).map(tuple),
    st.lists(TEXT, max_size=2).map(tuple),
    st.sampled_from(("published", "draft")),
)
SHOPS = st.dictionaries(st.integers(1, 9), TEXTS, max_size=6)
LISTS = st.sampled_from((None, ("published",), ("published", "draft")))


@settings(max_examples=40)
@given(SHOPS, TEXT)
@example({1: Texts("a", "b' c")}, "b' c")
@example({1: Texts("l'arte")}, "'")
def test_what_the_old_rule_finds_is_found(shop: dict[int, Texts], query: str) -> None:
    """The old rule: the folded query is a part of the folded title or of either description."""
    wanted = folded(query)
    old = {
        product_id
        for product_id, texts in shop.items()
        if any(wanted in folded(text) for text in (texts.title, texts.short, texts.long))
    }
    assert old <= frozenset().union(*index_of(shop).find(query))


@settings(max_examples=40)
@given(SHOPS, TEXT, st.booleans(), LISTS)
def test_a_query_finds_what_looking_at_each_product_finds(
    shop: dict[int, Texts], query: str, with_skus: bool, lists: tuple[str, ...] | None
) -> None:
    tiers = index_of(shop).find(query, with_skus=with_skus, lists=lists)
    assert tiers == plain_tiers(shop, query, with_skus=with_skus, lists=lists)


CHANGES = st.lists(st.tuples(st.integers(1, 9), st.none() | TEXTS), max_size=25)


@settings(max_examples=25)
@given(CHANGES, TEXT, st.booleans())
def test_what_is_found_depends_on_what_is_there_and_not_on_how_it_came(
    changes: list[tuple[int, Texts | None]], query: str, with_skus: bool
) -> None:
    index = TextIndex()
    shop: dict[int, Texts] = {}
    for product_id, texts in changes:
        if texts is None:
            index.remove(product_id)
            shop.pop(product_id, None)
        else:
            index.put(product_id, texts)
            shop[product_id] = texts
        index.find(query, with_skus=with_skus)
    assert len(index) == len(shop)
    assert index.find(query, with_skus=with_skus) == index_of(shop).find(query, with_skus=with_skus)


@settings(max_examples=20)
@given(SHOPS, CHANGES, TEXT)
def test_what_is_dumped_and_loaded_finds_the_same_and_can_be_changed(
    shop: dict[int, Texts], changes: list[tuple[int, Texts | None]], query: str
) -> None:
    index = TextIndex.load(index_of(shop).dump())
    assert index.find(query) == index_of(shop).find(query)
    for product_id, texts in changes:
        if texts is None:
            index.remove(product_id)
            shop.pop(product_id, None)
        else:
            index.put(product_id, texts)
            shop[product_id] = texts
    assert TextIndex.load(index.dump()).find(query) == index.find(query) == index_of(shop).find(query)


FEW = "gatto gatti luna lune mare notte stampa stampe the il faro fari print prints x è 猫 a4 lampada"
ASKED = ("gatto", "gat", "ga", "a", "luna mare", "fari", "lampda", "notet", "猫", "è x", "nothing", " ")


def test_many_products_that_come_and_change_are_found_as_by_looking_at_each() -> None:
    """So many that words are kept in every way, and that those that changed are put to the others."""
    chance = Random(7)  # noqa: S311 - repeatable, and no secret
    words = [
        "gatto",
        "gatti",
        "luna",
        "lune",
        "mare",
        "notte",
        "stampa",
        "stampe",
        "the",
        "il",
        "faro",
        "fari",
        "print",
        "prints",
        "x",
        "è",
        "猫",
        "a4",
        "lampada",
    ]

    def said() -> Texts:
        title, short = (" ".join(chance.choices(words, k=count)) for count in (2, 5))
        return Texts(
            title, short, character=chance.choice(words), listed_as=chance.choice(("published", "draft"))
        )

    shop = {number: said() for number in range(700)}
    index = TextIndex()
    index.fill(shop.items())
    for number in chance.choices(range(900), k=300):
        shop[number] = said()
        index.put(number, shop[number])
    for number in range(0, 700, 9):
        index.remove(number)
        del shop[number]
    loaded = TextIndex.load(index.dump())
    for query in (
        "gatto",
        "gat",
        "ga",
        "a",
        "luna mare",
        "fari",
        "lampda",
        "notet",
        "猫",
        "è x",
        "nothing",
        " ",
    ):
        wanted = plain_tiers(shop, query, with_skus=False, lists=("published",))
        assert index.find(query, lists=("published",)) == wanted, query
        assert loaded.find(query, lists=("published",)) == wanted, query


def test_filling_is_putting() -> None:
    index = TextIndex()
    index.put(1, Texts("Old"))
    index.fill(SHOP.items())
    assert index.find("gatto") == index_of(SHOP).find("gatto")
    assert index.find("old") == index_of(SHOP).find("old")


@pytest.mark.parametrize("broken", [b"", b"{}", b"{}\n", b'{"format":0}\n', index_of(SHOP).dump()[:-1]])
def test_bytes_of_another_release_and_broken_ones_are_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"stored|Expecting|format|early"):
        TextIndex.load(broken)


def test_tiers_are_always_as_many_and_share_no_product() -> None:
    tiers = index_of(SHOP).find("gatto")
    assert len(tiers) == TIERS
    assert sum(map(len, tiers)) == len(frozenset().union(*tiers))


def test_texts_are_those_of_the_document() -> None:
    document = {
        "id": 7,
        "title": "Gatto",
        "status": "published",
        "long_description": "Lungo",
        "character_value": "Luna",
        "sku": "A-1",
        "variants": {
            "1": {"sku": "A-1-S", "name": "S"},
            "2": {"sku": "A-1-M", "name": "M", "deleted_at": "2026-01-01T00:00:00.000Z"},
        },
        "categories": {"3": {"name": "Stampe", "slug": "stampe"}},
        "tags": ["notte"],
    }
    assert texts_of(document) == Texts(
        "Gatto", "", "Lungo", "Luna", (("stampe", "Stampe"),), ("notte",), ("A-1", "A-1-S")
    )
    assert texts_of(document | {"moderation_status": "pending"}).listed_as == "held_back"
