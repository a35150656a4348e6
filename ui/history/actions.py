"""What the window does with the history: its list, its dialogs, and the marks of private mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint

from gms_console.history import HistoryQuery

from ..actions import ActionSpec
from ..panes.left_column import HISTORY
from .desk import rows_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QMenu, QWidget

    from ..panes.history.history_pane import HistoryPane
    from ..window import MainWindow
    from .status import HistoryStatus

MENU = "Histor&y"

_GONE_FOR_GOOD = "Nothing of it is left on the disk then; this cannot be undone."


class HistoryActions(QObject):
    """Carries out what is asked of the rows that are selected. No dialog is waited for."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.console.history
        self._dialog: QDialog | None = None
        self._menu: QMenu | None = None
        self._status: HistoryStatus | None = None
        self._mark: QWidget | None = None
        window.left_column.history_made.connect(self._on_made)
        self._desk.settings_changed.connect(self.show_status)
        self._desk.trouble_changed.connect(self.show_status)
        self._desk.shown_changed.connect(self._mark_answer)
        self._desk.restored.connect(window.go_actions.go_to_rows)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec = ActionSpec
        return (
            spec("history", "&Go", "Histor&y", ("Ctrl+H",), self.go_to_history),
            spec("resend", MENU, "&Edit and resend", ("Ctrl+Shift+R",), self.edit_and_resend),
            spec("starRow", MENU, "&Star the row, or not", ("Ctrl+Alt+B",), self.toggle_star),
            spec("noteRow", MENU, "&Note on the row …", ("Ctrl+Shift+J",), self.ask_note),
            spec("compareRows", MENU, "Co&mpare the two rows", ("Ctrl+Alt+M",), self.compare),
            # Without a key of its own: Delete in the list does it.
            spec("deleteRows", MENU, "&Delete the row …", (), self.ask_delete),
            spec(
                "deleteFound", MENU, "Delete &all found …", ("Ctrl+Alt+X",), self.ask_delete_found
            ),
            spec(
                "historySettings", MENU, "&History settings …", ("Ctrl+Alt+H",), self.open_settings
            ),
            spec("private", MENU, "&Private mode", ("Ctrl+Shift+N",), self.toggle_private),
        )

    def prepare(self) -> None:
        """Show how it stands, once the actions are made."""
        self._window.action("private").setCheckable(True)
        self.show_status()

    # --- the list ------------------------------------------------------------------------

    def go_to_history(self) -> None:
        """Bring the history to the front, ready to type what is looked for."""
        self._window.left_column.history().focus_search()

    def _on_made(self) -> None:
        pane = self._window.left_column.history_pane
        if pane is None:
            return
        pane.resend_wanted.connect(self.edit_and_resend)
        pane.star_wanted.connect(self.toggle_star)
        pane.note_wanted.connect(self.ask_note)
        pane.delete_wanted.connect(self.ask_delete)
        pane.compare_wanted.connect(self.compare)
        pane.settings_wanted.connect(self.open_settings)
        pane.menu_wanted.connect(self._open_menu)

    def _pane(self) -> HistoryPane | None:
        """Give the pane while it is in front; say where to go where it is not."""
        column = self._window.left_column
        pane = column.history_pane
        if pane is None or column.tabs.currentIndex() != HISTORY or pane.current is None:
            self._window.show_message("Choose a row of the history first (Ctrl+H).")
            return None
        return pane

    def _open_menu(self, place: QPoint) -> None:
        """Open the menu of the selected rows; it is never waited for."""
        from PySide6.QtWidgets import QMenu  # noqa: PLC0415 - not before it is asked for

        pane = self._window.left_column.history_pane
        if pane is None:
            return
        self._menu = menu = QMenu(pane)
        menu.setObjectName("historyMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        several = len(pane.rows) > 1
        names = ("resend", "starRow", "noteRow", "compareRows", "exportRows", "flowOfRows")
        for name in (*names, "deleteRows"):
            only_one = name in {"resend", "noteRow"}
            if (only_one and several) or (name == "compareRows" and len(pane.exchanges) != 2):
                continue
            if name in {"compareRows", "exportRows", "deleteRows"}:
                menu.addSeparator()
            menu.addAction(self._window.action(name))
            if name == "resend":
                menu.addAction("Copy as &curl", self.copy_as_curl)
        menu.popup(place)

    def _mark_answer(self) -> None:
        """Have a line above the answer that says so when it is of the past."""
        if self._mark is None and self._desk.mark is not None:
            from ..panes.history.shown_mark import make_mark  # noqa: PLC0415 - not before there is one

            answer = self._window.answer_pane
            self._mark = make_mark(self._desk, answer)
            answer.body.insertWidget(0, self._mark)

    # --- rows ----------------------------------------------------------------------------

    def edit_and_resend(self) -> None:
        """Put the request of the row at hand into the form again."""
        pane = self._pane()
        if pane is not None and pane.current is not None:
            self._desk.edit_and_resend(*pane.current)

    def toggle_star(self) -> None:
        """Star the selected rows; take the star away where all have one."""
        pane = self._pane()
        if pane is not None:
            rows = pane.rows
            self._desk.star(rows, starred=not all(row.starred for row in rows))

    def copy_as_curl(self) -> None:
        """Copy the request of the row at hand as a curl command."""
        pane = self._pane()
        if pane is not None and pane.current is not None:
            self._desk.copy_as_curl(*pane.current)

    def compare(self) -> None:
        """Compare the two that are selected, the older one on the left."""
        pane = self._pane()
        if pane is None:
            return
        chosen = pane.exchanges
        if len(chosen) != 2:
            self._window.show_message("Select two rows of the history to compare them.")
            return
        self._desk.compare(chosen[1], chosen[0])

    def ask_note(self) -> None:
        """Ask for the note of the selected row."""
        from ..panes.history.note_dialog import NoteDialog  # noqa: PLC0415 - when asked for

        pane = self._pane()
        if pane is not None and len(pane.rows) == 1:
            row = pane.rows[0]
            dialog = NoteDialog(row, self._window)
            dialog.written.connect(lambda text: self._desk.write_note(row, text))
            self._open(dialog)

    def ask_delete(self) -> None:
        """Ask whether the selected rows are to be deleted, then do it."""
        pane = self._pane()
        if pane is None:
            return
        rows = pane.rows
        what = f"“{rows[0].title}”" if len(rows) == 1 else rows_text(len(rows))
        attempts = sum(row.attempts for row in rows)
        more = f", with {attempts:,} attempts," if attempts else ""
        self._ask(f"Delete {what}{more} from the history?", lambda: self._desk.delete(rows))

    def ask_delete_found(self) -> None:
        """Ask whether all that the filters leave is to be deleted, then do it."""
        column = self._window.left_column
        pane = column.history_pane
        if pane is None or column.tabs.currentIndex() != HISTORY:
            # Nobody sees what would be deleted.
            self._window.show_message("Open the history first (Ctrl+H), and see what is found.")
            return
        query = pane.filters.query
        self._desk.start(self._ask_delete_found(query), "count the history")

    async def _ask_delete_found(self, query: HistoryQuery) -> None:
        if self._desk.engine is None:
            self._window.show_message("This window keeps no history.")
            return
        count = await self._desk.engine.count(query)
        if not count:
            self._window.show_message("Nothing was found that could be deleted.")
            return
        found = "the whole history" if query == HistoryQuery() else "all that was found"
        self._ask(f"Delete {found}: {rows_text(count)}?", lambda: self._desk.delete_all(query))

    # --- settings ------------------------------------------------------------------------

    def open_settings(self) -> None:
        """Open what is kept, for how long and how much."""
        from ..panes.history.settings_dialog import HistorySettingsDialog  # noqa: PLC0415 - as said

        dialog = HistorySettingsDialog(self._desk, self._window)
        dialog.delete_all_wanted.connect(
            lambda: self._desk.start(self._ask_delete_found(HistoryQuery()), "count the history")
        )
        self._open(dialog)

    def toggle_private(self) -> None:
        """Keep nothing from now on, or keep again."""
        self._desk.set_private(on=not self._desk.settings.private)

    def show_status(self) -> None:
        """Show the marks of private mode and of trouble in the status bar, where there are any."""
        self._window.action("private").setChecked(self._desk.settings.private)
        if self._status is None and (self._desk.settings.private or self._desk.trouble):
            from .status import HistoryStatus  # noqa: PLC0415 - rarely needed

            self._status = HistoryStatus(self._window.statusBar())
            self._status.private_mark.clicked.connect(self.open_settings)
            self._status.trouble_mark.clicked.connect(self._say_trouble)
        if self._status is not None:
            self._status.show(self._desk.settings.private, self._desk.trouble)

    def _say_trouble(self) -> None:
        self._window.show_message(f"History: {self._desk.trouble}")

    # --- dialogs -------------------------------------------------------------------------

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.open()

    def _ask(self, question: str, agreed: Callable[[], None]) -> None:
        from ..panes.environment.questions import ask  # noqa: PLC0415 - not before it is asked

        box = ask(
            self._window,
            "deleteHistoryBox",
            question,
            _GONE_FOR_GOOD,
            (("&Keep", "keepRowsButton", None), ("&Delete", "deleteRowsButton", agreed)),
        )
        box.setWindowTitle("History")
        self._dialog = box
