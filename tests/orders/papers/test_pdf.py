"""What is drawn on a sheet can be read from it, in every language of Europe, and is the same each time."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.papers import pdf
from tests.support.papers import text_of
from tools.package.contents import prune
from tools.paths import ROOT


def drawn(text: str, *, title: str = "Invoice") -> bytes:
    sheet = pdf.Sheet(title, "Shop")
    sheet.text(pdf.MARGIN, text)
    return sheet.finish()


@pytest.mark.parametrize(
    "text",
    [
        "Łódź, Čapek & Søren",
        "Ελλάδα",
        "Чехов",
        "Ștefan Țepeș",
        "1.234,50 €",
        "— “quoted”",
        "山田太郎",
        "김철수",
    ],
)
def test_letters_of_every_buyer_are_read_as_they_were_written(text: str) -> None:
    assert text in text_of(drawn(text))


def test_a_letter_that_no_font_has_is_seen_to_be_missing() -> None:
    assert "Anna \N{WHITE SQUARE} Neri" in text_of(drawn("Anna \N{GRINNING FACE} Neri"))


def test_control_characters_draw_a_space() -> None:
    assert "a b" in text_of(drawn("a\x07b"))


def test_the_same_drawing_makes_the_same_bytes() -> None:
    assert drawn("Łódź") == drawn("Łódź")
    assert drawn("Łódź") != drawn("Lodz")


@given(st.text(max_size=200), st.floats(30, 400))
def test_no_line_of_a_block_is_wider_than_it_may_be_and_no_letter_is_lost(text: str, width: float) -> None:
    lines = pdf.wrapped(text, width)
    assert all(len(line) == 1 or pdf.width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_block_takes_the_room_of_its_lines() -> None:
    sheet = pdf.Sheet("Invoice", "Shop")
    text = "word " * 50
    height = sheet.block(pdf.MARGIN, text, 100)
    assert height == pytest.approx(pdf.height_of(len(pdf.wrapped(text, 100))))
    assert sheet.y == pdf.MARGIN


def test_text_begins_ends_or_is_centred_where_it_is_asked_for() -> None:
    places = {}
    for align in ("left", "right", "centre"):
        sheet = pdf.Sheet("Invoice", "Shop")
        sheet.text(300, "Amount", align=align)
        document = pypdfium2.PdfDocument(sheet.finish())
        page = document[0].get_textpage()
        places[align] = page.get_charbox(0)[0], page.get_charbox(5)[2]
        document.close()
    assert places["left"][0] == pytest.approx(300, abs=2)
    assert places["right"][1] == pytest.approx(300, abs=2)
    assert sum(places["centre"]) / 2 == pytest.approx(300, abs=2)


def test_a_qr_code_is_a_square_with_its_three_finders() -> None:
    sheet = pdf.Sheet("Certificate", "Shop")
    sheet.qr(pdf.MARGIN, "https://shop.example/certificates/31-7.abc", 90)
    document = pypdfium2.PdfDocument(sheet.finish())
    picture = document[0].render(scale=4).to_pil().convert("1")
    document.close()
    left, top, right, bottom = picture.convert("L").point(lambda it: 255 - it).getbbox()
    assert right - left == pytest.approx(360, abs=2)
    assert bottom - top == pytest.approx(360, abs=2)
    corners = [(left + 2, top + 2), (right - 3, top + 2), (left + 2, bottom - 3)]
    assert [picture.getpixel(corner) for corner in corners] == [0, 0, 0]
    assert picture.getpixel((right - 3, bottom - 3)) in (0, 255)


@pytest.mark.exhaustive
def test_what_is_left_of_the_libraries_in_the_zip_draws(tmp_path: Path) -> None:
    site = Path(sysconfig.get_path("purelib"))
    for name in ("reportlab", "fontpkg_lato", "PIL", "pillow.libs"):
        shutil.copytree(site / name, tmp_path / name)
    prune(tmp_path, ["orders"])
    shutil.copy(ROOT / "orders" / "papers" / "pdf.py", tmp_path)
    code = "import pdf; s = pdf.Sheet('a', 'b'); s.text(9, 'Łódź'); s.qr(9, 'a', 50); print(s.finish()[:5])"
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "b'%PDF-'\n", done.stderr
