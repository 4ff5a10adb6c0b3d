"""A measurement has its own settings, whatever the shell has."""

import os

from benchmarks.environment import isolate


def test_settings_of_the_shell_do_not_reach_a_measurement() -> None:
    environment = {"AWS_PROFILE": "private", "AWS_ENDPOINT_URL": "http://elsewhere", "PATH": os.defpath}
    environment |= {"PAYMENT_PROVIDER": "stripe", "STRIPE_API_KEY": "private", "LOW_STOCK_THRESHOLD": "9"}
    isolate(environment, "http://127.0.0.1:1")
    assert environment["DYNAMODB_ENDPOINT"] == "http://127.0.0.1:1"
    assert environment["PATH"] == os.defpath
    foreign = {"AWS_PROFILE", "AWS_ENDPOINT_URL", "PAYMENT_PROVIDER", "STRIPE_API_KEY", "LOW_STOCK_THRESHOLD"}
    assert not foreign & environment.keys()
