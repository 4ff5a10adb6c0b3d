"""The page's files: what there is is served, nothing else, and nothing in them breaks their policy."""

import hashlib
import re

import pytest

from shop.studio.files import INDEX, PAGE, TYPES, policy, studio_files, studio_page

# uPlot 1.6.32 as npm has it (dist/uPlot.iife.min.js, dist/uPlot.min.css, LICENSE).
LIBRARY = {
    "uplot.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uplot.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "uplot-license.txt": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}
OWN = sorted(file.name for file in PAGE.iterdir() if file.name not in LIBRARY)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_chart_library_is_the_one_that_was_published(name: str) -> None:
    assert hashlib.sha256((PAGE / name).read_bytes()).hexdigest() == LIBRARY[name]


def test_the_library_says_its_version_and_its_licence_is_beside_it() -> None:
    assert "uPlot (v1.6.32)" in studio_files()["uplot.js"].text[:100]
    assert "MIT License" in studio_files()["uplot-license.txt"].text


def test_every_file_has_a_type_and_is_served() -> None:
    names = {file.name for file in PAGE.iterdir()}
    assert all(file.suffix in TYPES for file in PAGE.iterdir())
    assert studio_files().keys() == names - {INDEX}


@pytest.mark.parametrize("is_in_folder", [False, True])
def test_the_page_names_files_that_there_are(is_in_folder: bool) -> None:
    named = re.findall(r'(?:src|href)="([^"#]+)"', studio_page(is_in_folder=is_in_folder).text)
    files = [name for name in named if not name.startswith("data:")]
    prefix = "" if is_in_folder else "studio/"
    assert all(name.startswith(prefix) for name in files)
    assert {name.removeprefix(prefix) for name in files} <= studio_files().keys()
    assert len(files) == 4


@pytest.mark.parametrize("name", [name for name in OWN if name.endswith(".js")])
def test_a_script_imports_what_there_is_and_makes_no_markup_of_texts(name: str) -> None:
    text = (PAGE / name).read_text(encoding="utf-8")
    imported = re.findall(r'from "\./([^"]+)"', text)
    assert set(imported) <= studio_files().keys()
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
        assert forbidden not in text
    # The token lies in a cookie that no script can read, and nowhere else.
    assert "Storage" not in text
    assert "document.cookie" not in text
    assert len(text.splitlines()) <= 300


def test_the_page_holds_no_script_and_no_style_of_its_own() -> None:
    text = studio_page(is_in_folder=False).text
    assert re.findall(r"<script(?![^>]* src=)", text) == []
    assert "<style" not in text
    assert not re.search(r"\s(style|on[a-z]+)=", text)


def test_the_policy_allows_the_shops_own_and_pictures_from_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MEDIA_BASE_URL", "https://cdn.example/media")
    assert policy() == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    monkeypatch.setenv("MEDIA_BASE_URL", "http://localhost:4566/media")
    assert " img-src 'self' data: https: http://localhost:4566;" in policy()
