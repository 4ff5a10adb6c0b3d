"""Texts sealed by KMS, by a key that Parameter Store keeps, and by one in the environment."""

from base64 import b64decode, b64encode
from collections.abc import Iterator

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import config, encryption
from common.encryption import MAX_BYTES, TooLongToSeal, Unsealable, can_seal, new_local_key, seal, unseal
from tests.support.engines import mocked_aws

PLACE = "/artshop/prod/token-key"
SHOP = {"channel": "etsy", "shop": "12345", "field": "refresh_token"}


def store(*keys: str) -> None:
    """Keeps these keys in Parameter Store, for processes that start from now on."""
    client = boto3.client("ssm", region_name=config.region())
    client.put_parameter(Name=PLACE, Value=", ".join(keys), Type="SecureString", Overwrite=True)
    config.forget_secrets()


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The id of a KMS key, which TOKEN_KMS_KEY_ID names."""
    with mocked_aws():
        encryption.reset_client()
        key_id = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
        monkeypatch.setenv("TOKEN_KMS_KEY_ID", key_id)
        yield key_id
        encryption.reset_client()


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> str:
    """A local key, which TOKEN_ENCRYPTION_KEY holds."""
    key = new_local_key()
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", key)
    return key


@pytest.fixture
def parameter(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A key that Parameter Store keeps, which TOKEN_ENCRYPTION_KEY_PARAMETER names, in production."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY_PARAMETER", PLACE)
    with mocked_aws():
        key = new_local_key()
        store(key)
        yield key
    config.forget_secrets()


@pytest.fixture(params=["kms", "local", "parameter"])
def key(request: pytest.FixtureRequest) -> str:
    """Each kind of key in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.mark.parametrize("text", ["", "12345.abc-DEF_ghi", "è\n🎨", "x" * MAX_BYTES])
def test_what_was_sealed_is_opened_again(key: str, text: str) -> None:
    assert can_seal()
    assert unseal(seal(text, SHOP), SHOP) == text


def test_a_sealed_text_does_not_show_what_it_holds(key: str) -> None:
    first, second = seal("12345.secret", SHOP), seal("12345.secret", SHOP)
    assert first != second
    assert b"secret" not in b64decode(first.partition(":")[2])


@pytest.mark.parametrize("other", [{}, SHOP | {"shop": "999"}, SHOP | {"field": "access_token"}])
def test_a_sealed_text_is_of_no_use_elsewhere(key: str, other: dict[str, str]) -> None:
    with pytest.raises(Unsealable):
        unseal(seal("12345.secret", SHOP), other)


def test_a_changed_text_is_refused(key: str) -> None:
    prefix, _, body = seal("12345.secret", SHOP).partition(":")
    data = b64decode(body)
    for changed in (data[:-1] + bytes([data[-1] ^ 1]), data[:-1], data[:5], b""):
        with pytest.raises(Unsealable):
            unseal(f"{prefix}:{b64encode(changed).decode()}", SHOP)


@pytest.mark.parametrize("text", ["plain-token", "kms:", "kms:%%%", "local:", "local:%%%", "other:AAAA"])
def test_what_was_never_sealed_is_refused_and_not_shown(kms: str, local: str, text: str) -> None:
    with pytest.raises(Unsealable) as refused:
        unseal(text, SHOP)
    assert "plain-token" not in str(refused.value)


def test_a_text_that_kms_would_not_take_is_refused(key: str) -> None:
    with pytest.raises(TooLongToSeal, match="4097 bytes"):
        seal("x" * (MAX_BYTES - 1) + "è", SHOP)


@given(st.text(max_size=200), st.dictionaries(st.text(min_size=1), st.text(), max_size=3))
def test_any_text_survives_under_any_context(text: str, context: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOKEN_ENCRYPTION_KEY", "A" * 43 + "=")
        assert unseal(seal(text, context), context) == text


def test_a_new_key_takes_over_while_the_old_one_still_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = new_local_key(), new_local_key()
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", old)
    before = seal("12345.secret", SHOP)
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", f"{new}, {old}")
    after = seal("12345.secret", SHOP)
    assert unseal(before, SHOP) == unseal(after, SHOP) == "12345.secret"
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new)
    assert unseal(after, SHOP) == "12345.secret"
    with pytest.raises(Unsealable):
        unseal(before, SHOP)


