"""Where Terraform finds its provider, and what is said where there is none."""

import zipfile
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.terraform import running


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small provider instead of the real one."""
    path = tmp_path / "provider.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("terraform-provider-aws_v3.39.0_x5", "program")
    monkeypatch.setattr(running, "_packed_provider", lambda: path)
    return path


def test_the_provider_is_unpacked_once_and_can_be_run(packed: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    settings = running.settings(mirror)
    (program,) = (mirror / running.PROVIDER / running.VERSION / running.TARGET).iterdir()
    assert program.stat().st_mode & 0o111
    assert str(mirror) in Path(settings["TF_CLI_CONFIG_FILE"]).read_text()
    packed.unlink()
    assert running.settings(mirror) == settings


def test_who_unpacks_beside_another_takes_what_is_there(
    packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror, rename = tmp_path / "mirror", Path.rename

    def rename_behind_another(self: Path, target: Path) -> Path:
        (mirror / "registry").mkdir(parents=True)
        (mirror / "terraform.rc").write_text("of the other")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_behind_another)
    assert Path(running.settings(mirror)["TF_CLI_CONFIG_FILE"]).read_text() == "of the other"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_terraform_asks_nobody_on_the_network(packed: Path, tmp_path: Path) -> None:
    settings = running.settings(tmp_path / "mirror")
    assert (settings["CHECKPOINT_DISABLE"], settings["TF_INPUT"]) == ("1", "0")
    assert "direct" not in Path(settings["TF_CLI_CONFIG_FILE"]).read_text()


def test_a_machine_without_a_provider_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    with pytest.raises(ToolError, match=r"Terraform of your own \(docs/terraform\.md\)"):
        running.settings(tmp_path / "mirror")
