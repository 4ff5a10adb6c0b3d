"""Tests of settings and secrets."""

import json
from collections.abc import Iterator
from decimal import Decimal

import boto3
import pytest

from common import config
from tests.support.engines import mocked_aws


@pytest.fixture
def aws_secrets() -> Iterator[None]:
    """AWS's two places for secrets, with one secret in each form."""
    with mocked_aws():
        manager = boto3.client("secretsmanager", region_name="eu-west-1")
        manager.create_secret(Name="shop/plain", SecretString="plain-value")
        manager.create_secret(Name="shop/json", SecretString=json.dumps({"API_KEY": "value-in-json"}))
        store = boto3.client("ssm", region_name="eu-west-1")
        store.put_parameter(Name="/shop/key", Value="parameter-value", Type="SecureString")
        yield


def test_a_setting_is_stripped_and_falls_back_when_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SETTING", "  value ")
    assert config.setting("SOME_SETTING", "default") == "value"
    monkeypatch.setenv("SOME_SETTING", "  ")
    assert config.setting("SOME_SETTING", "default") == "default"
    assert config.setting("SETTING_THAT_IS_UNSET") == ""


@pytest.mark.parametrize(
    ("environment", "function", "expected"),
    [
        ("", "", "development"),
        ("", "artshop-prod", "production"),
        ("Staging", "", "staging"),
        ("development", "artshop-dev", "development"),
    ],
)
def test_only_outside_lambda_is_development_the_default(
    monkeypatch: pytest.MonkeyPatch, environment: str, function: str, expected: str
) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", function)
    assert config.environment() == expected
    assert config.is_development() is (expected == "development")


