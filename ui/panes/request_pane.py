"""The request pane: target, form, attachments and what goes on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.exchange import OperationKind
from gms_console.wire.body import BodyKind

from ..console import Console
from .advice_bar import AdviceBar
from .common import Pane, icon_button, label, named
from .file_editor import FileEditor, accepts_drop, dropped_files
from .form_table import FormTable
from .target_bar import TargetBar
from .wire_preview import WirePreview

if TYPE_CHECKING:
    from .phone.phone_pane import PhonePane

_TARGETS = (OperationKind.CREATE, OperationKind.REQUEST)
_PHONE = len(_TARGETS)

_KINDS = (
    (BodyKind.AUTO, "Auto", "Multipart when a row is a file, else urlencoded"),
    (BodyKind.MULTIPART, "Multipart Form", "multipart/form-data: text and files"),
    (BodyKind.URLENCODED, "Form URL Encoded", "application/x-www-form-urlencoded: text only"),
    (BodyKind.JSON, "JSON", "application/json: text only, each key once"),
    (BodyKind.NONE, "No Body", "Nothing but the request line and headers"),
)


class RequestPane(Pane):
    """Where a request is put together."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._console = console
        self._bulk: QDialog | None = None
        self.setAcceptDrops(True)
        self.target_bar = TargetBar(console)
        self.form_table = FormTable(console)
        self.form_table.refused_text.connect(console.message)
        self.file_editor = FileEditor(console)
        self.wire_preview = WirePreview(console)
        self.body_kind_combo = named(QComboBox(), "bodyKindCombo", "Body kind")
        self.body_kind_combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.body_kind_combo.setMinimumContentsLength(9)
        for kind, text, tip in _KINDS:
            self.body_kind_combo.addItem(text, kind)
            self.body_kind_combo.setItemData(
                self.body_kind_combo.count() - 1, tip, Qt.ItemDataRole.ToolTipRole
            )
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._form_part())
        self.splitter.addWidget(self.wire_preview)
        self.splitter.setSizes([330, 180])
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.tabs = named(QTabBar(), "targetTabs", "What the request is for")
        for title in ("Create a service", "Request on an instance", "Phone"):
            self.tabs.addTab(title)
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._request_part())
        self.phone_pane: PhonePane | None = None
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)

        self.tabs.currentChanged.connect(self._on_tab)
        self.body_kind_combo.activated.connect(self._on_kind)
        console.target_changed.connect(self._show_draft)
        console.preview_changed.connect(self.form_table.show_problems)
        self._show_draft()

    def _request_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.target_bar)
        column.addWidget(self.splitter, 1)
        return part

    def _on_tab(self, place: int) -> None:
        if place == _PHONE:
            self._console.show_phone()
        else:
            self._console.set_target(_TARGETS[place])

    def _show_part(self) -> None:
        """Show the form, or the phone, which is made when it is first asked for."""
        shown = self._console.phone_shown
        self.tabs.setCurrentIndex(_PHONE if shown else _TARGETS.index(self._console.target))
        if shown and self.phone_pane is None:
            from .phone.phone_pane import PhonePane  # noqa: PLC0415 - not before it is asked for

            self.phone_pane = PhonePane(self._console)
            self.stack.addWidget(self.phone_pane)
            self.phone_pane.tab_after(self.tabs)
        self.stack.setCurrentIndex(1 if shown else 0)

    def _form_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._tool_bar())
        column.addWidget(self.form_table, 1)
        column.addWidget(AdviceBar(self._console, self.form_table))
        column.addWidget(self.file_editor)
        return part

    def _tool_bar(self) -> QHBoxLayout:
        table = self.form_table
        buttons: tuple[tuple[str, str, str, object], ...] = (
            ("add", "Add a row (Ctrl+N)", "Row", table.add_row),
            ("duplicate", "Duplicate rows (Ctrl+D)", "", table.duplicate_rows),
            ("up", "Move rows up (Alt+Up)", "", lambda: table.move_rows(-1)),
            ("down", "Move rows down (Alt+Down)", "", lambda: table.move_rows(1)),
            ("remove", "Remove rows (Delete)", "", table.remove_rows),
            ("text", "Edit all rows as text (Ctrl+Shift+B)", "", self.edit_as_text),
            (
                "catalogue",
                "Insert the keys that the service knows (Ctrl+I)",
                "",
                self.insert_known_keys,
            ),
        )
        row = QHBoxLayout()
        row.setSpacing(4)
        self.tool_buttons: list[QToolButton] = []
        for icon_name, tip, text, action in buttons:
            button = icon_button(icon_name, tip, text)
            button.clicked.connect(action)
            row.addWidget(button)
            self.tool_buttons.append(button)
        row.addStretch(1)
        name = label("Body", "muted")
        name.setBuddy(self.body_kind_combo)
        row.addWidget(name)
        row.addWidget(self.body_kind_combo)
        return row

    def _show_draft(self) -> None:
        self._show_part()
        draft = self._console.draft
        if self.form_table.model() is not draft.form_model:
            self.form_table.show_form_model(draft.form_model)
        self.body_kind_combo.setCurrentIndex(
            next(n for n, (kind, *_) in enumerate(_KINDS) if kind is draft.body_kind)
        )

    def _on_kind(self, place: int) -> None:
        self._console.draft.body_kind = _KINDS[place][0]

    def show_first_problem(self) -> None:
        """Go to the first row that cannot be sent, if there is one."""
        rows = self._console.preview.rows
        if rows:
            self.form_table.select_places([rows[0][0]])
            self.form_table.scrollTo(self.form_table.currentIndex())

    def edit_as_text(self) -> None:
        """Open all rows as text."""
        from .bulk_edit import BulkEdit  # noqa: PLC0415 - not before it is asked for

        self._bulk = BulkEdit(self._console.draft.form_model, self)
        self._bulk.open()

    def insert_known_keys(self) -> None:
        """Add the keys that the form lacks, and select them."""
        place = self._console.advice.insert_keys()
        if place is not None:
            count = self.form_table.form_model.rowCount() - place
            self.form_table.select_places(list(range(place, place + count)))
            self.form_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files that are dragged over the pane."""
        if accepts_drop(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Attach files that are dropped on the pane."""
        self.file_editor.attach(dropped_files(event))
        event.acceptProposedAction()
