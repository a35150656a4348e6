"""What all tests share: no screen, no home or keychain of a person, a server on loopback."""

import atexit
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.wire_server import WireServer

_HOME = tempfile.mkdtemp(prefix="gms-console-tests-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["GMS_CONSOLE_HOME"] = _HOME
# Else each program that a test starts would compile all that it loads, most of its time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

# A deadline for each example would measure the machine that others work on as well.
settings.register_profile("gms", deadline=None)
settings.load_profile("gms")


@pytest.fixture
def console_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of the test's own."""
    home = tmp_path / "home"
    monkeypatch.setenv("GMS_CONSOLE_HOME", str(home))
    return home


@pytest.fixture
def wire() -> Iterator[WireServer]:
    """A started server; `wire.script(...)` tells it what to answer."""
    with WireServer() as server:
        yield server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with a test that may take long first, small files of the engine last.

    The processes take file by file: none is to work alone at the end. Windows stay together, for
    what is made once for all of them.
    """
    sizes = Counter(item.path for item in items)
    longest: dict[Path, int] = {}
    for item in items:
        if marker := item.get_closest_marker("timeout"):
            longest[item.path] = max(longest.get(item.path, 0), marker.args[0])

    def rank(item: pytest.Item) -> tuple[int, bool, int, Path]:
        path, in_window = item.path, item.nodeid.startswith("tests/window/")
        return -longest.get(path, 0), not in_window, -sizes[path], path

    items.sort(key=rank)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many faults were named, where they were played at all, in whatever process.

    It stands here because the process that prints loads no conftest of a folder below.
    """
    played = [
        (report.passed, value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "fault" and report.when == "call"
    ]
    named = {fault for passed, fault in played if passed}
    if played:
        from tests.faults.table import FAULTS  # noqa: PLC0415 - not for runs without faults

        terminalreporter.write_line(f"faults: {len(named)} of {len(FAULTS)} named")
