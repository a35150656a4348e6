"""What the window does with the answer that is shown, and with values taken from answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from .actions import ActionSpec

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from .window import MainWindow


class AnswerActions(QObject):
    """Finds, filters, copies and saves; lists what was taken as a variable."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: QDialog | None = None

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec, answer = ActionSpec, self._window.answer_pane
        return (
            spec("find", "&Edit", "&Find in answer", ("Ctrl+F",), answer.open_find),
            spec("findNext", "&Edit", "Ne&xt hit", ("F3",), lambda: answer.find_again(1)),
            spec(
                "findPrevious",
                "&Edit",
                "&Previous hit",
                ("Shift+F3",),
                lambda: answer.find_again(-1),
            ),
            spec("filter", "&Edit", "Filter the ans&wer", ("Ctrl+Shift+F",), answer.open_filter),
            spec("copyCurl", "&Edit", "Copy as cur&l", ("Ctrl+U",), answer.copy_curl),
            spec(
                "saveAnswer",
                "&File",
                "Save the answer …",
                ("Ctrl+Shift+S",),
                answer.ask_where_to_save,
            ),
            spec("showAll", "&View", "Show &all of the answer", ("Ctrl+Shift+U",), answer.show_all),
            spec(
                "captures",
                "&View",
                "&Values from answers …",
                ("Ctrl+Alt+V",),
                self.show_captures,
            ),
        )

    def show_captures(self) -> None:
        """Show which values forms can take by their names."""
        from .panes.captures_dialog import CapturesDialog  # noqa: PLC0415 - rarely needed

        self._dialog = CapturesDialog(self._window.console.captures, self._window)
        self._dialog.open()
