"""Which passwords are accepted, and how they are kept."""

import pytest
from argon2 import Parameters, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from common.errors import InvalidInput
from common.passwords import LONGEST, NOBODYS_HASH, hash_of, matches, refuse_unusable


@pytest.mark.parametrize(
    "password",
    [
        "",
        "1234567",
        "12345678",
        "87654321",
        "abcdefgh",
        "QWERTYUIOP",
        "aaaaaaaaaaaa",
        "Password123",
        "ada.lovelace@example.com",
        "ADA.LOVELACE",
        "countess",
        "x" + "yz" * LONGEST,
    ],
)
def test_what_is_short_endless_or_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        refuse_unusable(password, "countess", "Ada.Lovelace@example.com", None, field="new_password")
    assert list(refused.value.fields) == ["new_password"]


@pytest.mark.parametrize(
    "password", ["lacy teapot", "Sk8!x.Q1", "   a b   ", "più caffè", "🎨🎨🎨🖌🖌🖌🖼🖼", "xy" * 128]
)
def test_letters_of_every_kind_are_accepted_whatever_their_mixture(password: str) -> None:
    refuse_unusable(password, "countess", "ada@example.com")


def test_the_longest_password_has_no_more_bytes_than_a_body_of_sign_in_takes() -> None:
    assert len(("🎨" * LONGEST).encode()) == 1024


@pytest.mark.usefixtures("quick_passwords")
def test_a_hash_matches_its_password_and_no_other() -> None:
    kept = hash_of("lacy teapot")
    assert kept != hash_of("lacy teapot")
    assert matches(kept, "lacy teapot")
    assert not any(matches(kept, other) for other in ("lacy teapot ", "Lacy teapot", ""))


@pytest.mark.usefixtures("quick_passwords")
def test_a_password_is_the_same_however_its_accents_are_typed() -> None:
    assert matches(hash_of("caff\u00e8 nero"), "caffe\u0300 nero")
    assert matches(hash_of("caffe\u0300 nero"), "caff\u00e8 nero")


@pytest.mark.parametrize("stored", ["", "plain", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$broken"])
def test_what_is_no_argon2_hash_is_told_from_a_wrong_password(stored: str) -> None:
    with pytest.raises(ValueError, match="not an argon2 hash"):
        matches(stored, "lacy teapot")


def test_hashes_have_the_cost_of_the_standard_and_nobodys_has_the_same() -> None:
    wanted: Parameters = extract_parameters(hash_of("lacy teapot"))
    assert extract_parameters(NOBODYS_HASH) == wanted
    assert (wanted.type, wanted.time_cost, wanted.memory_cost) == (
        RFC_9106_LOW_MEMORY.type,
        RFC_9106_LOW_MEMORY.time_cost,
        RFC_9106_LOW_MEMORY.memory_cost,
    )
    assert not matches(NOBODYS_HASH, "")
