"""The document and its page in a bucket."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from common import media
from tests.support.buckets import fresh_bucket
from tools.api_document.document import api_document
from tools.api_document.publishing import publish_document
from tools.cli import cli

SERVER = "https://abc.execute-api.eu-west-1.amazonaws.com/api"


@pytest.fixture
def bucket(aws: str) -> Iterator[str]:
    with fresh_bucket() as name:
        yield name


def test_each_file_is_there_with_its_type_and_can_be_replaced(bucket: str) -> None:
    keys = publish_document(media.get_client(), bucket, SERVER)
    assert keys[-1] == "docs/index.html"
    assert publish_document(media.get_client(), bucket, SERVER) == keys
    types = {}
    for key in keys:
        stored = media.get_client().get_object(Bucket=bucket, Key=key)
        types[key] = stored["ContentType"].partition(";")[0]
        assert stored["CacheControl"] == "public, max-age=300"
        assert stored["Body"].read()
    assert types == {
        "docs/index.html": "text/html",
        "docs/openapi.json": "application/json",
        "docs/page.css": "text/css",
        "docs/page.js": "text/javascript",
        "docs/swagger-ui.css": "text/css",
        "docs/swagger-ui.js": "text/javascript",
    }


def test_the_page_reads_the_document_beside_it_which_names_the_api(bucket: str) -> None:
    publish_document(media.get_client(), bucket, SERVER)
    page = media.get_client().get_object(Bucket=bucket, Key="docs/index.html")["Body"].read().decode()
    assert 'data-document="openapi.json"' in page
    assert "http" not in page
    document = json.loads(
        media.get_client().get_object(Bucket=bucket, Key="docs/openapi.json")["Body"].read()
    )
    assert document["servers"] == [{"url": SERVER}]
    assert document == api_document(server=SERVER)


def test_the_command_says_where_the_page_is(bucket: str) -> None:
    told = CliRunner().invoke(cli, ["api-document", "--to-bucket", bucket, "--server", SERVER])
    assert told.exit_code == 0, told.output
    assert told.output == f"6 files below docs/ of {bucket}; the page is docs/index.html\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--to-bucket", "of-nobody", "--server", SERVER], "cannot be put into of-nobody"),
        (["--to-bucket", "of-nobody"], "--to-bucket needs the API's own URL"),
    ],
)
def test_what_cannot_be_put_there_is_said(bucket: str, arguments: list[str], sentence: str) -> None:
    told = CliRunner().invoke(cli, ["api-document", *arguments])
    assert told.exit_code == 1
    assert sentence in told.output


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    out = tmp_path / "openapi.json"
    assert CliRunner().invoke(cli, ["api-document", "--out", str(out)]).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8")) == api_document()
