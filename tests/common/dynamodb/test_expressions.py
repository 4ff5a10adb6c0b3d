"""Tests of conditions and updates: their rendering, and their meaning to an engine."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import (
    Condition,
    ConditionFailed,
    Expression,
    Update,
    attr,
    get_item,
    put_item,
    update_item,
)

# Some of the more than 500 (DynamoDB Developer Guide, "Reserved words in DynamoDB").
RESERVED_WORDS = """
    ABORT ADD ALL AND ATTRIBUTE BETWEEN BLOB CASE CATEGORY COMMENT CONDITION COUNT CURSOR DATE DAY
    DELETE DESC DESCRIBE EXISTS FILTER FROM GROUP HASH HIDDEN IN INDEX ITEMS KEY KEYS LANGUAGE LAST
    LEVEL LIMIT LIST LOCATION MAP MAX MIN MODE MONTH NAME NOT NULL NUMBER OF OFFSET OPTION OR ORDER
    OWNER PATH PERCENT POSITION PROFILE PUBLIC QUANTITY RANGE REGION REMOVE ROLE SECTION SESSION SET
    SIZE SOURCE STATE STATUS STORAGE SYSTEM TEMPORARY TEXT TIME TIMESTAMP TITLE TOKEN TOTAL TTL TYPE
    UNIQUE UPDATE URL USER UUID VALUE VALUES VIEW WHERE YEAR
