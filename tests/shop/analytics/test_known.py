"""What a process knows of creators and products, and for how long."""

from common.dynamodb import meter
from common.repositories.creators import Creator
from shop.analytics.known import (
    KNOWN_FOR,
    MOST_UNKNOWN,
    UNKNOWN_FOR,
    Facts,
    creator_as_known,
    is_shown,
)
from tests.shop.analytics.builders import ADA, BEA, creator, product


def test_creator_and_product_are_asked_for_together_and_then_known(table: str) -> None:
    creator()
    product(7)
    with meter() as usage:
        assert is_shown(ADA, 7, 0) == (True, True)
        assert usage.calls == 1
        assert is_shown(ADA, 7, KNOWN_FOR - 1) == (True, True)
        assert is_shown(ADA, None, KNOWN_FOR - 1) == (True, True)
        assert usage.calls == 1
        assert is_shown(ADA, 7, KNOWN_FOR) == (True, True)
        assert usage.calls == 2


def test_a_disabled_creator_is_none_after_some_minutes(table: str) -> None:
    creator()
    assert is_shown(ADA, None, 0) == (True, True)
    creator(status="disabled")
    assert is_shown(ADA, None, KNOWN_FOR) == (False, True)


def test_who_is_not_there_is_asked_for_again_soon(table: str) -> None:
    with meter() as usage:
        assert is_shown(ADA, 7, 0) == (False, False)
        assert is_shown(ADA, 7, UNKNOWN_FOR - 1) == (False, False)
    assert usage.calls == 1
    creator()
    product(7)
    assert is_shown(ADA, 7, UNKNOWN_FOR) == (True, True)


def test_a_product_of_another_or_of_the_shop_or_deleted_is_not_theirs(table: str) -> None:
    creator()
    product(1, BEA)
    product(2, deleted_at="2026-01-01T00:00:00.000Z")
    product(3, "")
    assert [is_shown(ADA, number, 0)[1] for number in (1, 2, 3)] == [False, False, False]


def test_made_up_names_push_out_nobody_who_is_there(table: str) -> None:
    creator()
    is_shown(ADA, None, 0)
    facts: Facts[str] = Facts(MOST_UNKNOWN, UNKNOWN_FOR)
    for number in range(MOST_UNKNOWN + 5):
        facts.learn((f"CREATOR#{number}", "METADATA"), "", 0)
    assert len(facts) == MOST_UNKNOWN
    assert facts.get(("CREATOR#0", "METADATA"), 1) is None
    with meter() as usage:
        is_shown(ADA, None, 1)
    assert usage.calls == 0


def test_whose_an_account_is_is_asked_once_in_a_while_and_again_where_it_was_nobodys() -> None:
    asked = list[int]()
    ada = Creator(id=ADA, slug="ada", display_name="Ada", created_at="", updated_at="")

    def find(found: Creator | None) -> Creator | None:
        asked.append(1)
        return found

    assert creator_as_known("user", "1", lambda: find(None), 0) is None
    assert creator_as_known("user", "1", lambda: find(ada), 0) == ada
    assert creator_as_known("user", "1", lambda: find(None), KNOWN_FOR - 1) == ada
    assert len(asked) == 2
    assert creator_as_known("id", "1", lambda: find(None), 1) is None
    assert creator_as_known("user", "1", lambda: find(None), KNOWN_FOR) is None
