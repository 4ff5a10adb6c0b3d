"""The texts that are measured have words as frequent and as rare as those of real ones."""

from collections import Counter

from benchmarks.words import LENGTHS, Texts, texts_of, vocabulary

PRODUCTS = 2000


def words_of(texts: Texts) -> list[str]:
    whole = f"{texts.title} {texts.short_description} {texts.long_description}"
    return whole.lower().split()


def test_a_few_words_are_everywhere_and_most_hardly_anywhere() -> None:
    seen = Counter(word for number in range(PRODUCTS) for word in words_of(texts_of(number)))
    most, *_ = seen.most_common(1)
    assert most[1] > PRODUCTS
    once = sum(count == 1 for count in seen.values())
    assert len(seen) / 4 < once < len(seen) * 3 / 4
    assert len(seen) > 10_000


def test_descriptions_have_the_length_that_budgets_are_written_for_and_end_with_a_whole_word() -> None:
    known = {word.lower() for word in vocabulary()}
    for number in range(PRODUCTS):
        texts = texts_of(number)
        for text, length in ((texts.short_description, "short"), (texts.long_description, "long")):
            assert LENGTHS[length] * 0.6 < len(text) <= LENGTHS[length]
            assert text.rstrip(".").lower().split()[-1] in known, text


def test_texts_are_the_same_in_every_run_and_differ_between_products() -> None:
    assert texts_of(7) == texts_of(7)
    assert len({texts_of(number).long_description for number in range(PRODUCTS)}) == PRODUCTS


def test_words_have_accents_and_both_languages() -> None:
    assert {"perché", "città", "lighthouse", "acquerello"} <= set(vocabulary())
    assert len(set(vocabulary())) == len(vocabulary()) > 50_000