"""
RESERVED = RESERVED_WORDS.split()

ITEM: dict[str, Any] = {
    "PK": "A",
    "SK": "B",
    "status": "published",
    "count": 5,
    "limit": 7,
    "price": Decimal("12.5"),
    "tags": ["ink", "paper"],
    "sizes": {"S", "L"},
    "stock": {"12": 3},
    "lines": [{"quantity": 2}],
    "note": None,
}

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12) | st.sampled_from(RESERVED)
paths = st.builds(lambda head, tail: (head, *tail), names, st.lists(names | st.integers(0, 9), max_size=3))


def rendered(condition: Condition) -> tuple[str, dict[str, Any]]:
    expression = Expression()
    return condition.render(expression), expression.parameters()


def test_a_comparison_has_an_alias_and_a_placeholder() -> None:
    assert rendered(attr("status").eq("draft")) == (
        "#n0 = :v0",
        {"ExpressionAttributeNames": {"#n0": "status"}, "ExpressionAttributeValues": {":v0": {"S": "draft"}}},
    )


def test_a_test_without_values_defines_none() -> None:
    assert rendered(attr("PK").missing()) == (
        "attribute_not_exists(#n0)",
        {"ExpressionAttributeNames": {"#n0": "PK"}},
    )


def test_one_name_has_one_alias_wherever_it_is_used() -> None:
    text, parameters = rendered(attr("stock", "12").ge(1) & attr("stock", "13").lt(5) & attr("12").exists())
    assert text == "(#n0.#n1 >= :v0 AND #n0.#n2 < :v1 AND attribute_exists(#n1))"
    assert parameters["ExpressionAttributeNames"] == {"#n0": "stock", "#n1": "12", "#n2": "13"}


def test_positions_of_lists_are_no_names() -> None:
    text, parameters = rendered(attr("lines", 0, "quantity").gt(1))
    assert text == "#n0[0].#n1 > :v0"
    assert parameters["ExpressionAttributeNames"] == {"#n0": "lines", "#n1": "quantity"}


def test_groups_are_flat_where_the_word_is_the_same() -> None:
    a, b, c = attr("a").exists(), attr("b").exists(), attr("c").exists()
    assert rendered(a & (b & c))[0].count("(") == rendered((a & b) & c)[0].count("(") == 4
    assert rendered(a & (b | c))[0] == (
        "(attribute_exists(#n0) AND (attribute_exists(#n1) OR attribute_exists(#n2)))"
    )
    assert rendered(~(a | b))[0] == "(NOT (attribute_exists(#n0) OR attribute_exists(#n1)))"


@given(paths, paths)
def test_no_name_and_no_value_stands_in_the_text(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    expression = Expression()
    condition = (attr(*one).eq("x") | ~attr(*other).between(1, 2)).render(expression)
    update = Update().set(one, other[0])
    if other != one:
        update.remove(other)
    text = f"{condition} {update.render(expression)}"
    words = set(re.findall(r"[^\s()=,.\[\]]+", text))
    assert all(re.fullmatch(r"#n\d+|:v\d+|\d+|OR|NOT|BETWEEN|AND|SET|REMOVE", word) for word in words)
    assert set(expression.names.values()) == {part for part in (*one, *other) if isinstance(part, str)}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (attr("status").exists(), True),
        (attr("missing").exists(), False),
        (attr("missing").missing(), True),
        (attr("status").missing(), False),
        (attr("status").eq("published"), True),
        (attr("status").eq("draft"), False),
        (attr("note").eq(None), True),
        (attr("status").ne("draft"), True),
        (attr("missing").ne("draft"), True),
        (attr("status").ne("published"), False),
        (attr("count").lt(5), False),
        (attr("count").le(5), True),
        (attr("count").gt(5), False),
        (attr("count").ge(5), True),
        (attr("missing").ge(5), False),
        (attr("price").between(Decimal("12.5"), 13), True),
        (attr("price").between(13, 14), False),
        (attr("status").begins_with("pub"), True),
        (attr("status").begins_with("ub"), False),
        (attr("status").contains("lish"), True),
        (attr("tags").contains("ink"), True),
        (attr("tags").contains("oil"), False),
        (attr("sizes").contains("L"), True),
        (attr("status").is_in(["draft", "published"]), True),
        (attr("status").is_in(str(n) for n in range(100)), False),
        (attr("stock", "12").ge(3), True),
        (attr("stock", "13").exists(), False),
        (attr("lines", 0, "quantity").eq(2), True),
        (attr("lines", 1).exists(), False),
        (attr("count").lt(attr("limit")), True),
        (attr("limit").lt(attr("count")), False),
        (~attr("status").eq("draft"), True),
        (attr("status").eq("draft") | attr("count").eq(5), True),
        (attr("status").eq("draft") & attr("count").eq(5), False),
        (attr("count").eq(5) & ~(attr("tags").contains("oil") | attr("note").exists()), False),
    ],
)
def test_what_conditions_mean(table: str, condition: Condition, holds: bool) -> None:
    put_item(ITEM)
    if holds:
        put_item({"PK": "A", "SK": "B"}, condition=condition)
        assert get_item(("A", "B")) == {"PK": "A", "SK": "B"}
    else:
        with pytest.raises(ConditionFailed):
            put_item({"PK": "A", "SK": "B"}, condition=condition)
        assert get_item(("A", "B")) == ITEM


def test_reserved_words_are_names_like_others(table: str) -> None:
    key = ("A", "B")
    update = Update()
    for position, word in enumerate(RESERVED):
        update.set(word, position)
    update_item(key, update)
    condition = attr(RESERVED[0]).eq(0)
    for position, word in enumerate(RESERVED[1:], start=1):
        condition &= attr(word).eq(position)
    changed = update_item(key, Update().remove(*RESERVED[1:]), condition=condition)
    assert changed == {"PK": "A", "SK": "B", RESERVED[0]: 0}


def test_what_updates_mean(table: str) -> None:
    put_item(ITEM)
    changed = update_item(
        ("A", "B"),
        Update()
        .set("status", "draft")
        .set(("stock", "13"), 9)
        .set(("lines", 0, "quantity"), 4)
        .set("ceiling", attr("limit"))
        .set_default("count", 100)
        .set_default("fresh", 100)
        .increment("price", Decimal("-0.5"))
        .increment(("stock", "12"), -2)
        .add("visits", 1)
        .add("sizes", {"XL"})
        .remove("note", "tags", "never_there"),
    )
    expected = ITEM | {
        "status": "draft",
        "stock": {"12": 1, "13": 9},
        "lines": [{"quantity": 4}],
        "ceiling": 7,
        "fresh": 100,
        "price": 12,
        "visits": 1,
        "sizes": {"S", "L", "XL"},
    }
    del expected["note"], expected["tags"]
    assert changed == expected == get_item(("A", "B"))


def test_an_empty_update_is_refused() -> None:
    assert not Update()
    assert Update().remove("a")
    with pytest.raises(ValueError, match="changes nothing"):
        Update().render(Expression())


def test_a_path_is_changed_once_only() -> None:
    with pytest.raises(ValueError, match="twice"):
        Update().set("status", 1).remove("status")
    with pytest.raises(ValueError, match="twice"):
        Update().set(("stock", "1"), 1).increment(("stock", "1"), 1)


@pytest.mark.parametrize("path", [(), ("",), (0, "a"), ("a", "")])
def test_paths_start_with_a_name_and_have_no_empty_part(path: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="no path"):
        attr(*path)


@pytest.mark.parametrize("amount", [0, 101])
def test_choices_are_1_to_100(amount: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        attr("a").is_in(range(amount))
