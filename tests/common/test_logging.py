"""Tests of the structured log."""

import json
from collections.abc import Iterator

import pytest

from common.config import ConfigurationError
from common.logging import FRAMES_KEPT, describe_exception, logger


def caught(error: Exception) -> Exception:
    """The same error after it was raised, with a stack."""

    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        fail()
    return raised.value


def test_a_line_is_json_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    logger().info("a message", extra={"count": 3})
    line = json.loads(capsys.readouterr().out)
    assert (line["message"], line["count"], line["level"], line["service"]) == (
        "a message",
        3,
        "INFO",
        "artshop",
    )
    assert line["location"].startswith("test_logging.")


def test_standard_output_is_the_current_one(capsys: pytest.CaptureFixture[str]) -> None:
    logger().info("first")
    assert "first" in capsys.readouterr().out
    logger().info("second")
    assert "second" in capsys.readouterr().out


def test_an_exception_is_described_without_its_text() -> None:
    described = describe_exception(caught(ValueError("mario.rossi@example.com")))
    assert described["exception"] == "ValueError"
    assert described["stack"][-1].endswith(" fail")
    assert "mario" not in json.dumps(described)


def test_the_operators_errors_keep_their_text() -> None:
    assert describe_exception(ConfigurationError("KEY is not set"))["reason"] == "KEY is not set"


def test_a_cause_is_named() -> None:
    error = caught(ValueError("x"))
    error.__cause__ = KeyError("mario.rossi@example.com")
    described = describe_exception(error)
    assert described["caused_by"] == "KeyError"
    assert "mario" not in json.dumps(described)


def test_an_endless_stack_is_cut_in_the_middle() -> None:
    def fall() -> None:
        fall()

    with pytest.raises(RecursionError) as fallen:
        fall()
    stack = describe_exception(fallen.value)["stack"]
    assert len(stack) == 2 * FRAMES_KEPT + 1
    assert stack[FRAMES_KEPT] == "..."


@pytest.fixture
def fresh_logger() -> Iterator[None]:
    """A logger that is made anew, before the test and behind it."""
    logger.cache_clear()
    yield
    logger.cache_clear()


def test_lines_name_the_service_that_is_configured(
    fresh_logger: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICE_NAME", "aws-starter-kit-api")
    logger().info("a message")
    assert json.loads(capsys.readouterr().out)["service"] == "aws-starter-kit-api"


def test_lines_below_the_configured_level_are_not_written(
    fresh_logger: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICE_NAME", "quiet")
    monkeypatch.setenv("LOG_LEVEL", "error")
    logger().warning("below")
    logger().error("at it")
    assert [json.loads(line)["message"] for line in capsys.readouterr().out.splitlines()] == ["at it"]
