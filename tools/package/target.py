"""What a package is built for: a version of Python and a processor, as Lambda runs them."""

import sys
from dataclasses import dataclass

from tools.errors import ToolError
from tools.package.stages import Stage

# The versions that the project promises, oldest first.
PYTHONS = ("3.11", "3.12", "3.13")
# What a processor is called by Lambda, by wheels, and by the header of an ELF file (e_machine).
MACHINES = {"x86_64": ("x86_64", 62), "arm64": ("aarch64", 183)}
# The first two bytes of bytecode, which stay the same within a version (importlib, MAGIC_NUMBER).
BYTECODE = {"3.11": 3495, "3.12": 3531, "3.13": 3571}
# Amazon Linux 2023, on which Lambda's Python 3.12 and later run, has glibc 2.34; 3.11 runs on 2.26.
GLIBC_MINOR = {"3.11": 26, "3.12": 34, "3.13": 34}
OLDEST_GLIBC_MINOR = 17


@dataclass(frozen=True)
class Target:
    """A runtime of Lambda: `python` is such as 3.13, `architecture` x86_64 or arm64."""

    python: str
    architecture: str

    @property
    def tag(self) -> str:
        """How wheels and modules name the version of CPython, such as 313."""
        return self.python.replace(".", "")

    @property
    def machine(self) -> str:
        """How wheels and modules name the processor."""
        return MACHINES[self.architecture][0]

    @property
    def elf_machine(self) -> int:
        """How the header of an ELF file names the processor."""
        return MACHINES[self.architecture][1]

    @property
    def platforms(self) -> list[str]:
        """The platforms of wheels that run there, the newest first."""
        minors = range(GLIBC_MINOR[self.python], OLDEST_GLIBC_MINOR - 1, -1)
        return [*(f"manylinux_2_{minor}_{self.machine}" for minor in minors), f"manylinux2014_{self.machine}"]


def running() -> str:
    """The version of the Python that runs this."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def target_of(stage: Stage, python: str = "") -> Target:
    """What a stage is packed for: `python`, else its deploy.python, else the Python that runs this.

    ToolError for a version or a processor that the project does not know on Lambda.
    """
    wanted = python or str(stage.deploy.get("python", "")) or running()
    if wanted not in PYTHONS:
        raise ToolError(f"Stage {stage.name} can run on Python {', '.join(PYTHONS)}, not on {wanted}.")
    if stage.architecture not in MACHINES:
        raise ToolError(
            f"lambda_architecture of stage {stage.name} must be {' or '.join(MACHINES)}, "
            f"not {stage.architecture!r}."
        )
    return Target(wanted, stage.architecture)
