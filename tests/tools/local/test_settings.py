"""What `artshop run` reads from the environment and hands to the app."""

from pathlib import Path

import pytest

from tools.local.credentials import Credentials
from tools.local.settings import (
    BadSettings,
    Engines,
    app_environment,
    check_media_urls,
    leave_account,
    plan_engines,
    read_port,
)

DATA = Path("/data")
WHO = Credentials("anna", "a password", "k" * 40)
EMBEDDED = Engines(True, True, is_local=True)
LOCAL, AWS = "http://127.0.0.1:8001", "https://dynamodb.eu-west-1.amazonaws.com"


def test_the_port_defaults_to_8000() -> None:
    assert read_port({}) == 8000
    assert read_port({"PORT": " 9000 "}) == 9000


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8000.5", "٨"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match="PORT must be a number"):
        read_port({"PORT": text})


@pytest.mark.parametrize(
    ("environ", "engines"),
    [
        ({}, Engines(True, True, is_local=True)),
        ({"AWS_ENDPOINT_URL": LOCAL}, Engines(False, False, is_local=True)),
        ({"DYNAMODB_ENDPOINT": LOCAL}, Engines(False, True, is_local=True)),
        ({"DYNAMODB_ENDPOINT": AWS}, Engines(False, False, is_local=False)),
        ({"DYNAMODB_ENDPOINT": LOCAL, "AWS_ENDPOINT_URL_S3": LOCAL}, Engines(False, False, is_local=True)),
        ({"AWS_ENDPOINT_URL_S3": LOCAL}, Engines(True, False, is_local=True)),
        ({"AWS_ENDPOINT_URL": "https://localhost.example.com"}, Engines(False, False, is_local=False)),
    ],
)
def test_the_embedded_engine_does_what_no_endpoint_does(environ: dict[str, str], engines: Engines) -> None:
    assert plan_engines(environ) == engines


def test_the_app_gets_what_it_needs() -> None:
    given = app_environment({}, EMBEDDED, 9000, WHO, DATA)
    assert given["ENVIRONMENT"] == "development"
    assert given["MEDIA_BASE_URL"] == "http://localhost:9000/media"
    assert given["ADMIN_USERNAME"] == "anna"
    assert given["ADMIN_PASSWORD_HASH"].startswith("$argon2id$")
    assert given["JWT_SECRET"] == WHO.jwt_secret
    assert "http://localhost:3000" in given["CORS_ALLOWED_ORIGINS"]


def test_what_the_caller_set_stays() -> None:
    environ = {
        "CORS_ALLOWED_ORIGINS": "http://shop.test",
        "S3_BUCKET_NAME": "mine",
        "CDN_URL": "http://cdn.test",
    }
    given = app_environment(environ, EMBEDDED, 8000, WHO, DATA)
    assert "CORS_ALLOWED_ORIGINS" not in given
    assert "S3_BUCKET_NAME" not in given
    assert given["MEDIA_BASE_URL"] == "http://cdn.test"


def test_origins_under_their_second_name_stay_too() -> None:
    given = app_environment({"ALLOWED_ORIGINS": "http://shop.test"}, EMBEDDED, 8000, WHO, DATA)
    assert given["CORS_ALLOWED_ORIGINS"] == "http://shop.test"


def test_a_given_hash_stays_unless_a_password_is_given_too() -> None:
    environ = {"ADMIN_PASSWORD_HASH": "$argon2id$given"}
    assert "ADMIN_PASSWORD_HASH" not in app_environment(environ, EMBEDDED, 8000, WHO, DATA)
    assert "ADMIN_PASSWORD_HASH" in app_environment(
        environ | {"ADMIN_PASSWORD": "x"}, EMBEDDED, 8000, WHO, DATA
    )


def test_the_embedded_engine_never_gets_keys_of_an_account() -> None:
    given = app_environment(
        {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_REGION": "us-west-2"}, EMBEDDED, 8000, WHO, DATA
    )
    assert given["AWS_ACCESS_KEY_ID"] == "local"
    assert given["AWS_REGION"] == "eu-west-1"


def test_an_engine_elsewhere_gets_the_callers_keys() -> None:
    environ = {"DYNAMODB_ENDPOINT": AWS, "AWS_ACCESS_KEY_ID": "AKIA"}
    given = app_environment(environ, plan_engines(environ), 8000, WHO, DATA)
    assert not [name for name in given if name.startswith("AWS_")]


def test_mail_on_this_machine_goes_into_a_folder_and_elsewhere_where_it_is_told() -> None:
    given = app_environment({}, EMBEDDED, 8000, WHO, DATA)
    assert (given["MAIL_TRANSPORT"], given["MAIL_FOLDER"]) == ("folder", "/data/mail")
    environ = {"DYNAMODB_ENDPOINT": AWS}
    elsewhere = app_environment(environ, plan_engines(environ), 8000, WHO, DATA)
    assert not [name for name in elsewhere if name.startswith("MAIL_")]


def test_pictures_have_absolute_or_relative_addresses() -> None:
    for text in ("", "absolute", "relative"):
        check_media_urls({"MEDIA_URLS": text})
    with pytest.raises(BadSettings, match="MEDIA_URLS must be absolute or relative, not 'short'"):
        check_media_urls({"MEDIA_URLS": "short"})


def test_nothing_of_the_callers_account_goes_before_the_engines() -> None:
    environ = {
        "AWS_PROFILE": "mine",
        "AWS_SESSION_TOKEN": "mine",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
    }
    leave_account(environ)
    assert environ == {
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
    }
