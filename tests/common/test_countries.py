"""Countries as people type them, and where the EU's tax applies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.countries import DATA, countries, country_code, eu_members, name_key, vat_area
from tools.countries import names

TYPED = [
    *[
        ("it", "IT"),
        ("ITA", "IT"),
        ("Italia", "IT"),
        ("l'Italia", "IT"),
        (" ITALY ", "IT"),
        ("Italien", "IT"),
    ],
    *[("Österreich", "AT"), ("OSTERREICH", "AT"), ("Oesterreich", "AT"), ("Autriche", "AT")],
    *[("UK", "GB"), ("U.K.", "GB"), ("England", "GB"), ("Gran Bretagna", "GB"), ("Northern Ireland", "GB")],
    *[("U.S.A.", "US"), ("us", "US"), ("Stati Uniti d'America", "US"), ("États-Unis", "US")],
    *[
        ("The Netherlands", "NL"),
        ("Olanda", "NL"),
        ("Ελλάδα", "GR"),
        ("EL", "GR"),
        ("日本", "JP"),
        ("中国", "CN"),
    ],
    *[("Korea, Republic of", "KR"), ("Korea, Democratic People's Republic of", "KP"), ("XK", "XK")],
    *[("Iran (Islamic Republic of)", "IR"), ("IT - Italia", "IT"), ("Belgique/België", "BE")],
    *[("Bosnia-Herzegovina", "BA"), ("Bosnia & Herzegovina", "BA"), ("Guinea - Bissau", "GW")],
    *[("Wien, Österreich", "AT"), ("Cote d'Ivoire", "CI"), ("La Réunion", "RE"), ("El Salvador", "SV")],
]


@pytest.mark.parametrize(("text", "code"), TYPED)
def test_what_people_type_names_a_country(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", [None, "", "Moon", "EU", "Congo", "Georgia, USA", "?", "Italia" * 20, "ZZ"])
def test_what_names_none_or_two_is_not_understood(text: str | None) -> None:
    assert country_code(text) is None


@given(st.text(max_size=120))
def test_any_text_names_a_country_that_there_is_or_none(text: str) -> None:
    assert country_code(text) in {*countries(), None}


@given(
    st.sampled_from([line.split() for line in DATA.read_text(encoding="utf-8").splitlines()]),
    st.data(),
)
def test_capitals_blanks_and_points_do_not_matter(line: list[str], data: st.DataObject) -> None:
    code, *keys = line
    key = data.draw(st.sampled_from(keys))
    typed = "".join(letter + data.draw(st.sampled_from(["", " ", ".", "-"])) for letter in key)
    assert country_code(f" {typed} ") == code
    assert country_code(key.upper()) == code
    assert name_key(key) == key


@pytest.mark.exhaustive
def test_the_file_is_what_its_tool_writes() -> None:
    assert DATA.read_text(encoding="utf-8") == names.text()


def test_each_country_has_its_own_code_and_names() -> None:
    assert len(countries()) == 250
    assert all(country_code(code) == code for code in countries())
    assert len(eu_members()) == 27
    assert eu_members() < countries()


@pytest.mark.parametrize(
    ("country", "zip_code", "area"),
    [
        ("AT", "1010", "AT"),
        ("IT", None, "IT"),
        ("IT", "23041", None),
        ("IT", "I-23041", None),
        ("IT", "22061", None),
        ("ES", "35001", None),
        ("ES", "28001", "ES"),
        ("FI", "FI-22100", None),
        ("FR", "97400", None),
        ("FR", "75001", "FR"),
        ("MC", "98000", "FR"),
        ("GB", "BT1 1AA", "XI"),
        ("GB", "B1 1AA", None),
        ("CH", "8001", None),
        ("AX", None, None),
    ],
)
def test_parts_of_a_country_may_be_outside_of_the_tax(
    country: str, zip_code: str | None, area: str | None
) -> None:
    assert vat_area(country, zip_code) == area
