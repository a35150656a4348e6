"""The head of a report that is made now, on this machine."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from datetime import datetime

from gms_console import __version__
from gms_console.evidence.items import EvidenceHead


def head_of(title: str, places: Iterable[tuple[str, str]], note: str = "") -> EvidenceHead:
    """Give the head of a report that begins now; `places` are names and base URLs."""
    now = datetime.now().astimezone()
    return EvidenceHead(
        title=title,
        started=now,
        zone=now.tzname() or "",
        places=tuple(dict.fromkeys(places)),
        versions=(
            ("GMS Console", __version__),
            ("Python", platform.python_version()),
            ("System", platform.system() or "unknown"),
        ),
        note=note,
    )
