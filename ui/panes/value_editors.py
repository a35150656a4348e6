"""Editors of values in their cells: free text, and one for each type that the catalogue knows.

An editor holds the exact text of its cell, and gives it back untouched unless a person changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)

from ..tips import plain_tip
from .common import exact_text, icon_button, label
from .suggestions import (
    LIST_WIDTH,
    MeaningDelegate,
    Suggestion,
    make_completer,
    suggestion_model,
)

if TYPE_CHECKING:
    from gms_console.catalogue import Parameter

EndEditHint = QStyledItemDelegate.EndEditHint

TABS = {
    Qt.Key.Key_Tab: EndEditHint.EditNextItem,
    Qt.Key.Key_Backtab: EndEditHint.EditPreviousItem,
}
"""Where the Tab keys go from a cell that is being edited."""

ENDS = TABS | {
    Qt.Key.Key_Return: EndEditHint.SubmitModelCache,
    Qt.Key.Key_Enter: EndEditHint.SubmitModelCache,
}
"""All keys that end the editing of a cell of one line, and how."""

_ONE_LINE = 32000
_LINE_WIDTH = 110
_FREE_TIP = "Edit as free text (Ctrl+T)"


class ValueEdit(QPlainTextEdit):
    """Edits a value as free text, with line breaks; it knows whether anything was changed."""

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

    def take(self, text: str) -> None:
        """Go on with a text that was typed in another editor of the cell."""
        self.setPlainText(text)
        self.selectAll()

    def text(self) -> str:
        """Give the text as it stands."""
        return exact_text(self)

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


class TypedEdit(QFrame):
    """An editor that suits a parameter; all of it is in the cell, or grows out of it.

    `ended` tells how a person left it, as an EndEditHint; `free_text_wanted` that another
    editor is to go on with its text.
    """

    ended = Signal(QWidget, object)
    free_text_wanted = Signal()

    def __init__(self, parent: QWidget, parameter: Parameter) -> None:
        super().__init__(parent)
        self.setObjectName("cellEditor")
        self.parameter = parameter
        self._begun = ""
        self.free_button = icon_button("text", _FREE_TIP)
        self.free_button.setObjectName("freeTextButton")
        self.free_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.free_button.clicked.connect(self.free_text_wanted)

    def watch(self, widget: QWidget) -> None:
        """Let the keys in a part end the editing, and its loss of focus too."""
        widget.installEventFilter(self)

    def start(self, text: str) -> None:
        """Begin with the text of the cell."""
        self.take(text)
        self._begun = self.text()

    def take(self, text: str) -> None:
        """Go on with a text; it counts as a change when it is not the one begun with."""
        raise NotImplementedError

    def text(self) -> str:
        """Give the text as it would be taken."""
        raise NotImplementedError

    @property
    def changed(self) -> bool:
        """Whether the text is another than at the start."""
        return self.text() != self._begun

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Enter takes the value, Tab goes on to the next cell, Esc leaves all as it was."""
        kind = event.type()
        if kind is QEvent.Type.FocusOut and not self.isHidden() and not self._has_focus():
            self.ended.emit(self, EndEditHint.NoHint)
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        is_escape = event.key() == Qt.Key.Key_Escape
        if kind is QEvent.Type.ShortcutOverride and is_escape:
            event.accept()
            return True
        if kind is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        hint = EndEditHint.RevertModelCache if is_escape else _ending(event)
        if hint is None:
            return super().eventFilter(watched, event)
        self.ended.emit(self, hint)
        return True

    def _has_focus(self) -> bool:
        """Whether the focus is in the editor, or in a list or calendar that it opened."""
        if QApplication.activePopupWidget() is not None:
            return True
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self:
            widget = widget.parentWidget()
        return widget is self


def _ending(event: QKeyEvent) -> QStyledItemDelegate.EndEditHint | None:
    """Say how a key ends the editing; None when it does not. Ctrl+Enter sends."""
    others = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    if event.modifiers() & others or event.key() not in ENDS:
        return None
    return ENDS[Qt.Key(event.key())]


class KeysThrough(QObject):
    """Lets Tab and Enter end a cell with its list of names open; the list would swallow them."""

    def __init__(
        self,
        parent: QObject,
        take: Callable[[str], object],
        ended: Callable[[QStyledItemDelegate.EndEditHint], object],
    ) -> None:
        super().__init__(parent)
        self._take = take
        self._ended = ended

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the name that is marked, if one is, and go on as without a list."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        hint = _ending(event)
        if hint is None or not isinstance(watched, QAbstractItemView):
            return super().eventFilter(watched, event)
        marked = watched.currentIndex()
        if marked.isValid():
            self._take(str(marked.data()))
        watched.hide()
        self._ended(hint)
        return True


