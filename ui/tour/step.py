"""What the script is made of: chapters with steps that are done and moves that are asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Spot:
    """What a person is to look at: a widget, or a part of it."""

    widget: QWidget
    part: QRect | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that a person is asked to do.

    `spot` gives what it is about, None where that is not there at the moment; `done` tells
    whether it was done since the chapter began. `back` says how to get to what is not in sight.
    """

    do: str
    spot: Callable[[], Spot | None]
    done: Callable[[datetime], bool]
    back: str = ""


@dataclass(slots=True)
class Step:
    """Something that the tour does by itself, and a picture of what came of it.

    `picture` names its files, empty for none. `shown` gives the window that is pictured, None for
    the main window. `dark`: it is pictured in dark colours as well; `wide`: on a large screen too.
    `tidy` puts away what only the picture needed. `pictured_only`: a person is not shown it.
    """

    picture: str
    story: str
    run: Callable[[], Awaitable[str]]
    shown: Callable[[], QWidget | None] | None = None
    dark: bool = False
    wide: bool = False
    pictured_only: bool = False
    tidy: Callable[[], Awaitable[None]] | None = None
    pictures: list[str] = field(default_factory=list)
    result: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Steps that belong together; with moves it is one that a person is guided through.

    `why` says what it is good for. A chapter with moves needs nothing of those before it.
    """

    title: str
    steps: tuple[Step, ...]
    why: str = ""
    moves: tuple[Move, ...] = ()
