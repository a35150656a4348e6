"""Questions of the settings; each is answered by a button, and none holds the loop up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QPushButton, QWidget

Choice = tuple[str, str, Callable[[], None] | None]
"""The button's text and object name, and what it does; one choice does nothing."""


def ask(
    parent: QWidget, object_name: str, question: str, details: str, choices: Sequence[Choice]
) -> QMessageBox:
    """Open a question. The first choice has the focus; Escape is the one that does nothing."""
    box = QMessageBox(parent)
    box.setObjectName(object_name)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Environments")
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(details)
    actions: dict[QAbstractButton, Callable[[], None] | None] = {}
    for text, name, action in choices:
        button = QPushButton(text)
        button.setObjectName(name)
        box.addButton(button, QMessageBox.ButtonRole.ActionRole)
        actions[button] = action
        if len(actions) == 1:
            box.setDefaultButton(button)
        if action is None:
            box.setEscapeButton(button)

    def answered(_: int) -> None:
        action = actions.get(box.clickedButton())
        if action is not None:
            action()

    box.finished.connect(answered)
    box.open()
    return box
