"""How the cells of the form table are painted and edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gms_console.model.form import Row, RowGroup

from ..console import Console
from ..models.form_cell import ADVICE_ROLE, PARAMETER_ROLE, PROBLEM_ROLE, ROW_ROLE, Column
from ..theme import colours
from .suggestions import Suggestion, make_completer
from .value_editors import (
    TABS,
    FileValueEdit,
    KeysThrough,
    TypedEdit,
    ValueEdit,
    fits,
    make_typed,
)

if TYPE_CHECKING:
    from gms_console.catalogue import Parameter

Index = QModelIndex | QPersistentModelIndex


SIGN_ONLY = 100
"""Below this width, what stands beside a row is its sign; the words stand below the table."""

_STAR = " ∗"
"""What marks the key of a mandatory parameter."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How the next editor of a value is to be: free or typed, with a text that was typed."""

    free: bool
    text: str | None = None


class FormDelegate(QStyledItemDelegate):
    """Paints rows off, rows that cannot be sent, and where each row goes; edits keys and values.

    `parameters` gives what is known of the keys; by default those of the console's form.
    `swap_wanted` and `attach_wanted` come of buttons in the editor that is open.
    """

    swap_wanted = Signal()
    attach_wanted = Signal()

    def __init__(
        self,
        console: Console,
        parent: QWidget,
        parameters: Callable[[], tuple[Parameter, ...]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._parameters = parameters or (lambda: console.advice.parameters)
        self.open_editor: QWidget | None = None
        self.opening: Opening | None = None
        self._filled: tuple[QWidget, str] | None = None

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Give a row the colours of its condition."""
        super().initStyleOption(option, index)
        row: Row = index.data(ROW_ROLE)
        scheme = colours()
        ink = scheme.text if row.enabled else scheme.muted
        if index.data(PROBLEM_ROLE) and row.enabled:
            option.backgroundBrush = QBrush(QColor(scheme.error_soft))
            ink = scheme.error
        elif index.column() == Column.PROBLEM and index.data(ADVICE_ROLE):
            ink = scheme.warning
        palette = QPalette(option.palette)
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
            palette.setColor(role, QColor(ink))
        option.palette = palette
        if index.column() == Column.PROBLEM and option.rect.width() < SIGN_ONLY:
            option.text = option.text[:1]
        option.font.setStrikeOut(not row.enabled and index.column() == Column.KEY)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the group as a badge, a mandatory key with a star, anything else as usual."""
        if index.column() == Column.GROUP:
            self._paint_group(painter, option, index)
            return
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - costly, and no row waits at a start

        parameter = index.data(PARAMETER_ROLE) if index.column() == Column.KEY else None
        if parameter is not None and parameter.mandatory:
            self._paint_mandatory(painter, option, index)
        else:
            super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.save()
            painter.setPen(QPen(QColor(colours().accent), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
            painter.restore()

    def _paint_mandatory(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Keep the star in sight, however little of the key there is room for."""
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - as above

        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        style, metrics = styled.widget.style(), styled.fontMetrics
        place = style.subElementRect(
            QStyle.SubElement.SE_ItemViewItemText, styled, styled.widget
        ).adjusted(3, 0, -3, 0)
        star = metrics.horizontalAdvance(_STAR)
        text = metrics.elidedText(
            styled.text, Qt.TextElideMode.ElideRight, max(place.width() - star, 0)
        )
        styled.text = ""
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, styled, painter, styled.widget)
        painter.save()
        painter.setFont(styled.font)
        painter.setPen(styled.palette.color(QPalette.ColorRole.Text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, flags, text)
        place.setLeft(place.left() + metrics.horizontalAdvance(text))
        styled.font.setStrikeOut(False)
        painter.setFont(styled.font)
        row: Row = index.data(ROW_ROLE)
        painter.setPen(QColor(colours().warning if row.enabled else colours().muted))
        painter.drawText(place, flags, _STAR)
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
        """Give keys a line with the catalogue's names, values what suits their parameter."""
        del option
        opening, self.opening = self.opening, None
        if index.column() == Column.VALUE and not index.data(ROW_ROLE).is_file:
            self.open_editor = self._value_edit(parent, index, opening)
        else:
            self.open_editor = self._line_edit(parent, index)
        self._filled = None
        if opening is not None and opening.text is not None:
            self.setEditorData(self.open_editor, index)
            if isinstance(self.open_editor, (TypedEdit, ValueEdit)):
                self.open_editor.take(opening.text)
        return self.open_editor

    def _value_edit(self, parent: QWidget, index: Index, opening: Opening | None) -> QWidget:
        text = str(index.data(Qt.ItemDataRole.EditRole))
        parameter: Parameter | None = index.data(PARAMETER_ROLE)
        if parameter is None or (opening is not None and opening.free):
            return ValueEdit(parent)
        if opening is None and not fits(parameter, text):
            return ValueEdit(parent)
        shown = text if opening is None or opening.text is None else opening.text
        editor = make_typed(parent, parameter, shown)
        if editor is None:
            return ValueEdit(parent)
        editor.ended.connect(self.finish)
        editor.free_text_wanted.connect(self.swap_wanted)
        if isinstance(editor, FileValueEdit):
            editor.attach_wanted.connect(self.attach_wanted)
        return editor

    def _line_edit(self, parent: QWidget, index: Index) -> QLineEdit:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Key" if index.column() == Column.KEY else "Path of the file")
        parameters = self._parameters()
        if index.column() == Column.KEY and parameters:
            editor.setCompleter(make_completer(map(_suggestion, parameters), editor))
            popup = editor.completer().popup()
            if popup is not None:
                popup.installEventFilter(
                    KeysThrough(editor, editor.setText, lambda hint: self.finish(editor, hint))
                )
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Put the cell's text into its editor, once: news of other cells must not undo typing."""
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if self._filled == (editor, text):
            return
        self._filled = (editor, text)
        if isinstance(editor, (ValueEdit, TypedEdit)):
            editor.start(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(  # noqa: N802 - Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Take the text over, unless nothing was typed: an editor must not alter line ends."""
        if isinstance(editor, (ValueEdit, TypedEdit)):
            if editor.changed:
                model.setData(index, editor.text())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Let an editor that needs more room than its cell grow out of it, within the table."""
        del index
        rect: QRect = option.rect
        if isinstance(editor, ValueEdit):
            rect = QRect(rect.left(), rect.top(), rect.width(), editor.wanted_height(rect.height()))
        elif isinstance(editor, TypedEdit):
            wanted = editor.minimumSizeHint().expandedTo(rect.size())
            viewport = editor.parentWidget()
            around = viewport.rect() if viewport is not None else rect
            rect = QRect(rect.topLeft(), wanted)
            if rect.right() > around.right():
                rect.moveRight(around.right())
            if rect.bottom() > around.bottom():
                rect.moveBottom(around.bottom())
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

    def destroyEditor(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Forget an editor that goes with its row, which Qt does not close."""
        if editor is self.open_editor:
            self.open_editor = None
        super().destroyEditor(editor, index)

    def finish(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        """Take an editor's text and close it; `hint` says where to go from there."""
        if hint is not QStyledItemDelegate.EndEditHint.RevertModelCache:
            self.commitData.emit(editor)
        self.closeEditor.emit(editor, hint)


def _suggestion(parameter: Parameter) -> Suggestion:
    """Offer a parameter's name; its type comes first, as it is the shorter."""
    from gms_console.catalogue import describe  # noqa: PLC0415 - it is loaded by now

    star = ", mandatory" if parameter.mandatory else ""
    return Suggestion(
        parameter.name, f"{parameter.type.value}{star} · {parameter.meaning}", describe(parameter)
    )
