"""On what the figures were measured."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version


def described() -> str:
    """Say date, processors, Python, PySide6 and system in one line."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in ("PySide6-Essentials", "httpx"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors, {system},"
        f" Python {platform.python_version()}, {libraries}"
    )
