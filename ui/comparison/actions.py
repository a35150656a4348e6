"""What the window does to compare: pairs of answers, and the form sent to a second place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..actions import ActionSpec

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from ..panes.comparison.window import ComparisonWindow
    from ..window import MainWindow


class ComparisonActions(QObject):
    """Opens the window that compares, and the dialog that asks for a second place."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._console = window.console
        self._comparison: ComparisonWindow | None = None
        self._dialog: QDialog | None = None
        self._console.comparison.opened.connect(self.show_comparison)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec, desk = ActionSpec, self._console.comparison
        return (
            spec(
                "sendSecond",
                "&Send",
                "Send to a second place &too …",
                ("Ctrl+Alt+Return",),
                lambda: self.ask_second_place(match=False),
            ),
            spec(
                "createMatch",
                "&Send",
                "Create here, &match there …",
                ("Ctrl+Shift+I",),
                lambda: self.ask_second_place(match=True),
            ),
            spec(
                "compareRemember",
                "&View",
                "Re&member for comparison",
                ("Ctrl+Shift+D",),
                desk.remember,
            ),
            spec(
                "compareRemembered",
                "&View",
                "Compare &with the remembered one",
                ("Ctrl+Shift+M",),
                desk.compare_with_remembered,
            ),
            spec(
                "compareBefore",
                "&View",
                "Compare with the one &before",
                ("Ctrl+Shift+L",),
                desk.compare_with_before,
            ),
            spec("comparison", "&Go", "C&omparison", ("Alt+9",), self.show_comparison),
        )

    def show_comparison(self) -> None:
        """Show the window that compares; it keeps its place until the end of this start."""
        from ..panes.comparison.window import ComparisonWindow  # noqa: PLC0415 - rarely needed

        if self._console.comparison.pair is None:
            self._window.show_message(
                "Nothing is compared yet. Remember an answer (Ctrl+Shift+D), show another one "
                "and compare it (Ctrl+Shift+M)."
            )
            return
        if self._comparison is None:
            self._comparison = ComparisonWindow(self._console, self._window)
        self._comparison.show_up()

    def ask_second_place(self, *, match: bool) -> None:
        """Ask where the form goes besides, or where what it creates is matched."""
        from ..panes.comparison.second_place_dialog import SecondPlaceDialog  # noqa: PLC0415 - same

        self._window.take_open_edits()
        trouble = self._console.second_place.trouble(match=match)
        if trouble:
            self._window.show_message(f"Not sent. {trouble}")
            self._window.request_pane.show_first_problem()
            return
        self._dialog = SecondPlaceDialog(self._console, self._window, match=match)
        self._dialog.open()
