"""The storages of this start, how long each is kept, and the ways to open another."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
)

from gms_console.presentation import seconds_text

from ...console import Console
from ...storage_desk import Known, StorageDesk
from ...tips import plain_tip
from ..common import Pane, label, named, set_look

HINT = "No storage yet. Store rows as a new one, or open one by its id."
_SECOND = 1000
_SOON = 30
_NO_INSTANCE = "Data of a live service …"


class StoreList(Pane):
    """Opens what is chosen; counts the seconds down while it is seen."""

    def __init__(self, console: Console, desk: StorageDesk) -> None:
        super().__init__("Storages")
        self._console = console
        self._desk = desk
        self.id_edit = named(QLineEdit(), "storageIdEdit", "Id of a storage")
        self.id_edit.setPlaceholderText("Id of a storage")
        self.open_button = named(QPushButton("&Open"), "storageOpenButton", "Open by id")
        self.error = named(label("", "error"), "storageIdError", "Why it was not opened")
        self.error.setWordWrap(True)
        self.error.hide()
        self.instance_combo = named(
            QComboBox(), "storageInstanceCombo", "Data of a live service's instance"
        )
        # Else the ids of instances would push the list wider.
        self.instance_combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.instance_combo.setMinimumContentsLength(16)
        self.view = named(QListWidget(), "storageList", "Storages of this start")
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hint = label(HINT, "muted")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._clock = QTimer(self, interval=_SECOND)
        self._clock.timeout.connect(self._count_down)
        self.id_edit.returnPressed.connect(self._open_typed)
        self.id_edit.textEdited.connect(lambda _: self._show_error(""))
        self.open_button.clicked.connect(self._open_typed)
        self.instance_combo.activated.connect(self._open_instance)
        self.view.itemActivated.connect(lambda _: desk.read())
        self.view.currentRowChanged.connect(desk.open_known)
        desk.known_changed.connect(self.refresh)
        desk.refused.connect(self._on_refused)
        console.instances.rowsInserted.connect(self._show_instances)
        console.instances.rowsRemoved.connect(self._show_instances)
        console.instances.modelReset.connect(self._show_instances)
        self._show_instances()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.id_edit, 1)
        row.addWidget(self.open_button)
        self.body.addLayout(row)
        self.body.addWidget(self.error)
        self.body.addWidget(self.instance_combo)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.hint, 1)
        self.view.hide()

    def _open_typed(self) -> None:
        self._show_error("")
        self._desk.open_id(self.id_edit.text())

    def _open_instance(self, place: int) -> None:
        instance = self.instance_combo.itemData(place)
        if instance is not None:
            self._desk.open_instance(instance)
        self.instance_combo.setCurrentIndex(0)

    def _on_refused(self, field: str, text: str) -> None:
        if field == "id":
            self._show_error(text)
            self.id_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_error(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        set_look(self.id_edit, "invalid", bool(text))

    def _show_instances(self) -> None:
        combo = self.instance_combo
        combo.clear()
        combo.addItem(_NO_INSTANCE, None)
        for instance in self._desk.instances:
            combo.addItem(f"{instance.service or 'Instance'} · {instance.id}", instance)
        combo.setEnabled(combo.count() > 1)

    # --- the list ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the list, and which one is open."""
        now = datetime.now(UTC)
        view, known = self.view, self._desk.known
        view.blockSignals(True)
        try:
            while view.count() > len(known):
                view.takeItem(view.count() - 1)
            while view.count() < len(known):
                view.addItem(QListWidgetItem())
            for row, one in enumerate(known):
                _show_item(view.item(row), one, now)
            opened = self._desk.open
            view.setCurrentRow(known.index(opened) if opened in known else -1)
        finally:
            view.blockSignals(False)
        self.view.setVisible(bool(known))
        self.hint.setVisible(not known)

    def _count_down(self) -> None:
        now = datetime.now(UTC)
        for row, one in enumerate(self._desk.known):
            if one.expires is not None and row < self.view.count():
                _show_item(self.view.item(row), one, now)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count down while it is seen."""
        super().showEvent(event)
        self._count_down()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Let the clock be while nobody looks."""
        super().hideEvent(event)
        self._clock.stop()


def time_left(known: Known, now: datetime) -> tuple[str, str]:
    """Say how long a storage is kept, and the role of these words."""
    left = known.left(now)
    if known.gone:
        return "gone", "error"
    if left is None:
        return ("of a service" if known.store.of_service else "time not known"), "muted"
    if left <= 0:
        return "time is over", "error"
    return f"{seconds_text(round(left))} left", "warning" if left < _SOON else "good"


def _show_item(item: QListWidgetItem, known: Known, now: datetime) -> None:
    left, _ = time_left(known, now)
    text = f"{known.store.title}\n{left}"
    if item.text() != text:
        item.setText(text)
        item.setToolTip(plain_tip(f"{known.store.id}\n{known.place.title}\n{left}"))
