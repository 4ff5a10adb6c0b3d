"""Of what a caller was shown only what differs is a change."""

from common.http.unchanged import not_in


def test_what_was_shown_is_no_change() -> None:
    assert not_in({"a": 1, "b": None, "c": [1]}, {"a": 1, "b": "", "c": [1], "d": 2}) == {"b": "", "d": 2}


def test_a_truth_is_no_number() -> None:
    shown = {"a": 1, "b": {"c": [True]}, "d": False, "e": {"f": 1}, "g": [1, 2]}
    sent = {"a": True, "b": {"c": [1]}, "d": 0, "e": {"f": 1.0}, "g": [1]}
    assert not_in(shown, sent) == {"a": True, "b": {"c": [1]}, "d": 0, "g": [1]}
