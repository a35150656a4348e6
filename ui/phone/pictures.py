"""Pictures of the phones of instances, made for evidence without being shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QBuffer, QByteArray, QIODevice

from gms_console.evidence.items import ScreenItem
from gms_console.instance import Instance
from gms_console.trail import Screen

from ..panes.phone.phone_frame import PhoneFrame
from .desk import PhoneDesk

if TYPE_CHECKING:
    from ..console import Console

MOST_PICTURES = 60
"""Pictures in one piece of evidence; the latest screens of each phone come first."""

_WIDTH, _HEIGHT = 320, 600


class _StillDesk(PhoneDesk):
    """The desk of one instance's phone, whichever one is selected."""

    def __init__(self, console: Console, instance: Instance) -> None:
        self._of = instance
        super().__init__(console)

    @property
    def instance(self) -> Instance | None:
        """Whose phone it is."""
        return self._of


class _StillConsole:
    """The Console with the phone of one instance."""

    def __init__(self, console: Console, phone: PhoneDesk) -> None:
        self._console = console
        self.phone = phone

    def __getattr__(self, name: str) -> object:
        return getattr(self._console, name)


def phone_pictures(
    console: Console, phones: Iterable[tuple[Instance, Sequence[Screen]]]
) -> tuple[ScreenItem, ...]:
    """Take a picture of each of the screens that the phones of instances went through."""
    found: list[ScreenItem] = []
    for instance, screens in phones:
        room = MOST_PICTURES - len(found)
        if room > 0 and screens:
            found += _of_phone(console, instance, screens[-room:])
    return tuple(found)


def _of_phone(console: Console, instance: Instance, screens: Sequence[Screen]) -> list[ScreenItem]:
    desk = _StillDesk(console, instance)
    frame = PhoneFrame(cast("Console", _StillConsole(console, desk)))
    frame.resize(_WIDTH, _HEIGHT)
    made: list[ScreenItem] = []
    try:
        for screen in screens:
            # The latest stands as it is, without the line that says that it is past.
            latest = screen is instance.trail.current
            desk.handset.past = None if latest else screen.number
            frame.show_phone()
            made.append(
                ScreenItem(
                    png=_png(frame),
                    caption=f"Screen {screen.number}, by {screen.came_by}",
                    at=screen.at,
                    section=instance.id,
                )
            )
    finally:
        frame.deleteLater()
        desk.deleteLater()
    return made


def _png(frame: PhoneFrame) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    frame.grab().save(buffer, "PNG")
    buffer.close()
    return bytes(data.data())


def screen_count(phones: Iterable[tuple[Instance, Sequence[Screen]]]) -> int:
    """Count the pictures that there would be."""
    return min(sum(len(screens) for _, screens in phones), MOST_PICTURES)
