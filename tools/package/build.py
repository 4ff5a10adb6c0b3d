"""Assembles, packs, prunes, compiles and zips one stage."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from tools.package import archive, contents, project, template, wheels
from tools.package.chalice_step import run_chalice
from tools.package.stages import Stage, read_deployed_stage
from tools.paths import ROOT

ZIP, TEMPLATE = "deployment.zip", "sam.json"


def build(stage_name: str, out: Path, root: Path = ROOT) -> str:
    """Write the stage's zip and template into `out` and answer a report.

    ToolError for an unknown stage, for a policy that does not fit it, and when pip or Chalice fails; then
    what `out` holds is as it was.
    """
    stage = read_deployed_stage(root, stage_name)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="artshop-package-") as folder:
        # A fresh copy each time: Chalice reuses a package for equal contents under other names.
        work = Path(folder)
        made = _run_chalice(root, stage, work)
        completed = _completed(made / TEMPLATE, stage)
        tree = work / "tree"
        with zipfile.ZipFile(made / ZIP) as packed:
            packed.extractall(tree)
        contents.prune(tree, stage.domains)
        contents.compile_sources(tree)
        archive.write_archive(tree, work / ZIP)
        # Only a whole pair is handed on: a zip never lies beside another one's template.
        (out / TEMPLATE).unlink(missing_ok=True)
        shutil.move(work / ZIP, out / ZIP)
        (out / TEMPLATE).write_text(completed, encoding="utf-8")
    return report(stage, out)


def report(stage: Stage, out: Path) -> str:
    """Where the package is, its digest and its size by top-level name."""
    path = out / ZIP
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    lines = [f"{name:<32} {size / 1024:>10.1f} KiB" for name, size in archive.sizes(path).items()]
    total = path.stat().st_size
    head = [f"{stage.name}: {', '.join(stage.domains)}", f"{path}  {total / 1024:.1f} KiB  sha256 {digest}"]
    return "\n".join([*head, *lines, f"Template: {out / TEMPLATE}"])


def _run_chalice(root: Path, stage: Stage, work: Path) -> Path:
    copy, made = work / "project", work / "made"
    copy.mkdir()
    project.assemble(root, stage, copy)
    requirements = (copy / "requirements.txt").read_text(encoding="utf-8")
    downloaded = wheels.download(requirements, root / ".cache" / "wheels")
    run_chalice(copy, stage, made, wheels.only_from(downloaded))
    return made


def _completed(source: Path, stage: Stage) -> str:
    completed = template.complete(json.loads(source.read_text(encoding="utf-8")), stage)
    return json.dumps(completed, indent=2, sort_keys=True) + "\n"
