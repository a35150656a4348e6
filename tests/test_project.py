"""The project as a newcomer gets it: its commands, and the wheel in a fresh environment."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEST_COMMAND = "python3 -m pip install uv && python3 -m uv run pytest"
PICTURED = {"empty", "guide", "answered", "agent-ready", "phone-menu", "chat", "evidence", "replay"}
"""Some of the tour's pictures: its first, its last, and one of each main job."""


def run(*command: str | Path, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command without a display, with a home of its own."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "VIRTUAL_ENV", "PYTHONPATH"}
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    environment |= {"GMS_CONSOLE_HOME": str(folder / "home"), **more}
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )


def test_ci_runs_the_command_that_the_readme_gives() -> None:
    assert f"\n{TEST_COMMAND}\n" in (ROOT / "README.md").read_text("utf-8")
    assert f"\n{TEST_COMMAND} " in (ROOT / ".ci" / "run").read_text("utf-8")


def test_the_readme_shows_pictures_that_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    pictures = [part.split(")")[0] for part in text.split("](docs/pictures/")[1:]]
    assert len(pictures) >= 10
    missing = [name for name in pictures if not (ROOT / "docs" / "pictures" / name).is_file()]
    assert missing == []


@pytest.mark.timeout(180)
def test_the_wheel_works_in_a_fresh_environment(tmp_path: Path) -> None:
    """Takes long: it builds, installs and walks the tour; no quicker way proves the wheel."""
    uv = (sys.executable, "-m", "uv")
    built = run(*uv, "build", "--wheel", "--out-dir", tmp_path / "dist", ROOT, folder=tmp_path)
    assert built.returncode == 0, built.stderr
    wheel = next((tmp_path / "dist").glob("*.whl"))
    made = run(*uv, "venv", "--python", sys.executable, tmp_path / "fresh", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    scripts = tmp_path / "fresh" / ("Scripts" if os.name == "nt" else "bin")
    installed = run(*uv, "pip", "install", "--python", scripts / "python", wheel, folder=tmp_path)
    assert installed.returncode == 0, installed.stderr

    names = "import importlib.util as u; print(u.find_spec('ui'), u.find_spec('assets'))"
    assert run(scripts / "python", "-c", names, folder=tmp_path).stdout == "None None\n"
    version = run(scripts / "gms-console", "--version", folder=tmp_path)
    assert (version.returncode, version.stderr) == (0, "")

    toured = run(scripts / "gms-console", "demo", folder=tmp_path)
    assert toured.returncode == 0, toured.stderr
    assert "There is no display here: walking the tour offscreen" in toured.stdout
    report = (tmp_path / "tour" / "report.md").read_text("utf-8")
    assert "Reached agent-ready" in report
    assert "FAILED" not in report
    pictured: list[str] = re.findall(r"!\[(.+?)\]\(\1\)", report)
    assert pictured[0] == "01-empty-light.png"
    assert {f"{name}-light.png" for name in PICTURED} <= {name[3:] for name in pictured}
    small = [name for name in pictured if (tmp_path / "tour" / name).stat().st_size < 10_000]
    assert small == []


def test_without_a_display_the_window_says_what_works_instead(tmp_path: Path) -> None:
    done = run(sys.executable, "-m", "gms_console", folder=tmp_path)
    assert done.returncode == 2
    assert "There is no display here" in done.stderr
    assert "gms-console demo" in done.stderr
