"""The files that come with the console and that the tour uses."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def example_picture() -> Path:
    """Give the path of the example picture."""
    return _examples() / "MyPic.png"


def example_flow() -> Path:
    """Give the path of the flow that is run."""
    return _examples() / "flows" / "choose-on-the-phone.yaml"


def _examples() -> Path:
    return Path(str(files("gms_console.assets") / "examples"))
