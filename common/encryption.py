"""Secrets at rest: texts sealed with a key that Parameter Store or Secrets Manager keeps, or by KMS.

The first costs nothing and hands the key to the process; KMS keeps it to itself, for a dollar a month. In
development and tests the key may stand in the environment.

Sealing one text twice gives two different texts, so sealed texts are compared by what they hold.
`context` names what a text belongs to, such as a shop and a field. It is not stored with the text:
opening it under another context fails, so that a sealed text is of no use in another place.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from common import config

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# What KMS encrypts without a data key.
MAX_BYTES = 4096

KEY = "TOKEN_ENCRYPTION_KEY"
KEY_IN_ENVIRONMENT = (config.DEVELOPMENT, "test")

# Sealed by KMS, or by this process with a key that it holds.
_KMS, _LOCAL = "kms:", "local:"
_KEY_BYTES, _NONCE_BYTES = 32, 12


class Unsealable(RuntimeError):
    """A sealed text was changed, belongs elsewhere, or was sealed with a key that is not at hand."""

    def __init__(self) -> None:
        super().__init__("a sealed text cannot be opened: its key is another, or it was changed")


class TooLongToSeal(ValueError):
    """A text is longer than 4,096 bytes of UTF-8."""


def can_seal() -> bool:
    """Whether a key is configured that this environment accepts."""
    return bool(_kms_key() or _keys())


def seal(text: str, context: Mapping[str, str]) -> str:
    """`text` encrypted for storage; an empty one stays empty, because KMS encrypts nothing of no length.

    `TOKEN_ENCRYPTION_KEY_PARAMETER` (or `..._SECRET_ID`) names where keys are stored: 32 bytes in base64
    each, separated by commas; the first seals (AES-256-GCM), all open. With nothing stored there, KMS
    seals with the key that `TOKEN_KMS_KEY_ID` (id, ARN or alias) names; without that too, in development and
    tests alone, the keys in `TOKEN_ENCRYPTION_KEY`.
    Raises ConfigurationError without a key, TooLongToSeal, and botocore's errors when KMS refuses.
    """
    if not text:
        return ""
    data = text.encode()
    if len(data) > MAX_BYTES:
        raise TooLongToSeal(f"a text of {len(data)} bytes cannot be sealed: at most {MAX_BYTES} can")
    if (key_id := _kms_key()) and not config.stored_secret(KEY):
        answer = _client().encrypt(KeyId=key_id, Plaintext=data, EncryptionContext=dict(context))
        return _KMS + b64encode(answer["CiphertextBlob"]).decode()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _ciphers()[0].encrypt(nonce, data, _associated(context))
    return _LOCAL + b64encode(nonce + sealed).decode()


def unseal(sealed: str, context: Mapping[str, str]) -> str:
    """The text that `seal` was given with the same context, whichever kind of key sealed it.

    Raises Unsealable, ConfigurationError when a key is needed and not accepted or missing, and botocore's
    errors when AWS cannot be asked.
    """
    if not sealed:
        return ""
    for prefix, opened in ((_KMS, _opened_by_kms), (_LOCAL, _opened_locally)):
        if sealed.startswith(prefix):
            return opened(_decoded(sealed.removeprefix(prefix)), context).decode()
    raise Unsealable


def new_local_key() -> str:
    """A random key as `seal` takes it; put before the old ones, it takes over from them."""
    return b64encode(os.urandom(_KEY_BYTES), b"-_").decode()


def reset_client() -> None:
    """Forget the KMS client, so that the next use reads the endpoint and region again."""
    _client.cache_clear()


def _opened_by_kms(blob: bytes, context: Mapping[str, str]) -> bytes:
    from botocore.exceptions import ClientError

    try:
        answer = _client().decrypt(CiphertextBlob=blob, EncryptionContext=dict(context))
    except ClientError as error:
        if error.response["Error"]["Code"] in {"InvalidCiphertextException", "IncorrectKeyException"}:
            raise Unsealable from None
        raise
    return bytes(answer["Plaintext"])


def _opened_locally(blob: bytes, context: Mapping[str, str]) -> bytes:
    try:
        return _opened_with(_ciphers(), blob, context)
    except (Unsealable, config.ConfigurationError):
        # Another process may have sealed it with a key that was stored after this one had looked.
        if not config.forget_secret(KEY):
            raise
    return _opened_with(_ciphers(), blob, context)


def _opened_with(ciphers: Sequence["AESGCM"], blob: bytes, context: Mapping[str, str]) -> bytes:
    from cryptography.exceptions import InvalidTag

    nonce, data = blob[:_NONCE_BYTES], blob[_NONCE_BYTES:]
    for cipher in ciphers:
        try:
            return cipher.decrypt(nonce, data, _associated(context))
        except (InvalidTag, ValueError):
            continue
    raise Unsealable


def _ciphers() -> list["AESGCM"]:
    """The keys that the process holds, the one that seals first. Raises ConfigurationError."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    keys = _keys()
    if not keys:
        refused = "" if _environment_may_hold_it() else f", which does not count in {config.environment()}"
        raise config.ConfigurationError(
            f"no key to seal with: give {KEY}_PARAMETER, TOKEN_KMS_KEY_ID or {KEY}{refused}"
        )
    return [AESGCM(_key_bytes(key)) for key in keys]


def _key_bytes(key: str) -> bytes:
    try:
        # Without the alphabet's check, what is no base64 would silently become another key.
        decoded = b64decode(key, b"-_", validate=True)
    except ValueError:
        decoded = b""
    if len(decoded) != _KEY_BYTES:
        raise config.ConfigurationError(f"{KEY} must be 32 bytes in URL-safe base64")
    return decoded


def _kms_key() -> str:
    return config.setting("TOKEN_KMS_KEY_ID")


def _keys() -> list[str]:
    # Who may see a function's settings is not to open what it has sealed.
    listed = config.secret(KEY, "") if _environment_may_hold_it() else config.stored_secret(KEY)
    return [key.strip() for key in listed.split(",") if key.strip()]


def _environment_may_hold_it() -> bool:
    return config.environment() in KEY_IN_ENVIRONMENT


def _associated(context: Mapping[str, str]) -> bytes:
    return json.dumps(dict(context), sort_keys=True).encode()


def _decoded(text: str) -> bytes:
    try:
        decoded = b64decode(text, validate=True)
    except ValueError:
        decoded = b""
    if not decoded:
        raise Unsealable
    return decoded


@cache
def _client() -> Any:
    import boto3
    from botocore.config import Config

    limits = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3})
    return boto3.client("kms", region_name=config.region(), config=limits)
