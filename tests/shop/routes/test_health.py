"""The health of the shop over HTTP."""

import pytest

from tests.support.http import Client


@pytest.mark.parametrize("path", ["/health", "/api/shop/health"])
def test_a_shop_whose_storage_answers_is_healthy(bucket: str, visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status == 200
    assert '"status":"healthy"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["service"] == "artshop"
    assert answer.json["timestamp"].endswith("Z")
    assert {name: check["status"] for name, check in answer.json["checks"].items()} == {
        "dynamodb": "healthy",
        "s3": "healthy",
    }


@pytest.mark.parametrize(
    ("setting", "missing"), [("DYNAMODB_TABLE_NAME", "dynamodb"), ("S3_BUCKET_NAME", "s3")]
)
def test_a_shop_without_its_storage_is_unhealthy(
    bucket: str, visitor: Client, monkeypatch: pytest.MonkeyPatch, setting: str, missing: str
) -> None:
    monkeypatch.setenv(setting, "nowhere-to-be-found")
    answer = visitor.get("/health")
    assert answer.status == 503
    assert answer.json["status"] == "unhealthy"
    healthy = {name for name, check in answer.json["checks"].items() if check["status"] == "healthy"}
    assert healthy == {"dynamodb", "s3"} - {missing}


def test_an_unhealthy_shop_shows_no_internals(
    bucket: str, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "nowhere-to-be-found")
    answer = visitor.get("/health")
    assert "nowhere" not in answer.text
    assert answer.json["checks"]["dynamodb"] == {"status": "unhealthy"}


def test_the_health_is_no_answer_to_keep(bucket: str, visitor: Client) -> None:
    first = visitor.get("/health")
    assert "ETag" not in first.headers
    assert visitor.get("/health", headers={"If-None-Match": "*"}).status == 200


def test_that_the_shop_answers_is_told_without_its_storage(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "nowhere-to-be-found")
    answer = visitor.get("/api/health")
    assert answer.status == 200
    assert answer.json == {
        "status": "healthy",
        "timestamp": answer.json["timestamp"],
        "environment": "test",
    }
    assert answer.json["timestamp"].endswith("Z")
    assert answer.headers["Cache-Control"] == "no-store"
