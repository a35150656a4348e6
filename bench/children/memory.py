"""How much memory this process has taken."""

from __future__ import annotations

import resource
import sys


def peak_mb() -> float:
    """Give the most memory so far that it has had at once, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
