"""What a journey is made of: the events that a session gives and a recording keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gms_console.model.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Sent:
    """A request was carried out, whatever came of it."""

    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Captioned:
    """A step of a flow began that has a note: it tells what the next request is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Something was said that no request belongs to, such as the note of a pause."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """From here on another environment is sent to, which has this name."""

    environment: str


JourneyEvent = Sent | Captioned | Noted | Placed
