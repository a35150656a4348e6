"""The editor of times: date and time in a zone that a person thinks in, sent as GMS documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QEvent, QObject, QSignalBlocker, Qt, QTimeZone
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QGridLayout,
    QHBoxLayout,
    QToolButton,
    QWidget,
)

from ..tips import plain_tip
from .common import give_way, label, named
from .value_editors import TypedEdit

if TYPE_CHECKING:
    from gms_console.catalogue import Parameter

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CITIES = (
    "America/Los_Angeles",
    "America/New_York",
    "Europe/London",
    "Europe/Paris",
    "Asia/Tokyo",
    "Australia/Sydney",
)
_FORMAT = "yyyy-MM-dd HH:mm:ss"
_YEARS = range(1800, 9000)
"""The years that Qt's control holds."""

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}

_chosen_zone: list[int] = []
"""The place of the zone that was chosen last, for the next time that is edited."""


def holds_time(text: str) -> bool:
    """Whether the editor can show a text: nothing yet, or a time that its control holds."""
    from gms_console.catalogue import read_time  # noqa: PLC0415 - it is loaded by now

    time = read_time(text)
    return not text or (time is not None and time.year in _YEARS)


class TimeEdit(TypedEdit):
    """Edits a time in a zone; below it stands what would be sent."""

    def __init__(self, parent: QWidget, parameter: Parameter) -> None:
        super().__init__(parent, parameter)
        self.setProperty("panel", True)
        self.date_time = named(QDateTimeEdit(self), "timeEdit", "Date and time")
        self.date_time.setTimeZone(QTimeZone(QTimeZone.Initialization.UTC))
        self.date_time.setDisplayFormat(_FORMAT)
        self.zone = named(QComboBox(self), "zoneCombo", "Time zone")
        self.zone.setToolTip("The zone that date and time are in (Alt+Z); sent is UTC")
        self.zone.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._zones = _zones()
        self.zone.addItems([name for name, _ in self._zones])
        self.zone.setCurrentIndex(_chosen_zone[-1] if _chosen_zone else 0)
        self.sent = label("", "muted")
        self.sent.setObjectName("sentTimeLabel")
        give_way(self.sent)
        self._text = ""
        self._instant = QDateTime()
        self._lay_out()
        self.setFocusProxy(self.date_time)
        self.watch(self.date_time)
        self.watch(self.zone)
        self._on_key("Alt+Z", self._open_zones)
        self.date_time.dateTimeChanged.connect(self._on_edit)
        self.zone.currentIndexChanged.connect(self._on_zone)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(3, 3, 3, 3)
        grid.setSpacing(3)
        grid.addWidget(self.date_time, 0, 0)
        grid.addWidget(self.zone, 0, 1)
        row = QHBoxLayout()
        row.setSpacing(3)
        for name, text, key, minutes in (
            ("nowButton", "Now", "Alt+N", 0),
            ("soonButton", "In 15 min", "Alt+M", 15),
        ):
            button = named(QToolButton(), name, text)
            button.setText(text)
            button.setToolTip(f"{text} ({key})")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            take = partial(self._from_now, minutes)
            button.clicked.connect(lambda _=False, take=take: take())
            self._on_key(key, take)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.free_button)
        grid.addLayout(row, 1, 0, 1, 2)
        grid.addWidget(self.sent, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def _on_key(self, key: str, run: Callable[[], None]) -> None:
        """Have a key do something at once; the letter of a button would do it a moment later."""
        made = QShortcut(
            QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        made.activated.connect(run)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Left and Right go from part to part of the time, as from year to month."""
        if not isinstance(event, QKeyEvent) or watched is not self.date_time:
            return super().eventFilter(watched, event)
        step = _STEPS.get(Qt.Key(event.key()), 0)
        alone = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not step or not alone or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        edit = self.date_time
        place = min(max(edit.currentSectionIndex() + step, 0), edit.sectionCount() - 1)
        edit.setCurrentSectionIndex(place)
        edit.setSelectedSection(edit.currentSection())
        return True

    def take(self, text: str) -> None:
        """Show a time; an empty text shows the present one, and stays empty until it is changed."""
        from gms_console.catalogue import read_time  # noqa: PLC0415 - it is loaded by now

        time = read_time(text) or _this_minute()
        self._text = text
        self._instant = QDateTime.fromMSecsSinceEpoch(
            (time - _EPOCH) // timedelta(milliseconds=1), QTimeZone(QTimeZone.Initialization.UTC)
        )
        fraction = ".zzz" if self._instant.time().msec() else ""
        self.date_time.setDisplayFormat(_FORMAT + fraction)
        self._show()

    def text(self) -> str:
        """Give the time as it is sent: as it stood, unless it was changed."""
        return self._text

    def _show(self) -> None:
        """Show the time in the zone at hand, and what would be sent."""
        local = self._instant.toTimeZone(self._zones[self.zone.currentIndex()][1])
        with QSignalBlocker(self.date_time):
            self.date_time.setDateTime(
                QDateTime(local.date(), local.time(), QTimeZone(QTimeZone.Initialization.UTC))
            )
        self._say()

    def _say(self) -> None:
        self.sent.setText(f"Sends {self._text}" if self._text else "Empty until it is changed")
        self.sent.setToolTip(plain_tip(self.sent.text()))

    def _on_edit(self, shown: QDateTime) -> None:
        """Take what was typed or stepped to, in the zone at hand."""
        zone = self._zones[self.zone.currentIndex()][1]
        self._change(QDateTime(shown.date(), shown.time(), zone))

    def _from_now(self, minutes: int) -> None:
        time = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)
        self.date_time.setDisplayFormat(_FORMAT)
        self._change(QDateTime.fromSecsSinceEpoch(int(time.timestamp())))
        self._show()

    def _change(self, instant: QDateTime) -> None:
        from gms_console.catalogue import write_time  # noqa: PLC0415 - it is loaded by now

        self._instant = instant.toUTC()
        since = timedelta(milliseconds=self._instant.toMSecsSinceEpoch())
        self._text = write_time(_EPOCH + since)
        self._say()

    def _on_zone(self, place: int) -> None:
        """Show the same time in another zone, also the next time."""
        _chosen_zone[:] = [place]
        self._show()

    def _open_zones(self) -> None:
        self.zone.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.zone.showPopup()


def _zones() -> list[tuple[str, QTimeZone]]:
    """Give UTC, the zone of this machine, and a few more that the system knows."""
    zones = [
        ("UTC", QTimeZone(QTimeZone.Initialization.UTC)),
        ("Local", QTimeZone.systemTimeZone()),
    ]
    for name in _CITIES:
        zone = QTimeZone(name.encode())
        if zone.isValid():
            zones.append((name.rpartition("/")[2].replace("_", " "), zone))
    return zones


def _this_minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)
