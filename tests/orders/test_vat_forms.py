"""The forms of VAT numbers: what people type is read, what no state gives out is told by why."""

import pytest

from orders.vat_forms import stored_vat_number


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("at u1234 5678", "ATU12345678"),
        ("IT 12345670017", "IT12345670017"),
        ("GR123456789", "EL123456789"),
        ("EL123456789", "EL123456789"),
        ("DE-123.456.789", "DE123456789"),
        ("FRXX123456789", "FRXX123456789"),
        ("XI123456789", "XI123456789"),
        ("NL123456789B01", "NL123456789B01"),
    ],
)
def test_a_number_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert stored_vat_number(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "ATU1234567",
        "AT123456789",
        "DE12345678",
        "IT1234567001",
        "FRIO123456789",
        "LT1234567890",
        "DE١٢٣٤٥٦٧٨٩",
    ],
)
def test_another_form_is_refused_with_its_country(typed: str) -> None:
    with pytest.raises(ValueError, match=f"is not of the form of VAT numbers of {typed[:2]}"):
        stored_vat_number(typed)


@pytest.mark.parametrize("typed", ["12345670017", "GB123456789", "CHE123456789", "X", ""])
def test_a_number_without_a_member_state_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="must begin with the two letters of a member state"):
        stored_vat_number(typed)