def test_a_secret_comes_from_the_environment_first(
    aws_secrets: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY_SECRET_ID", "shop/plain")
    monkeypatch.setenv("API_KEY", "value-in-environment")
    assert config.secret("API_KEY") == "value-in-environment"


@pytest.mark.parametrize(
    ("variable", "place", "value"),
    [
        ("API_KEY_SECRET_ID", "shop/plain", "plain-value"),
        ("API_KEY_SECRET_ID", "shop/json", "value-in-json"),
        ("API_KEY_PARAMETER", "/shop/key", "parameter-value"),
    ],
)
def test_a_secret_comes_from_aws(
    aws_secrets: None, monkeypatch: pytest.MonkeyPatch, variable: str, place: str, value: str
) -> None:
    monkeypatch.setenv(variable, place)
    assert config.secret("API_KEY") == value


def test_a_secret_is_fetched_once_until_it_is_forgotten(
    aws_secrets: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY_PARAMETER", "/shop/key")
    assert config.secret("API_KEY") == "parameter-value"
    store = boto3.client("ssm", region_name="eu-west-1")
    store.put_parameter(Name="/shop/key", Value="rotated", Type="SecureString", Overwrite=True)
    assert config.secret("API_KEY") == "parameter-value"
    config.forget_secrets()
    assert config.secret("API_KEY") == "rotated"


def test_a_missing_secret_is_the_operators_fault_or_the_default() -> None:
    with pytest.raises(
        config.ConfigurationError, match="give API_KEY, API_KEY_SECRET_ID or API_KEY_PARAMETER"
    ):
        config.secret("API_KEY")
    assert config.secret("API_KEY", "") == ""


@pytest.mark.parametrize("variable", ["API_KEY_SECRET_ID", "API_KEY_PARAMETER"])
def test_a_secret_that_is_named_but_not_stored_is_missing(
    aws_secrets: None, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "/shop/nowhere")
    assert config.secret("API_KEY", "") == ""
    with pytest.raises(config.ConfigurationError, match="API_KEY is not set"):
        config.secret("API_KEY")


def test_a_secret_without_the_named_field_is_missing(
    aws_secrets: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_KEY_SECRET_ID", "shop/json")
    with pytest.raises(config.ConfigurationError, match="OTHER_KEY"):
        config.secret("OTHER_KEY")


def test_origins_are_listed_by_commas_and_never_a_star(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", " https://a.example/, *,https://b.example,null,,")
    assert config.cors_allowed_origins() == {"https://a.example", "https://b.example"}


def test_development_adds_the_local_storefront(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert config.cors_allowed_origins() == {"http://localhost:3000", "http://localhost:5173"}


def test_media_are_read_from_the_bucket_unless_a_base_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_BUCKET_NAME", "pictures")
    assert config.media_base_url() == "https://pictures.s3.eu-west-1.amazonaws.com"
    monkeypatch.setenv("CDN_URL", "https://cdn.example/")
    assert config.media_base_url() == "https://cdn.example"
    monkeypatch.setenv("MEDIA_BASE_URL", "http://127.0.0.1:8000/media")
    assert config.media_base_url() == "http://127.0.0.1:8000/media"


@pytest.mark.parametrize(("text", "rate"), [("", "0"), ("0.22", "0.22"), ("1", "1"), ("0.0", "0")])
def test_a_tax_rate_is_an_exact_fraction(monkeypatch: pytest.MonkeyPatch, text: str, rate: str) -> None:
    monkeypatch.setenv("TAX_RATE", text)
    assert config.tax_rate() == Decimal(rate)


@pytest.mark.parametrize("text", ["22", "-0.1", "22%", "NaN", "Infinity", "x"])
def test_an_unusable_tax_rate_is_the_operators_fault(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TAX_RATE", text)
    with pytest.raises(config.ConfigurationError, match="TAX_RATE"):
        config.tax_rate()


def test_the_table_has_two_names_of_settings_and_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DYNAMODB_TABLE_NAME", raising=False)
    assert config.table_name() == "ArtManagementTable"
    monkeypatch.setenv("DYNAMODB_TABLE", "aws-starter-kit-table")
    assert config.table_name() == "aws-starter-kit-table"
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "Ours")
    assert config.table_name() == "Ours"


def test_origins_have_a_second_name_that_allows_no_star_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "*, https://old.example/")
    assert config.cors_allowed_origins() == {"https://old.example"}
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "https://new.example")
    assert config.cors_allowed_origins() == {"https://new.example"}


@pytest.mark.parametrize(
    ("given", "level"), [("", "INFO"), ("debug", "DEBUG"), (" WARN ", "WARN"), ("Error", "ERROR")]
)
def test_lines_are_logged_from_a_level_on(monkeypatch: pytest.MonkeyPatch, given: str, level: str) -> None:
    monkeypatch.setenv("LOG_LEVEL", given)
    assert config.log_level() == level


@pytest.mark.parametrize("given", ["loud", "10", "INFO,DEBUG"])
def test_a_level_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("LOG_LEVEL", given)
    with pytest.raises(config.ConfigurationError, match="LOG_LEVEL must be one of DEBUG"):
        config.log_level()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STORAGE_MODE", "postgres"),
        ("STORAGE_MODE", "filesystem"),
        ("STORAGE_MODE", "dynamo"),
        ("USE_IN_MEMORY_DYNAMODB", "true"),
        ("USE_IN_MEMORY_DYNAMODB", "1"),
    ],
)
def test_data_meant_for_elsewhere_is_not_written_to_the_table(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(config.ConfigurationError, match=f"{name} must be .*, not {value!r}"):
        config.refuse_other_storage()


@pytest.mark.parametrize("mode", ["", "dynamodb", " DynamoDB"])
@pytest.mark.parametrize("in_memory", ["", "false", "FALSE", "0", "no"])
def test_what_is_meant_for_the_table_is_written_there(
    monkeypatch: pytest.MonkeyPatch, mode: str, in_memory: str
) -> None:
    monkeypatch.setenv("STORAGE_MODE", mode)
    monkeypatch.setenv("USE_IN_MEMORY_DYNAMODB", in_memory)
    config.refuse_other_storage()


@pytest.mark.parametrize(
    ("given", "bucket", "is_on"),
    [("", "", False), ("", "media", True), ("on", "", True), ("off", "media", False)],
)
def test_the_catalogues_snapshot_is_on_where_a_bucket_is_named_or_it_is_said(
    monkeypatch: pytest.MonkeyPatch, given: str, bucket: str, is_on: bool
) -> None:
    monkeypatch.setenv("CATALOGUE_SNAPSHOT", given)
    monkeypatch.setenv("S3_BUCKET_NAME", bucket)
    assert config.catalogue_snapshot() is is_on


@pytest.mark.parametrize(("given", "most"), [("", config.LARGEST_IN_MEMORY), ("0", 0), (" 2000 ", 2000)])
def test_beyond_a_size_the_index_is_not_held_in_memory(
    monkeypatch: pytest.MonkeyPatch, given: str, most: int
) -> None:
    monkeypatch.setenv("CATALOGUE_LARGEST_IN_MEMORY", given)
    assert config.catalogue_largest_in_memory() == most


@pytest.mark.parametrize("given", ["-1", "1.5", "many", "²"])
def test_a_size_that_is_no_whole_number_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("CATALOGUE_LARGEST_IN_MEMORY", given)
    with pytest.raises(config.ConfigurationError, match="must be a whole number"):
        config.catalogue_largest_in_memory()
