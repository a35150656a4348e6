"""How the cells of the form table are painted and edited."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCompleter,
    QLineEdit,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gms_console.model.form import Row, RowGroup

from ..console import Console
from ..models.form_model import PROBLEM_ROLE, ROW_ROLE, Column
from ..theme import colours
from .common import exact_text

TABS = {
    Qt.Key.Key_Tab: QStyledItemDelegate.EndEditHint.EditNextItem,
    Qt.Key.Key_Backtab: QStyledItemDelegate.EndEditHint.EditPreviousItem,
}
"""Where the Tab keys go from a cell that is being edited."""

ENDS = TABS | {
    Qt.Key.Key_Return: QStyledItemDelegate.EndEditHint.SubmitModelCache,
    Qt.Key.Key_Enter: QStyledItemDelegate.EndEditHint.SubmitModelCache,
}
"""All keys that end the editing of a key, and how."""

Index = QModelIndex | QPersistentModelIndex


class FormDelegate(QStyledItemDelegate):
    """Paints rows off, rows that cannot be sent, and where each row goes; edits keys and values."""

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(parent)
        self._console = console
        self.open_editor: QWidget | None = None

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Give a row the colours of its condition."""
        super().initStyleOption(option, index)
        row: Row = index.data(ROW_ROLE)
        scheme = colours()
        ink = scheme.text if row.enabled else scheme.muted
        if index.data(PROBLEM_ROLE) and row.enabled:
            option.backgroundBrush = QBrush(QColor(scheme.error_soft))
            ink = scheme.error
        palette = QPalette(option.palette)
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
            palette.setColor(role, QColor(ink))
        option.palette = palette
        option.font.setStrikeOut(not row.enabled and index.column() == Column.KEY)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the group as a badge, a file's name with a clip, and anything else as usual."""
        if index.column() == Column.GROUP:
            self._paint_group(painter, option, index)
            return
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - costly, and no row waits at a start

        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.save()
            painter.setPen(QPen(QColor(colours().accent), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
            painter.restore()

    def _paint_group(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Tell the groups apart by word, by fill and by corner, not by colour alone."""
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - as above

        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        text, styled.text = styled.text, ""
        widget = styled.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, styled, painter, widget)
        row: Row = index.data(ROW_ROLE)
        scheme = colours()
        parameter = row.group is RowGroup.SERVICE_PARAMETER
        ink = QColor(scheme.parameter if parameter else scheme.data)
        if not row.enabled:
            ink.setAlpha(150)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        rect: QRect = option.rect
        box = QRect(0, 0, metrics.horizontalAdvance(text) + 14, metrics.height() + 3)
        box.moveCenter(rect.center())
        box.moveLeft(rect.left() + 5)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(QColor(scheme.parameter_soft) if parameter else Qt.BrushStyle.NoBrush)
        radius = 3 if parameter else box.height() / 2
        painter.drawRoundedRect(box, radius, radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Give every row a comfortable height."""
        return super().sizeHint(option, index).expandedTo(QSize(0, 26))

    # --- editing -----------------------------------------------------------------------

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Give keys a line with the catalogue's names, values a field that takes line breaks."""
        del option
        if index.column() == Column.VALUE and not index.data(ROW_ROLE).is_file:
            self.open_editor = ValueEdit(parent)
        else:
            self.open_editor = self._line_edit(parent, index)
        return self.open_editor

    def _line_edit(self, parent: QWidget, index: Index) -> QLineEdit:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Key" if index.column() == Column.KEY else "Path of the file")
        kind = self._console.kind
        if index.column() == Column.KEY and kind is not None:
            completer = QCompleter([one.name for one in kind.parameters], editor)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            editor.setCompleter(completer)
            popup = completer.popup()
            if popup is not None:
                popup.installEventFilter(_KeysThrough(editor, self))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Put the cell's text into its editor."""
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, ValueEdit):
            editor.start(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(  # noqa: N802 - Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Take the text over, unless nothing was typed: an editor must not alter line ends."""
        if isinstance(editor, ValueEdit):
            if editor.changed:
                model.setData(index, exact_text(editor))
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Let a value with line breaks grow below its row."""
        del index
        rect: QRect = option.rect
        if isinstance(editor, ValueEdit):
            rect = QRect(rect.left(), rect.top(), rect.width(), editor.wanted_height(rect.height()))
        editor.setGeometry(rect)

    def eventFilter(self, editor: QWidget, event: QEvent) -> bool:  # type: ignore[override]  # noqa: N802
        """Enter takes a value, Shift+Enter breaks its line, Tab goes on to the next cell."""
        pressed = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress
        if not pressed or not isinstance(editor, ValueEdit) or not isinstance(event, QKeyEvent):
            return super().eventFilter(editor, event)
        key, modifiers = event.key(), event.modifiers()
        if key in TABS:
            self.finish(editor, TABS[Qt.Key(key)])
            return True
        if key not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return super().eventFilter(editor, event)
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return False
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            editor.insertPlainText("\n")
        else:
            self.finish(editor, QStyledItemDelegate.EndEditHint.SubmitModelCache)
        return True

    def finish(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        """Take an editor's text and close it; `hint` says where to go from there."""
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, hint)


class _KeysThrough(QObject):
    """Lets Tab and Enter end the key with the list of names open; the list would swallow them."""

    def __init__(self, editor: QLineEdit, delegate: FormDelegate) -> None:
        super().__init__(editor)
        self._editor = editor
        self._delegate = delegate

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the name that is marked, if one is, and go on as without a list."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() not in ENDS or not isinstance(watched, QAbstractItemView):
            return super().eventFilter(watched, event)
        marked = watched.currentIndex()
        if marked.isValid():
            self._editor.setText(str(marked.data()))
        watched.hide()
        self._delegate.finish(self._editor, ENDS[Qt.Key(event.key())])
        return True


class ValueEdit(QPlainTextEdit):
    """Edits a value in its cell; it knows whether anything was changed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Value")
        self.setToolTip("Enter takes the value, Shift+Enter breaks the line")
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(2)
        self._begun = ""
        self.textChanged.connect(self._grow)

    def start(self, text: str) -> None:
        """Begin with a text, all of it selected."""
        self.setPlainText(text)
        self._begun = exact_text(self)
        self.selectAll()

    @property
    def changed(self) -> bool:
        """Whether the text is another than at the start."""
        return exact_text(self) != self._begun

    def wanted_height(self, row_height: int) -> int:
        """Give the height that shows up to six lines."""
        lines = min(max(self.blockCount(), 1), 6)
        return max(row_height, lines * self.fontMetrics().lineSpacing() + 8)

    def _grow(self) -> None:
        self.setFixedHeight(self.wanted_height(26))
