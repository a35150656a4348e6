"""The file-attachment editor: the file rows of the Form, with what is on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ..console import Console
from ..models.file_model import THUMBNAIL, FileColumn, FileModel
from .common import give_way, icon_button, label, named

_ROW_HEIGHT = THUMBNAIL + 6


class FileEditor(QWidget):
    """Attach files by button or by dropping them; a file that is gone turns red at once."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._dialog: QWidget | None = None
        self.table = named(QTableView(), "fileTable", "Attached files")
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.attach_button = icon_button("attach", "Attach files (Ctrl+Shift+A)", "Attach file …")
        self.attach_button.setObjectName("attachButton")
        self.remove_button = icon_button("remove", "Detach the selected files")
        self.empty_label = label("None. Drop files on this pane, or attach them.", "muted")
        give_way(self.empty_label)
        head = QHBoxLayout()
        title = label("Attachments")
        title.setObjectName("paneTitle")
        head.addWidget(title)
        head.addWidget(self.empty_label, 1)
        head.addWidget(self.attach_button)
        head.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.table, 1)

        self.attach_button.clicked.connect(self.ask_for_files)
        self.remove_button.clicked.connect(self.detach_selected)
        console.target_changed.connect(self._show_draft)
        self._show_draft()

    @property
    def _model(self) -> FileModel:
        return self._console.draft.file_model

    def _show_draft(self) -> None:
        if self.table.model() is self._model:
            return
        self.table.setModel(self._model)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(FileColumn.FILE, QHeaderView.ResizeMode.Stretch)
        for column, width in (
            (FileColumn.KEY, 84),
            (FileColumn.SENT_AS, 110),
            (FileColumn.TYPE, 92),
            (FileColumn.SIZE, 80),
        ):
            self.table.setColumnWidth(column, width)
        self._model.modelReset.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        """Take no more room than there are files; none of it while there are none."""
        count = self._model.rowCount()
        self.table.setVisible(count > 0)
        self.empty_label.setText("" if count else "None. Drop files on this pane, or attach them.")
        self.remove_button.setVisible(count > 0)
        head = self.attach_button.sizeHint().height()
        table = self.table.horizontalHeader().sizeHint().height() + min(count, 3) * _ROW_HEIGHT + 6
        self.setMinimumHeight(head + (min(table, 104) if count else 0))
        self.setMaximumHeight(head + table + 4 if count else head)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Fit again when style or text size change."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._fit()

    def ask_for_files(self) -> None:
        """Open a file dialog; it never blocks the requests under way."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        dialog = QFileDialog(self, "Attach files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._on_files)
        self._dialog = dialog
        dialog.open()

    def _on_files(self, names: Sequence[str]) -> None:
        self.attach([Path(name) for name in names])

    def attach(self, paths: list[Path]) -> None:
        """Add a file row for each path."""
        if paths:
            self._console.draft.form_model.attach(paths)
            self.table.selectRow(self._model.rowCount() - 1)

    def detach_selected(self) -> None:
        """Remove the selected file rows from the Form."""
        rows = self.table.selectionModel().selectedRows()
        places = [self._model.form_place(index.row()) for index in rows]
        form_model = self._console.draft.form_model
        form_model.edit(form_model.form.removed(places), "detach files")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Delete detaches what is selected."""
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.detach_selected()
        else:
            super().keyPressEvent(event)


def accepts_drop(event: QDragEnterEvent) -> bool:
    """Whether what is dragged holds local files."""
    return any(url.isLocalFile() for url in event.mimeData().urls())


def dropped_files(event: QDropEvent) -> list[Path]:
    """Give the local files of a drop."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
