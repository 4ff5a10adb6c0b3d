"""Chalice's own packaging, run on the assembled project in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tools.errors import ToolError
from tools.package.stages import Stage

# The template holds no account and no region; Chalice only asks for the names of AWS's services.
REGION = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-1"}
START = "from chalice.cli import main; main()"


def run_chalice(project: Path, stage: Stage, out: Path) -> None:
    """Write deployment.zip and sam.json into `out`; ToolError with Chalice's words when it fails.

    The zip holds the sources and Chalice's own runtime. Chalice would add libraries for the Python that
    runs it, and for no other processor than this machine's.
    """
    command = [sys.executable, "-c", START, "--project-dir", str(project), "package"]
    result = subprocess.run(
        [*command, "--stage", stage.name, str(out)],
        cwd=project,
        # The project's root must not be found before its copy.
        env={**os.environ, **REGION, "PYTHONPATH": str(project / "vendor")},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode or not (out / "sam.json").exists():
        raise ToolError(f"Chalice could not package {stage.name}:\n{result.stdout}{result.stderr}".strip())
