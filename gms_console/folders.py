"""Where the console keeps its files."""

from __future__ import annotations

import os
from pathlib import Path


def config_folder() -> Path:
    """Give the user's configuration folder of the console; it may not exist yet."""
    chosen = os.environ.get("GMS_CONSOLE_HOME")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - only where no folder was chosen

    return platformdirs.user_config_path("gms-console", appauthor=False)
