"""Secrets at rest: texts sealed with a KMS key, or with a local key in development and tests.

Sealing one text twice gives two different texts, so sealed texts are compared by what they hold.
`context` names what a text belongs to, such as a shop and a field. It is not stored with the text:
opening it under another context fails, so that a sealed text is of no use in another place.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from common import config

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# What KMS encrypts without a data key.
MAX_BYTES = 4096

LOCAL_KEY_ENVIRONMENTS = (config.DEVELOPMENT, "test")

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
    return bool(_kms_key()) or (_local_key_is_accepted() and bool(_local_keys()))


def seal(text: str, context: Mapping[str, str]) -> str:
    """`text` encrypted for storage; an empty one stays empty, because KMS encrypts nothing of no length.

    `TOKEN_KMS_KEY_ID` (id, ARN or alias) names the KMS key. Without it, in development and tests only,
    the first of the comma-separated `TOKEN_ENCRYPTION_KEY` is used: 32 bytes in base64, AES-256-GCM.
    Raises ConfigurationError without a key, TooLongToSeal, and botocore's errors when KMS refuses.
    """
    if not text:
        return ""
    data = text.encode()
    if len(data) > MAX_BYTES:
        raise TooLongToSeal(f"a text of {len(data)} bytes cannot be sealed: at most {MAX_BYTES} can")
    if key_id := _kms_key():
        answer = _client().encrypt(KeyId=key_id, Plaintext=data, EncryptionContext=dict(context))
        return _KMS + b64encode(answer["CiphertextBlob"]).decode()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _ciphers()[0].encrypt(nonce, data, _associated(context))
    return _LOCAL + b64encode(nonce + sealed).decode()


def unseal(sealed: str, context: Mapping[str, str]) -> str:
    """The text that `seal` was given with the same context, whichever kind of key sealed it.

    Raises Unsealable, ConfigurationError when a local key is needed and not accepted or missing, and
    botocore's errors when KMS cannot be asked.
    """
    if not sealed:
        return ""
    for prefix, opened in ((_KMS, _opened_by_kms), (_LOCAL, _opened_locally)):
        if sealed.startswith(prefix):
            return opened(_decoded(sealed.removeprefix(prefix)), context).decode()
    raise Unsealable


def new_local_key() -> str:
    """A random key for `TOKEN_ENCRYPTION_KEY`; put before the old ones, it takes over from them."""
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
    from cryptography.exceptions import InvalidTag

    nonce, data = blob[:_NONCE_BYTES], blob[_NONCE_BYTES:]
    for cipher in _ciphers():
        try:
            return cipher.decrypt(nonce, data, _associated(context))
        except (InvalidTag, ValueError):
            continue
    raise Unsealable


def _ciphers() -> list["AESGCM"]:
    """The local keys, the one that seals first. Raises ConfigurationError."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not _local_key_is_accepted():
        raise config.ConfigurationError(
            "TOKEN_KMS_KEY_ID is not set: a local key is for development only, "
            f"and this is {config.environment()}"
        )
    keys = _local_keys()
    if not keys:
        raise config.ConfigurationError("no key to seal with: give TOKEN_KMS_KEY_ID or TOKEN_ENCRYPTION_KEY")
    return [AESGCM(_key_bytes(key)) for key in keys]


def _key_bytes(key: str) -> bytes:
    try:
        # Without the alphabet's check, what is no base64 would silently become another key.
        decoded = b64decode(key, b"-_", validate=True)
    except ValueError:
        decoded = b""
    if len(decoded) != _KEY_BYTES:
        raise config.ConfigurationError("TOKEN_ENCRYPTION_KEY must be 32 bytes in URL-safe base64")
    return decoded


def _kms_key() -> str:
    return config.setting("TOKEN_KMS_KEY_ID")


def _local_keys() -> list[str]:
    listed = config.secret("TOKEN_ENCRYPTION_KEY", "").split(",")
    return [key.strip() for key in listed if key.strip()]


def _local_key_is_accepted() -> bool:
    return config.environment() in LOCAL_KEY_ENVIRONMENTS


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
