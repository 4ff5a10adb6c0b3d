"""The processes that list and search, and what they write down of each answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from urllib.parse import quote

from tests.engine.catalogue_traffic.asking import Asking, Notes
from tests.engine.catalogue_traffic.goods import BANNED, CATEGORY_NAMES, COMMON, COUNT, JUDGED, word_of
from tests.engine.catalogue_traffic.timeline import (
    EVERYTHING,
    IN_STOCK,
    OF_CATEGORY,
    OF_CREATOR,
    WORD,
    Seen,
)
from tests.support.http import Answer

Question = tuple[str, str, str]
"""What is asked for, its value, and the path."""

_ALL = "/api/products?per_page=100"
_REVISION = re.compile(r" r(\d+)$")
# What all processes of one kind ask: everything, in several orders and by one search.
WHOLE: tuple[Question, ...] = tuple(
    (EVERYTHING, "", path)
    for path in (
        _ALL,
        f"{_ALL}&sort_by=title",
        f"{_ALL}&sort_by=base_price&sort_order=DESC",
        f"{_ALL}&sort_by=created_at&sort_order=ASC",
        f"{_ALL}&search={COMMON}",
        f"{_ALL}&search={COMMON[:5].upper()}&sort_by=title",
        "/api/shop/products?per_page=100&sort_by=title",
        "/api/shop/products?per_page=0",
    )
)
NARROWED: tuple[Question, ...] = (
    (IN_STOCK, "", f"{_ALL}&in_stock=true&sort_by=base_price"),
    *((OF_CATEGORY, name, f"{_ALL}&category={name}") for name in CATEGORY_NAMES),
    *((OF_CREATOR, slug, f"/api/creators/{slug}/products?limit=100") for slug in (JUDGED, BANNED)),
)


@dataclass(slots=True)
class Reader:
    """Asks one thing after another, in half of the cases with the ETag of the last answer."""

    asking: Asking
    notes: Notes
    chance: Random
    kept: dict[str, tuple[str, Answer]] = field(default_factory=dict)

    def ask(self) -> None:
        """Any question."""
        self._asked(self.chance.choice((*WHOLE, *NARROWED, self._search())))

    def ask_everything(self) -> None:
        """Every question, and a search for one product."""
        for question in (*WHOLE, *NARROWED, self._search()):
            self._asked(question)

    def _search(self) -> Question:
        word = word_of(self.chance.randint(1, COUNT))
        return WORD, word, f"{_ALL}&search={quote(word)}"

    def _asked(self, question: Question) -> None:
        asked, value, path = question
        tag, kept = self.kept.get(path, ("", None))
        headers = {"If-None-Match": tag} if tag and self.chance.random() < 0.5 else {}
        began = monotonic()
        answer = self.asking.once("GET", path, headers=headers)
        ended = monotonic()
        if answer.status == 503:
            return
        if answer.status == 304 and kept is not None:
            answer = kept
        shown, total = _shown(asked, answer)
        self.kept[path] = answer.headers.get("ETag", ""), answer
        self.notes.add("seen", Seen(asked, value, began, ended, shown, total, path))


def _shown(asked: str, answer: Answer) -> tuple[Mapping[int, int], int | None]:
    """The revisions of an answer's products by id, and its total."""
    if asked == OF_CREATOR and answer.status == 404:
        # The page of a creator who is shut out is not there.
        return {}, 0
    assert answer.status == 200, answer.text
    return {int(each["id"]): _revision(each["title"]) for each in answer.json["products"]}, answer.json[
        "total"
    ]


def _revision(title: str) -> int:
    found = _REVISION.search(title)
    assert found, title
    return int(found[1])
