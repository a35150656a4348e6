"""The explorer: the flow files of a folder, with a mark on those that have unsaved edits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QInputDialog,
    QLineEdit,
    QListView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ...console import Console
from ...models.flow_list import PROBLEM_ROLE, FlowListModel, FlowRow
from ...models.flow_steps import DETAIL_ROLE
from ...models.headed_table import Index
from ...theme import colours
from ..common import ElidedLabel, Hint, Pane, icon_button, label, named

if TYPE_CHECKING:
    from gms_console.flow.folder import FlowEntry

    from ...flows.document import FlowDocument
    from .questions import FlowQuestions

_HINT = "No flows in this folder yet. Begin one (Ctrl+N), open another folder (Ctrl+O), or record."
_AT_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_NO_MATCH = "No flow has these words."


class FlowExplorer(Pane):
    """Lists flows; Enter or a click opens one."""

    def __init__(self, console: Console, questions: FlowQuestions) -> None:
        super().__init__("Flows")
        self._desk = console.flows
        self._files = console.flows.files
        self._questions = questions
        self._dialog: QWidget | None = None
        self._menu: QMenu | None = None
        self.folder_button = icon_button("settings", "Open another folder (Ctrl+O)", "Folder …")
        self.folder_button.setObjectName("flowFolderButton")
        self.folder_label = named(ElidedLabel(), "flowFolderLabel", "Folder of flows")
        self.filter_edit = named(QLineEdit(), "flowFilterEdit", "Filter the flows")
        self.filter_edit.setPlaceholderText("filter (Ctrl+F)")
        self.filter_edit.setClearButtonEnabled(True)
        self.model = FlowListModel(self)
        self.view = named(_FlowList(self.model), "flowList", "Flows")
        self.count = named(label("", "muted"), "flowCountLabel", "How many flows")
        self.head.addStretch(1)
        self.head.addWidget(self.folder_button)
        for part in (self.folder_label, self.filter_edit):
            self.body.addWidget(part)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.count)
        self._hint = Hint(self.view, _HINT)
        self.setMinimumWidth(200)
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        self.folder_button.clicked.connect(self.ask_for_folder)
        self.filter_edit.textChanged.connect(self._on_filter)
        self.filter_edit.returnPressed.connect(self._open_first)
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self._files.changed.connect(self.refresh)
        self._desk.documents_changed.connect(self.refresh)
        self._desk.changed.connect(self._show_current)

    # --- what is shown ---------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the folder holds, and what is open."""
        self.folder_label.show_text(str(self._files.folder))
        self.model.show_rows(self._rows())
        self._show_current()
        self._show_count()

    def _rows(self) -> list[FlowRow]:
        opened = {str(one.file): one for one in self._desk.documents if one.file is not None}
        rows: list[FlowRow] = []
        for entry in self._files.entries:
            document = opened.pop(entry.path, None)
            if document is None:
                rows.append(_row_of(entry, self._files.readable.problem(entry)))
            else:
                title = entry.title if document.error else document.title
                rows.append(_row_with(document, title, entry.place, entry.modified_ns / 1e9))
        # Those that were never saved, and those from other folders, come first.
        elsewhere = [_row_with(one, one.title, str(one.file)) for one in opened.values()]
        fresh = [one for one in self._desk.documents if one.file is None]
        titles = [one.title for one in fresh]
        unsaved = [
            FlowRow(_numbered(titles, place), "not saved yet", document=one, modified=True)
            for place, one in enumerate(fresh)
        ]
        return elsewhere + unsaved + rows

    def _show_current(self) -> None:
        place = self.model.place_of(self._desk.document)
        if place < 0:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
        elif self.view.currentIndex().row() != place:
            self.view.setCurrentIndex(self.model.index(place))
            self.view.scrollTo(self.model.index(place))

    def _show_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        words = "1 flow" if total == 1 else f"{total} flows"
        self.count.setText(words if shown == total else f"{shown} of {words}")
        self._hint.setText(_NO_MATCH if total else _HINT)
        self._hint.refresh()

    def _on_filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._show_current()
        self._show_count()

    def _on_chosen(self, index: QModelIndex) -> None:
        if not 0 <= index.row() < self.model.rowCount():
            return
        row = self.model.rows[index.row()]
        if row.document is not None:
            self._desk.show_document(row.document)
        elif row.file is not None:
            self._files.open_file(row.file)

    def _open_first(self) -> None:
        if self.model.rowCount():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            self._on_chosen(self.model.index(0))

    @property
    def chosen(self) -> FlowRow | None:
        """The row at hand; None for none."""
        place = self.view.currentIndex().row()
        return self.model.rows[place] if 0 <= place < self.model.rowCount() else None

    def go(self) -> None:
        """Have the keyboard in the list."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0))

    def focus_filter(self) -> None:
        """Have the keyboard in the filter."""
        self.filter_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_edit.selectAll()

    # --- what can be done ------------------------------------------------------------------------

    def ask_for_folder(self) -> None:
        """Ask for another folder of flows."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        dialog = QFileDialog(self, "Folder of flows", str(self._files.folder))
        dialog.setObjectName("flowFolderDialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._files.set_folder(Path(name)))
        self._dialog = dialog
        dialog.open()

    def use_usual_folder(self) -> None:
        """List the flows in the configuration folder again."""
        self._files.set_folder(None)

    def duplicate(self) -> None:
        """Copy the file at hand, and open the copy."""
        row = self.chosen
        if row is not None and row.file is not None:
            self._files.work.duplicate(row.file)

    def rename(self) -> None:
        """Ask for another name of the file at hand."""
        row = self.chosen
        if row is None or row.file is None:
            return
        file = row.file
        dialog = QInputDialog(self)
        dialog.setObjectName("renameFlowDialog")
        dialog.setWindowTitle("Rename the file")
        dialog.setLabelText("Name of the file, in the folder where it is:")
        dialog.setTextValue(file.name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(lambda name: self._files.work.rename(file, name))
        self._dialog = dialog
        dialog.open()

    def delete(self) -> None:
        """Move the file at hand to the trash, after a question."""
        row = self.chosen
        if row is None or row.file is None:
            return
        file = row.file
        self._questions.ask(
            "deleteFlowQuestion",
            f"Move {file.name} to the trash?",
            "Its unsaved edits are lost." if row.modified else "",
            [
                ("&Keep it", "keepButton", None),
                ("&Move to the trash", "deleteButton", lambda: self._trash(file)),
            ],
        )

    def _trash(self, file: Path) -> None:
        if not self._files.work.trash(file):
            self._questions.ask(
                "deleteForGoodQuestion",
                f"{file.name} could not be moved to a trash. Delete it for good?",
                "There may be no trash on this drive.",
                [
                    ("&Keep it", "keepButton", None),
                    ("&Delete for good", "deleteButton", lambda: self._files.work.delete(file)),
                ],
            )

    def _open_menu(self, place: QPoint) -> None:
        row = self.chosen
        if row is None:
            return
        if self._menu is None:
            self._menu = named(QMenu(self), "flowListMenu", "What can be done with the flow")
        self._menu.clear()
        if row.file is not None:
            self._menu.addAction("&Duplicate").triggered.connect(self.duplicate)
            self._menu.addAction("&Rename …\tF2").triggered.connect(self.rename)
            self._menu.addAction("Move to the &trash …").triggered.connect(self.delete)
        self._menu.addAction("&Close\tCtrl+W").triggered.connect(self._questions.close_flow)
        self._menu.popup(self.view.viewport().mapToGlobal(place))


def _numbered(titles: list[str], place: int) -> str:
    """Tell flows of one title apart that have no file to be told apart by."""
    title = titles[place]
    return f"{title} ({titles[:place].count(title) + 1})" if titles.count(title) > 1 else title


def _row_of(entry: FlowEntry, problem: str) -> FlowRow:
    when = entry.modified_ns / 1e9
    return FlowRow(entry.title, entry.place, entry.path, changed_at=when, problem=problem)


def _row_with(document: FlowDocument, title: str, detail: str, changed_at: float = 0.0) -> FlowRow:
    return FlowRow(
        title,
        detail,
        str(document.file),
        document,
        modified=document.modified,
        conflict=bool(document.conflict),
        changed_at=changed_at,
        problem=f"Cannot be read as a flow. {document.error}" if document.error else "",
    )


class _FlowList(QListView):
    """Rows of one height, or 3,000 of them would each be measured."""

    def __init__(self, model: FlowListModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_FlowDelegate(self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens the flow at hand on every platform."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _FlowDelegate(QStyledItemDelegate):
    """Paints a flow's title, and its path below it, muted."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Give each flow two lines."""
        del index
        return QSize(100, 2 * option.fontMetrics.height() + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the background as any row has it, and the texts over it."""
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - costly, and not before rows are seen

        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        title, styled.text = styled.text, ""
        if styled.widget is not None:
            element = QStyle.ControlElement.CE_ItemViewItem
            styled.widget.style().drawControl(element, styled, painter, styled.widget)
        scheme, metrics = colours(), option.fontMetrics
        painter.save()
        rect: QRect = option.rect.adjusted(8, 4, -8, -4)
        upper = QRect(rect.left(), rect.top(), rect.width(), metrics.height())
        sign = "⚠" if index.data(PROBLEM_ROLE) else ""
        if sign:
            width = metrics.horizontalAdvance(sign)
            painter.setPen(QColor(scheme.warning))
            painter.drawText(upper, int(_AT_RIGHT), sign)
            upper.setRight(upper.right() - width - 6)
        lower = QRect(rect.left(), upper.bottom() + 2, rect.width(), metrics.height())
        for place, text, ink, mode in (
            (upper, title, scheme.text, Qt.TextElideMode.ElideRight),
            (lower, str(index.data(DETAIL_ROLE)), scheme.muted, Qt.TextElideMode.ElideMiddle),
        ):
            painter.setPen(QColor(ink))
            shown = metrics.elidedText(text, mode, place.width())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()
