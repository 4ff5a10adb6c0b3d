"""What is signed is what botocore's own signer makes of the same request."""

from datetime import UTC, datetime
from unittest.mock import patch

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb.signing import signed_headers

WORD = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+=", min_size=1, max_size=60)
MOMENT = st.integers(1_600_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
HEADERS = {
    "content-type": "application/x-amz-json-1.0",
    "host": "dynamodb.eu-west-1.amazonaws.com",
    "x-amz-target": "DynamoDB_20120810.GetItem",
}


@given(WORD, WORD, st.none() | WORD, st.sampled_from(["eu-west-1", "us-east-1"]), st.binary(), MOMENT)
def test_any_request_is_signed_as_botocore_signs_it(
    access_key: str, secret: str, token: str | None, region: str, body: bytes, moment: datetime
) -> None:
    credentials = Credentials(access_key, secret, token)
    request = AWSRequest("POST", f"https://{HEADERS['host']}/", dict(HEADERS), body)
    with patch("botocore.auth.get_current_datetime", return_value=moment):
        SigV4Auth(credentials, "dynamodb", region).add_auth(request)
    ours = signed_headers(HEADERS, body, credentials=credentials, region=region, now=moment.timestamp())
    assert ours == {name.lower(): value for name, value in request.headers.items()}


def test_a_key_is_not_kept_beyond_its_day_nor_for_another_secret() -> None:
    midnight = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
    made = {
        signed_headers(HEADERS, b"", credentials=Credentials("a", secret), region="eu-west-1", now=now)[
            "authorization"
        ]
        for secret in ("one", "two")
        for now in (midnight - 1, midnight)
    }
    assert len(made) == 4
