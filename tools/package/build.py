"""Assembles, packs, prunes, compiles and zips one stage."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from tools.package import archive, contents, libraries, project, template, wheels
from tools.package.chalice_step import run_chalice
from tools.package.functions import set_runtime
from tools.package.interpreters import interpreter
from tools.package.stages import Stage, read_deployed_stage
from tools.package.target import Target, target_of
from tools.paths import ROOT

ZIP, TEMPLATE = "deployment.zip", "sam.json"
# Lambda would compile them anew at each cold start.
SOURCES = "NOT byte-compiled, which makes cold starts slower"


def build(stage_name: str, out: Path, root: Path = ROOT, python: str = "") -> str:
    """Write the stage's zip and template into `out` and answer a report.

    `python` is the version that it is for; without it, the stage's deploy.python or else the one that runs.
    ToolError for an unknown stage, for a policy that does not fit it, and when pip or Chalice fails; then
    what `out` holds is as it was.
    """
    stage = read_deployed_stage(root, stage_name)
    target = target_of(stage, python)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="artshop-package-") as folder:
        # A fresh copy each time: Chalice reuses a package for equal contents under other names.
        work = Path(folder)
        made = _run_chalice(root, stage, work)
        completed = _completed(made / TEMPLATE, stage, target)
        built = _fill(work / "tree", made / ZIP, _wheels(root, target), stage, target)
        archive.write_archive(work / "tree", work / ZIP)
        # Only a whole pair is handed on: a zip never lies beside another one's template.
        (out / TEMPLATE).unlink(missing_ok=True)
        shutil.move(work / ZIP, out / ZIP)
        (out / TEMPLATE).write_text(completed, encoding="utf-8")
    return report(stage, out, built)


def report(stage: Stage, out: Path, built: str) -> str:
    """How it was `built`, where the package is, its digest and its size by top-level name."""
    path = out / ZIP
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    lines = [f"{name:<32} {size / 1024:>10.1f} KiB" for name, size in archive.sizes(path).items()]
    total = path.stat().st_size
    head = [
        f"{stage.name}: {', '.join(stage.domains)}",
        built,
        f"{path}  {total / 1024:.1f} KiB  sha256 {digest}",
    ]
    return "\n".join([*head, *lines, f"Template: {out / TEMPLATE}"])


def _run_chalice(root: Path, stage: Stage, work: Path) -> Path:
    copy, made = work / "project", work / "made"
    copy.mkdir()
    project.assemble(root, stage, copy)
    run_chalice(copy, stage, made)
    return made


def _wheels(root: Path, target: Target) -> Path:
    requirements = project.runtime_requirements(root, target.python)
    return wheels.download(requirements, target, root / ".cache" / "wheels")


def _fill(tree: Path, sources: Path, libraries_of: Path, stage: Stage, target: Target) -> str:
    """Put into `tree` what runs in Lambda, checked; how it was made."""
    wheels.unpack(libraries_of, tree)
    with zipfile.ZipFile(sources) as packed:
        packed.extractall(tree)
    contents.prune(tree, stage.domains)
    compiler = interpreter(target.python)
    if compiler:
        contents.compile_sources(tree, compiler)
    checked = libraries.check(tree, target)
    how = "byte-compiled" if compiler else f"{SOURCES}: there is no python{target.python} on this machine"
    return f"Python {target.python} on {target.architecture}, {checked} libraries checked, {how}"


def _completed(source: Path, stage: Stage, target: Target) -> str:
    completed = template.complete(json.loads(source.read_text(encoding="utf-8")), stage)
    set_runtime(completed["Resources"], target)
    return json.dumps(completed, indent=2, sort_keys=True) + "\n"
