"""Passwords that are hashed quickly: for tests that are about something else."""

import pytest


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a test, hashes are as cheap as argon2 allows."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("common.passwords._hasher", lambda: hasher)
