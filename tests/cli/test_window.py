"""Opening the window: what is called, and what is said when it cannot be opened."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from gms_console.cli.window import explain_import_error, missing_library
from tests.cli.conftest import Cli


@pytest.fixture
def launch(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Put a window in place that only notes how it is opened."""
    opened: list[object] = []
    module = ModuleType("gms_console.ui.launch")

    def open_console() -> int:
        opened.append("console")
        return 7

    def open_demo(tour: Path | None) -> int:
        opened.append(tour)
        return 8

    def open_replay(recording: Path) -> int:
        opened.append(f"replay {recording.name}")
        return 9

    module.__dict__.update(open_console=open_console, open_demo=open_demo, open_replay=open_replay)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return opened


def test_no_arguments_open_the_window(cli: Cli, launch: list[object]) -> None:
    assert cli().code == 7
    assert launch == ["console"]


def test_demo(cli: Cli, launch: list[object], tmp_path: Path) -> None:
    assert cli("demo").code == 8
    assert cli("demo", "--tour", tmp_path / "new").code == 8
    assert launch == [None, tmp_path / "new"]


def test_a_recording_is_replayed(cli: Cli, launch: list[object], tmp_path: Path) -> None:
    file = tmp_path / "monday.gms-recording"
    missing = cli("demo", "--replay", file)
    assert (missing.code, missing.err) == (5, f"Error: {file}: no such file\n")
    file.touch()
    assert cli("demo", "--replay", file, "--tour", tmp_path).code == 2
    assert cli("demo", "--replay", file).code == 9
    assert launch == ["replay monday.gms-recording"]


def test_a_tour_needs_a_folder(cli: Cli, launch: list[object]) -> None:
    assert cli("demo", "--tour", __file__).code == 2
    assert launch == []


@pytest.mark.parametrize("command", [[], ["demo"]])
def test_a_window_that_cannot_be_loaded_ends_with_2(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setitem(sys.modules, "gms_console.ui.launch", None)
    ended = cli(*command)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: the window cannot be opened: ")


@pytest.mark.parametrize(
    "library",
    ["libEGL.so.1", "libGL.so.1", "libxkbcommon.so.0", "libdbus-1.so.3", "libfontconfig.so.1"],
)
def test_a_missing_library_is_named_with_what_to_install(library: str) -> None:
    text = f"{library}: cannot open shared object file: No such file or directory"
    assert missing_library(ImportError(text)) == library
    assert missing_library(OSError(text)) == library
    said = explain_import_error(ImportError(text))
    assert f"needs {library}," in said
    for package in ("apt-get install -y", "libegl1", "libxcb-cursor0", "libxcb-icccm4"):
        assert package in said
    for package in ("dnf install", "mesa-libEGL", "xcb-util-cursor", "xcb-util-wm"):
        assert package in said


@pytest.mark.parametrize(
    "text",
    [
        "cannot import name 'x' from 'y' (/usr/lib/libfoo.so.1/y.py)",
        "No module named 'gms_console.ui.launch'",
        "/v/QtCore.abi3.so: undefined symbol: _ZdaPvm, version Qt_6.11",
    ],
)
def test_other_failures_are_said_as_they_are(text: str) -> None:
    error = ImportError(text)
    assert missing_library(error) is None
    assert explain_import_error(error) == f"Error: the window cannot be opened: {text}"


def test_a_missing_pyside_is_named() -> None:
    error = ModuleNotFoundError("No module named 'PySide6'", name="PySide6")
    assert "pip install PySide6-Essentials" in explain_import_error(error)