def test_kms_seals_wherever_it_is_configured_and_local_texts_stay_open(
    local: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    before = seal("12345.secret", SHOP)
    request.getfixturevalue("kms")
    assert seal("12345.secret", SHOP).startswith("kms:")
    assert unseal(before, SHOP) == "12345.secret"


@pytest.mark.parametrize("environment", ["production", "staging", "Production"])
def test_a_local_key_is_refused_where_it_is_not_for(
    local: str, monkeypatch: pytest.MonkeyPatch, environment: str
) -> None:
    sealed = seal("12345.secret", SHOP)
    monkeypatch.setenv("ENVIRONMENT", environment)
    assert not can_seal()
    with pytest.raises(config.ConfigurationError, match="TOKEN_KMS_KEY_ID"):
        seal("12345.secret", SHOP)
    with pytest.raises(config.ConfigurationError, match="TOKEN_KMS_KEY_ID"):
        unseal(sealed, SHOP)


def test_a_local_key_is_refused_inside_lambda(local: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENVIRONMENT")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "etsy-sync")
    with pytest.raises(config.ConfigurationError, match="does not count in production"):
        seal("12345.secret", SHOP)


def test_without_a_key_nothing_is_sealed() -> None:
    assert not can_seal()
    with pytest.raises(config.ConfigurationError, match=r"TOKEN_KMS_KEY_ID or TOKEN_ENCRYPTION_KEY$"):
        seal("12345.secret", SHOP)


@pytest.mark.parametrize("key", ["short", "A" * 43, "!" * 44, "A" * 64])
def test_a_key_that_is_none_is_named_without_being_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", key)
    with pytest.raises(config.ConfigurationError, match="32 bytes") as refused:
        seal("12345.secret", SHOP)
    assert key not in str(refused.value)


def test_a_stored_key_seals_in_production_and_one_in_the_environment_never(
    parameter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
    sealed = seal("12345.secret", SHOP)
    monkeypatch.delenv("TOKEN_ENCRYPTION_KEY")
    assert unseal(sealed, SHOP) == "12345.secret"
    monkeypatch.setenv("ENVIRONMENT", "test")
    monkeypatch.delenv("TOKEN_ENCRYPTION_KEY_PARAMETER")
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", parameter)
    assert unseal(sealed, SHOP) == "12345.secret"


def test_a_stored_key_is_changed_while_the_old_one_still_opens(parameter: str) -> None:
    before = seal("12345.secret", SHOP)
    new = new_local_key()
    store(new, parameter)
    after = seal("12345.secret", SHOP)
    assert unseal(before, SHOP) == unseal(after, SHOP) == "12345.secret"
    store(new)
    assert unseal(after, SHOP) == "12345.secret"
    with pytest.raises(Unsealable):
        unseal(before, SHOP)


def test_moving_from_kms_to_a_stored_key_leaves_nothing_sealed_for_ever(
    kms: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are named; the moment that the key is stored, it seals, and KMS opens what it has sealed."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY_PARAMETER", PLACE)
    config.forget_secrets()
    before = seal("12345.secret", SHOP)
    assert before.startswith("kms:")
    store(new_local_key())
    after = seal("12345.secret", SHOP)
    assert not after.startswith("kms:")
    assert unseal(before, SHOP) == unseal(after, SHOP) == "12345.secret"
    monkeypatch.delenv("TOKEN_KMS_KEY_ID")
    assert unseal(after, SHOP) == "12345.secret"
    config.forget_secrets()


def test_a_key_that_is_named_and_not_stored_seals_nothing(
    parameter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY_PARAMETER", "/artshop/prod/nowhere")
    assert not can_seal()
    with pytest.raises(config.ConfigurationError, match="TOKEN_ENCRYPTION_KEY_PARAMETER"):
        seal("12345.secret", SHOP)


@pytest.mark.parametrize("known", [True, False], ids=["an older key", "no key at all"])
def test_a_process_that_knows_an_older_key_opens_what_a_newer_one_has_sealed(
    parameter: str, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    new = new_local_key()
    store(new, parameter)
    sealed_by_the_newer = seal("12345.secret", SHOP)
    held = config._fetched.copy()
    # What the older process holds from before.
    for place in held:
        monkeypatch.setitem(config._fetched, place, parameter if known else "")
    assert unseal(sealed_by_the_newer, SHOP) == "12345.secret"


def test_what_comes_from_aws_is_asked_for_once(parameter: str) -> None:
    sealed = seal("12345.secret", SHOP)
    boto3.client("ssm", region_name=config.region()).delete_parameter(Name=PLACE)
    assert unseal(sealed, SHOP) == "12345.secret"
