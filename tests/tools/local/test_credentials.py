"""The credentials of a local shop."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex
from threading import Barrier

import pytest
from argon2 import PasswordHasher

from common.encryption import seal, unseal
from tools.local.credentials import kept_text, load, load_token_key, password_hash


def test_what_is_missing_is_drawn_once_and_kept(tmp_path: Path) -> None:
    first = load(tmp_path / "data", {})
    assert first.username == "artist"
    assert len(first.password) >= 16
    assert len(first.jwt_secret.encode()) >= 32
    assert load(tmp_path / "data", {}) == first


def test_two_shops_have_two_passwords(tmp_path: Path) -> None:
    assert load(tmp_path / "a", {}).password != load(tmp_path / "b", {}).password


def test_only_their_owner_reads_them(tmp_path: Path) -> None:
    load(tmp_path / "data", {})
    assert stat.S_IMODE((tmp_path / "data" / "credentials.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_the_environment_goes_first_and_is_not_kept(tmp_path: Path) -> None:
    environ = {"ADMIN_USERNAME": "anna", "ADMIN_PASSWORD": " secret ", "JWT_SECRET": "j" * 40}
    found = load(tmp_path, environ)
    assert (found.username, found.password, found.jwt_secret) == ("anna", " secret ", "j" * 40)
    assert "secret " not in (tmp_path / "credentials.json").read_text()


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text('{"username": "half')
    assert load(tmp_path, {}) == load(tmp_path, {})


def test_a_hash_fits_its_password_only() -> None:
    hashed = password_hash("geheim")
    assert PasswordHasher().verify(hashed, "geheim")
    assert hashed != password_hash("geheim")


def test_the_key_of_the_tokens_is_drawn_once_and_seals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = load_token_key(tmp_path / "data")
    assert load_token_key(tmp_path / "data") == key != load_token_key(tmp_path / "other")
    assert stat.S_IMODE((tmp_path / "data" / "token.key").stat().st_mode) == 0o600
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", key)
    assert unseal(seal("token", {}), {}) == "token"


def test_two_who_begin_at_once_keep_the_same(tmp_path: Path) -> None:
    both = Barrier(2)

    def draw() -> str:
        both.wait()
        return token_hex()

    with ThreadPoolExecutor(2) as threads:
        read = [threads.submit(kept_text, tmp_path / "kept", draw) for _ in range(2)]
    assert len({each.result() for each in read}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
