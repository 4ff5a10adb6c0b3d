"""A measurement has its own settings, whatever the shell has."""

import os

from benchmarks.environment import isolate


def test_settings_of_the_shell_do_not_reach_a_measurement() -> None:
    environment = {"AWS_PROFILE": "private", "AWS_ENDPOINT_URL": "http://elsewhere", "PATH": os.defpath}
    isolate(environment, "http://127.0.0.1:1")
    assert environment["DYNAMODB_ENDPOINT"] == "http://127.0.0.1:1"
    assert environment["PATH"] == os.defpath
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL"} & environment.keys()
