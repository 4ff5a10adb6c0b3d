"""Tests of what a cold start loads: heavy packages wait until a request needs them."""

import subprocess
import sys

LAZY = (
    "PIL",
    "argon2",
    "aws_lambda_powertools",
    "botocore.parsers",
    "jinja2",
    "jwt",
    "marshmallow",
    "multipart",
    "stripe",
)

SCRIPT = """
import sys
import common.http, common.http.pages, common.media, common.images, common.logging
print(*sorted(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_importing_the_http_layer_loads_no_heavy_package() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", SCRIPT, *LAZY], capture_output=True, text=True, check=True, timeout=60
    )
    assert finished.stdout.split() == []
