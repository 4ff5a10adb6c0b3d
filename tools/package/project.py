"""A copy of the project with nothing but what one stage needs, for Chalice to pack."""

import ast
import shutil
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement

from tools.package.stages import Stage

# Chalice puts its runtime into the package itself; the rest of it is its command line.
NOT_PACKED = "chalice"
# What a domain's page consists of, its library's licence too.
SERVED = frozenset({".css", ".html", ".js", ".txt"})


def assemble(root: Path, stage: Stage, target: Path) -> None:
    """Write the stage's project into the empty folder `target`."""
    shutil.copy(root / "app.py", target / "app.py")
    shutil.copytree(root / ".chalice" / "policies", target / ".chalice" / "policies")
    shutil.copy(root / ".chalice" / "config.json", target / ".chalice" / "config.json")
    (target / "requirements.txt").touch()
    for package in needed_packages(root, stage.domains):
        copy_sources(root / package, target / "vendor" / package)


def runtime_requirements(root: Path, python: str) -> str:
    """What requirements.txt pins for a version of Python, such as 3.13: one requirement a line.

    Without Chalice, and without the conditions, which pip would judge by the Python that it runs on.
    """
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    wanted = [each for each in pinned if not each.marker or each.marker.evaluate(environment)]
    return "".join(f"{each.name}{each.specifier}\n" for each in wanted if each.name != NOT_PACKED)


def needed_packages(root: Path, domains: Iterable[str]) -> list[str]:
    """The domains and whatever packages of the project they import, directly or not."""
    own = {path.name for path in (root / "vendor").iterdir()}
    found: set[str] = set()
    waiting = ["common", *domains]
    while waiting:
        package = waiting.pop()
        if package in own - found:
            found.add(package)
            waiting.extend(imported_roots(root / package))
    return sorted(found)


def imported_roots(package: Path) -> set[str]:
    """The first names of all absolute imports in a package."""
    roots: set[str] = set()
    for path in sources(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                roots.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                roots.add(node.module.partition(".")[0])
    return roots


def copy_sources(package: Path, target: Path) -> None:
    """Copy a package's modules and the files that they serve, and nothing else that lies beside them."""
    for path in [*sources(package), *served_files(package)]:
        place = target / path.relative_to(package)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def served_files(package: Path) -> list[Path]:
    """The files of a package that are sent as they are: what a page consists of."""
    return sorted(path for path in package.rglob("*") if path.suffix in SERVED)


def sources(package: Path) -> list[Path]:
    """The modules of a package, without tests."""
    return sorted(path for path in package.rglob("*.py") if "tests" not in path.relative_to(package).parts)
