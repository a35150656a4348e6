"""Test connection: the stages of a check as they come, and where it fails."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gms_console.environments.resolve import MissingSecretsError
from gms_console.environments.secrets import SecretStoreError
from gms_console.model.environment import Environment

from ...settings.editor import SettingsEditor
from ..certificate_box import CertificateBox
from ..common import icon_button, label, named, set_label
from .fields import SteadyCombo

if TYPE_CHECKING:
    from gms_console.connection_check import CheckResult, Stage, StageReport
    from gms_console.tasks import TaskOwner

_MARKS = {
    "ok": ("✓", "good"),
    "failed": ("▲", "error"),
    "skipped": ("–", "muted"),
    "unknown": ("?", "warning"),
    "running": ("…", "accent"),
    "waiting": ("○", "muted"),
}
_OPEN_MARKS = {_MARKS["running"][0], _MARKS["waiting"][0]}
_HEIGHTS = {False: 126, True: 240}
"""Pixels of the list of stages, without and with a certificate below it."""


class StageRow:
    """One line of the list: mark, name of the stage, what came of it, and how long it took."""

    def __init__(self, grid: QGridLayout, row: int, name: str) -> None:
        self.mark, self.name = label("○", "muted"), label(name)
        self.text, self.time = label("", "muted"), label("", "muted")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        named(self.text, f"check{name}Text", name)
        top = Qt.AlignmentFlag.AlignTop
        for column, widget in enumerate((self.mark, self.name, self.text, self.time)):
            grid.addWidget(widget, row, column, top)
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | top)

    def show(self, outcome: str, text: str = "", milliseconds: float | None = None) -> None:
        """Show how the stage stands."""
        mark, role = _MARKS[outcome]
        set_label(self.mark, mark, role)
        set_label(self.name, self.name.text(), "error" if outcome == "failed" else "")
        set_label(self.text, text, {"failed": "error", "ok": ""}.get(outcome, "muted"))
        self.time.setText("" if milliseconds is None else f"{milliseconds:.0f} ms")
        self.text.setAccessibleDescription(f"{outcome}. {text}")


class CheckPanel(QFrame):
    """Checks the environment as it is edited, not as it is saved; nothing is created by it.

    `field_wanted` comes with the field of a secret that is missing.
    """

    field_wanted = Signal(str)
    shown_changed = Signal()

    def __init__(self, editor: SettingsEditor, tasks: TaskOwner) -> None:
        super().__init__()
        named(self, "checkPanel", "Test of the connection")
        self._editor, self._tasks = editor, tasks
        self._task: asyncio.Task[None] | None = None
        self._possible = False
        self.outcome = named(label("", "muted"), "checkOutcomeLabel", "Outcome")
        self.outcome.setWordWrap(True)
        self.node_combo = named(SteadyCombo(), "checkNodeCombo", "Node to test")
        self.cancel_button = named(QPushButton("Cancel"), "checkCancelButton", "Cancel the test")
        self.cancel_button.setAutoDefault(False)
        self.close_button = icon_button("close", "Close the test")
        self.close_button.setObjectName("checkCloseButton")
        self.list = named(QWidget(), "checkList", "Stages")
        self._grid = QGridLayout(self.list)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(2, 1)
        self.rows: dict[Stage, StageRow] = {}
        self.certificate = CertificateBox()
        self._lay_out()
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button.clicked.connect(self._close)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        title: QLabel = label("Test connection", "section")
        head.addWidget(title)
        head.addWidget(self.node_combo)
        head.addWidget(self.outcome, 1)
        head.addWidget(self.cancel_button)
        head.addWidget(self.close_button)
        inside = QWidget()
        inside.setObjectName("settingsContent")
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, 6, 0)
        inner.addWidget(self.list)
        inner.addWidget(self.certificate)
        inner.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("settingsSection")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)

    # --- what a person does ------------------------------------------------------------------

    def set_possible(self, *, possible: bool) -> None:
        """Say whether the fields amount to an environment that can be tested."""
        self._possible = possible

    def start(self) -> None:
        """Begin a check of the environment as it is edited, in the place of one under way."""
        if not self._possible:
            return
        self.cancel()
        self._fill_nodes()
        self._set_shown(shown=True)
        self._prepare_rows()
        set_label(self.outcome, "Testing …", "accent")
        self.cancel_button.setEnabled(True)
        node = str(self.node_combo.currentData() or "")
        self._task = self._tasks.start(
            self._check(node), name="test connection", owner=self._editor
        )
        self._task.add_done_callback(self._on_end)

    def cancel(self) -> None:
        """Stop the check; its connection is closed."""
        if self._task is None:
            return
        # What comes of it is shown here: the panel may be gone when the task has ended.
        self._task.cancel()
        self._task = None
        self.cancel_button.setEnabled(False)
        set_label(self.outcome, "Cancelled.", "muted")
        for row in self.rows.values():
            if row.mark.text() in _OPEN_MARKS:
                row.show("skipped", "cancelled")

    def reset(self) -> None:
        """Forget the last check, as when another environment is shown."""
        self.cancel()
        self.node_combo.clear()
        self._set_shown(shown=False)

    def _close(self) -> None:
        self.cancel()
        self._set_shown(shown=False)

    def _set_shown(self, *, shown: bool) -> None:
        self.setVisible(shown)
        self.shown_changed.emit()

    # --- what is shown -----------------------------------------------------------------------

    def _fill_nodes(self) -> None:
        """Offer the nodes as they are edited; stay on the one that was chosen."""
        names = [one.name for one in self._editor.text.nodes if not one.blank]
        if [self.node_combo.itemData(n) for n in range(self.node_combo.count())] != names:
            chosen = self.node_combo.currentData()
            self.node_combo.clear()
            for name in names:
                self.node_combo.addItem(name, name)
            self.node_combo.setCurrentIndex(max(self.node_combo.findData(chosen), 0))
        self.node_combo.setVisible(len(names) > 1)

    def _prepare_rows(self) -> None:
        from gms_console.connection_check import Stage  # noqa: PLC0415 - loads the client

        if not self.rows:
            self.rows = {
                stage: StageRow(self._grid, row, stage.title) for row, stage in enumerate(Stage)
            }
        for row in self.rows.values():
            row.show("waiting")
        self.certificate.show_certificate(None)
        self._fit()

    def _fit(self) -> None:
        """Take the room that the stages need; a certificate needs more."""
        with_certificate = not self.certificate.isHidden()
        self._scroll.setFixedHeight(_HEIGHTS[with_certificate])

    async def _check(self, node: str) -> None:
        from gms_console.connection_check import check_connection  # noqa: PLC0415

        environment = await self._environment(node)
        if environment is not None:
            self._show_result(await check_connection(environment, self._on_stage))

    async def _environment(self, node: str) -> Environment | None:
        """Give the environment as it is edited, or say what it lacks and go there."""
        try:
            return await self._editor.environment(node)
        except MissingSecretsError as error:
            name = error.names[0]
            text = f"The value of {name} is not known. Type it in its field, and test again."
            set_label(self.outcome, f"▲ Not tested. {text}", "error")
            self.field_wanted.emit(self._editor.checked.places.get(name, ""))
        except (SecretStoreError, ValueError) as error:
            set_label(self.outcome, f"▲ Not tested. {error}", "error")
        return None

    def _on_stage(self, report: StageReport) -> None:
        self.rows[report.stage].show(report.outcome.value, report.text, report.milliseconds)

    def _show_result(self, result: CheckResult) -> None:
        failed = result.failed
        if failed is None:
            set_label(self.outcome, "✓ GMS answers; nothing was created.", "good")
        else:
            set_label(self.outcome, f"▲ Fails at: {failed.stage.title}", "error")
        untrusted = failed is not None and failed.stage.value == "tls"
        unchecked = not self._editor.text.verify
        self.certificate.show_certificate(result.certificate if untrusted or unchecked else None)
        self._fit()

    def _on_end(self, task: asyncio.Task[None]) -> None:
        if task is not self._task:
            return
        self._task = None
        self.cancel_button.setEnabled(False)
        if not task.cancelled() and task.exception() is not None:
            set_label(self.outcome, "▲ The test broke off; the window says why.", "error")
