"""Markup of other platforms becomes text, and nothing that a browser would run."""

import pytest

from catalog.product_files.foreign import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<style>p {}</style><p>x<!-- no -->y</p>", "xy"),
        ("<script>if (a < b) {}</script>after", "after"),
        ("1 &lt; 2 &amp;&nbsp;3", "1 < 2 & 3"),
        ("<p>open <b>never closed", "open never closed"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<p></p><p> </p>", ""),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text
