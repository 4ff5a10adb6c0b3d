"""The deployment bucket: nothing twice, nothing torn, nobody else's."""

import pytest

from tests.tools.deploy.conftest import REGION
from tools.deploy.store import Store, bucket_exists, digest


def test_what_is_there_is_not_uploaded_again(kept: Store) -> None:
    key = kept.key("zips", f"{digest(b'packed')}.zip")
    assert kept.keep(key, b"packed")
    assert not kept.keep(key, b"packed")
    assert kept.account.objects.get_object(Bucket=kept.bucket, Key=key)["Body"].read() == b"packed"


@pytest.mark.parametrize("torn", [b"pack", b"unlike"], ids=["shorter", "of the same length"])
def test_what_lies_there_torn_is_uploaded_again(kept: Store, torn: bytes) -> None:
    key = kept.key("zips", f"{digest(b'packed')}.zip")
    kept.account.objects.put_object(Bucket=kept.bucket, Key=key, Body=torn)
    assert kept.keep(key, b"packed")
    assert kept.account.objects.get_object(Bucket=kept.bucket, Key=key)["Body"].read() == b"packed"


def test_records_are_listed_below_their_place(kept: Store) -> None:
    kept.write(kept.key("releases", "000002.json"), {"number": 2})
    kept.write(kept.key("releases", "000001.json"), {"number": 1})
    kept.write(kept.key("current.json"), {"number": 2})
    assert [kept.read(key)[0]["number"] for key in kept.keys_below("releases")] == [1, 2]
    assert kept.read(kept.key("nothing.json")) == (None, "")


def test_a_bucket_that_is_not_there_is_none(kept: Store) -> None:
    assert bucket_exists(kept.account, kept.bucket)
    assert not bucket_exists(kept.account, "artshop-of-nobody")


def test_formation_reads_where_the_bucket_is(kept: Store) -> None:
    assert (
        kept.url(kept.key("a.json"))
        == f"https://{kept.bucket}.s3.{REGION}.amazonaws.com/artshop-tried/a.json"
    )