class LineValueEdit(TypedEdit):
    """Edits a value of one line, with a hint of its format while it is empty."""

    def __init__(self, parent: QWidget, parameter: Parameter, *after: QWidget) -> None:
        super().__init__(parent, parameter)
        self.outer = outer = self.make_outer()
        outer.setAccessibleName("Value")
        outer.setToolTip(plain_tip(_hint(parameter)))
        outer.setMinimumWidth(_LINE_WIDTH)
        self.line().setPlaceholderText(_hint(parameter))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(outer, 1)
        for part in (*after, self.free_button):
            row.addWidget(part)
        self.setFocusProxy(outer)
        self.watch(outer)

    def make_outer(self) -> QWidget:
        """Make the control that has the line, and the focus."""
        return QLineEdit(self)

    def line(self) -> QLineEdit:
        """Give the line. PySide loses one that Qt made, so it must not be kept."""
        if not isinstance(self.outer, QLineEdit):
            raise TypeError("the control is no line")
        return self.outer

    def take(self, text: str) -> None:
        """Put a text into the line, all of it selected."""
        self.line().setText(text)
        self.line().selectAll()

    def text(self) -> str:
        """Give the text in the line."""
        return self.line().text()


class ChoiceEdit(LineValueEdit):
    """Edits a value that is mostly one of a few; any other can be typed."""

    def __init__(
        self, parent: QWidget, parameter: Parameter, suggestions: Iterable[Suggestion]
    ) -> None:
        self._suggestions = tuple(suggestions)
        super().__init__(parent, parameter)

    def make_outer(self) -> QWidget:
        """Make a combo box whose list says what each value means."""
        combo = self.combo = QComboBox(self)
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        combo.setDuplicatesEnabled(True)  # else a text is changed to an entry that is much like it
        combo.setModel(suggestion_model(self._suggestions, combo))
        combo.setItemDelegate(MeaningDelegate(combo))
        combo.view().setMinimumWidth(LIST_WIDTH)
        completer = make_completer(self._suggestions, combo)
        combo.setCompleter(completer)
        popup = completer.popup()
        if popup is not None:
            popup.installEventFilter(KeysThrough(combo, combo.setEditText, self._leave))
        return combo

    def line(self) -> QLineEdit:
        """Give the line in the combo box."""
        line = self.combo.lineEdit()
        if line is None:
            raise TypeError("an editable combo box has a line")
        return line

    def _leave(self, hint: QStyledItemDelegate.EndEditHint) -> None:
        self.ended.emit(self, hint)

    def take(self, text: str) -> None:
        """Show the entry of that text, or the text alone."""
        self.combo.setCurrentIndex(self.combo.findText(text, Qt.MatchFlag.MatchExactly))
        super().take(text)


class FileValueEdit(LineValueEdit):
    """Edits the text of a parameter that takes a file, and offers to attach one instead."""

    attach_wanted = Signal()

    def __init__(self, parent: QWidget, parameter: Parameter) -> None:
        attach = QToolButton()
        attach.setText("Attach …")
        attach.setObjectName("attachHereButton")
        attach.setToolTip("Send a file in this row (Alt+A)")
        attach.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        super().__init__(parent, parameter, attach)
        attach.clicked.connect(self.attach_wanted)
        QShortcut(
            QKeySequence("Alt+A"),
            self,
            self.attach_wanted.emit,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )


def one_line(text: str) -> bool:
    """Whether a line holds a text exactly: without breaks and other control characters."""
    return len(text) < _ONE_LINE and not any(
        ord(one) < 32 or one in "\x7f\x85\u2028\u2029" for one in text
    )


def fits(parameter: Parameter, text: str) -> bool:
    """Whether a text is what its type expects, or is yet to be typed."""
    from gms_console.catalogue import value_problem  # noqa: PLC0415 - it is loaded by now

    return one_line(text) and (not text or not value_problem(parameter, text))


def make_typed(parent: QWidget, parameter: Parameter, text: str) -> TypedEdit | None:
    """Make the editor that suits a parameter; None where free text does, or holds it alone."""
    from gms_console.catalogue import ParameterType  # noqa: PLC0415 - it is loaded by now

    if not one_line(text):
        return None
    match parameter.type:
        case ParameterType.PHONE:
            return LineValueEdit(parent, parameter)
        case ParameterType.BOOLEAN:
            return ChoiceEdit(parent, parameter, (Suggestion("true"), Suggestion("false")))
        case ParameterType.ENUM:
            known = [Suggestion(one.value, one.meaning) for one in parameter.choices]
            return ChoiceEdit(parent, parameter, known)
        case ParameterType.INTEGER:
            from .spin_editor import IntegerEdit  # noqa: PLC0415 - not before it is asked for

            return IntegerEdit(parent, parameter, label(parameter.unit, "muted"))
        case ParameterType.FILE:
            return FileValueEdit(parent, parameter)
        case ParameterType.TIME:
            from .time_editor import TimeEdit, holds_time  # noqa: PLC0415 - as above

            return TimeEdit(parent, parameter) if holds_time(text) else None
        case _:
            return None


def _hint(parameter: Parameter) -> str:
    from gms_console.catalogue import format_hint  # noqa: PLC0415 - it is loaded by now

    return format_hint(parameter)
