"""One value of an answer as plain text, whole and wrapped."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...node_feed import LONGEST_VALUE
from ..common import ElidedLabel, label, named
from .parts import prepare_text_view

_LONGEST_LINE = 4000
"""Characters of a line that are laid out as one: the time for that grows with its length."""


class WholeValue(QDialog):
    """Shows a text; `copied` says that it was copied, exactly as it is."""

    copied = Signal(str)

    def __init__(self, title: str, text: str, *, cut: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("wholeValueDialog")
        self.setWindowTitle("Whole value")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 480)
        self._title, self._text = title, text
        self.view = QPlainTextEdit()
        prepare_text_view(self.view, "wholeValueView", "Whole value")
        self.view.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.view.setUndoRedoEnabled(False)
        broken = _broken(text)
        self.view.setPlainText(broken)
        copy = named(QPushButton("&Copy"), "wholeValueCopyButton", "Copy the value")
        copy.clicked.connect(self.copy)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        heading = ElidedLabel()
        heading.show_text(title)
        column = QVBoxLayout(self)
        column.addWidget(heading)
        column.addWidget(label(_size_text(text, cut=cut, broken=broken != text), "muted"))
        column.addWidget(self.view, 1)
        column.addWidget(buttons)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> None:
        """Copy the value exactly, without the lines that it was broken into."""
        QGuiApplication.clipboard().setText(self._text)
        self.copied.emit(f"Copied the value of {self._title}.")


def _size_text(text: str, *, cut: bool, broken: bool) -> str:
    said = f"{len(text):,} characters"
    if cut:
        said = f"The first {LONGEST_VALUE:,} characters; Save the answer … has all of them"
    return f"{said}. Long lines are broken here; Copy copies them whole." if broken else f"{said}."


def _broken(text: str) -> str:
    """Break lines that would take long to lay out."""
    if len(text) <= _LONGEST_LINE:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        starts = range(0, max(len(line), 1), _LONGEST_LINE)
        lines += (line[start : start + _LONGEST_LINE] for start in starts)
    return "\n".join(lines)
