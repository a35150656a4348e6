"""The engine knows no window, and starting it loads nothing that it does not need yet."""

import subprocess
import sys
from pathlib import Path

import gms_console

_ROOT = Path(gms_console.__file__).parent
_MODULES = sorted(
    ".".join(("gms_console", *path.relative_to(_ROOT).with_suffix("").parts)).removesuffix(
        ".__init__"
    )
    for path in _ROOT.rglob("*.py")
)


def loaded_by(code: str) -> set[str]:
    """Names of the modules that a fresh interpreter has loaded after running the code."""
    script = f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def roots(names: set[str]) -> set[str]:
    """Top-level packages of these modules."""
    return {name.partition(".")[0] for name in names}


def test_no_module_of_the_engine_loads_qt() -> None:
    wanted = [
        name
        for name in _MODULES
        if not name.startswith(("gms_console.ui", "gms_console.assets"))
        and not name.endswith("__main__")
    ]
    assert {"gms_console.session", "gms_console.client.client"} <= set(wanted)
    code = f"import importlib\nfor name in {wanted!r}:\n    importlib.import_module(name)"
    loaded = loaded_by(code)
    assert set(wanted) <= loaded
    assert not roots(loaded) & {"PySide6", "shiboken6", "qasync"}
    assert "gms_console.ui" not in loaded


def test_a_session_starts_without_what_only_some_need() -> None:
    loaded = loaded_by("import gms_console.session")
    assert "gms_console.session" in loaded
    assert not roots(loaded) & {"pydantic", "ruamel", "jmespath", "httpx", "PySide6", "qasync"}


def test_the_catalogue_module_itself_needs_no_yaml_yet() -> None:
    assert "ruamel" not in roots(loaded_by("import gms_console.catalogue, gms_console.problems"))
