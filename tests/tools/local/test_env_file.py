"""A file of settings, as `make fakes` writes it."""

from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.local.env_file import read_env_file
from tools.local.supervisor import with_env_file


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.env"
    path.write_text(text)
    return path


def test_settings_are_read_as_a_shell_takes_them(tmp_path: Path) -> None:
    text = "# the fakes\n\nexport A=1\nB = no\n"
    path = written(tmp_path, text.replace("B = no", "B='x|y z'\n  C=\"quoted\"\nD=\nE=a=b"))
    assert read_env_file(path) == {"A": "1", "B": "x|y z", "C": "quoted", "D": "", "E": "a=b"}


@pytest.mark.parametrize("line", ["secret", "B = no", "1A=2", "echo hi"])
def test_a_line_that_is_no_setting_is_named_but_not_shown(tmp_path: Path, line: str) -> None:
    with pytest.raises(ToolError, match="line 2 is not NAME=value") as refused:
        read_env_file(written(tmp_path, f"A=1\n{line}\n"))
    assert line not in str(refused.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="ARTSHOP_ENV_FILE names, cannot be read"):
        read_env_file(tmp_path / "nowhere")


def test_what_the_caller_set_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ETSY_SHOP_IDS", "ETSY_CLIENT_ID"):
        monkeypatch.setenv(name, "")
    path = written(tmp_path, "ETSY_SHOP_IDS=1\nETSY_CLIENT_ID=file\n")
    found = with_env_file({"ARTSHOP_ENV_FILE": str(path), "ETSY_CLIENT_ID": "mine"})
    assert (found["ETSY_SHOP_IDS"], found["ETSY_CLIENT_ID"]) == ("1", "mine")
    assert with_env_file({"A": "1"}) == {"A": "1"}
