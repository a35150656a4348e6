"""What the window does with evidence: it opens the export of a session, of rows, or of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QWidget

from ..actions import ActionSpec

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QMenu

    from gms_console.history import HistoryRow

    from ..window import MainWindow
    from .choice import Scope
    from .desk import EvidenceDesk


class EvidenceActions(QObject):
    """Opens the export; nothing of it is loaded before."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._console = window.console
        self._desk: EvidenceDesk | None = None
        self._dialog: QDialog | None = None
        self._menu: QMenu | None = None
        cards = window.instance_list.view
        cards.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        cards.customContextMenuRequested.connect(self._open_card_menu)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec = ActionSpec
        return (
            spec("exportEvidence", "&File", "Export e&vidence …", ("Ctrl+Shift+X",), self.export),
            spec(
                "exportInstance",
                "&File",
                "Export evidence o&f the instance …",
                ("Ctrl+Alt+I",),
                self.export_instance,
            ),
            spec(
                "exportRows", "Histor&y", "E&xport the rows …", ("Ctrl+Alt+R",), self.export_chosen
            ),
        )

    @property
    def desk(self) -> EvidenceDesk:
        """What writes evidence; made when it is first asked for."""
        if self._desk is None:
            from .desk import EvidenceDesk  # noqa: PLC0415 - as said

            self._desk = EvidenceDesk(self._console)
        return self._desk

    def export(self) -> None:
        """Export what was sent and received in this start."""
        self._open(self.desk.session_scope())

    def export_instance(self) -> None:
        """Export all of the selected instance."""
        selected = self._console.live.selected
        if selected is None:
            self._window.show_message("Create a service, or choose an instance in the list.")
        else:
            self._open(self.desk.instance_scope(selected))

    def _open_card_menu(self, place: QPoint) -> None:
        """Open what can be done with the card of an instance; it is never waited for."""
        from PySide6.QtWidgets import QMenu  # noqa: PLC0415 - not before it is asked for

        cards = self._window.instance_list.view
        if self._console.live.selected is None:
            return
        self._menu = menu = QMenu(cards)
        menu.setObjectName("instanceMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(self._window.action("exportInstance"))
        menu.addAction("&Take it off the list", self._window.instance_list.close_current)
        menu.popup(cards.mapToGlobal(place))

    def export_chosen(self) -> None:
        """Export the rows that are selected in the history."""
        pane = self._window.left_column.history_pane
        rows = pane.rows if pane is not None and pane.isVisible() else []
        if rows:
            self.export_rows(rows)
        else:
            self._window.show_message("Choose rows of the history first (Ctrl+H).")

    def export_rows(self, rows: Sequence[HistoryRow]) -> None:
        """Export rows of the history."""
        self._open(self.desk.rows_scope(rows))

    def export_run(self) -> None:
        """Export what the last run sent."""
        record = self._console.runs.record
        if record is not None:
            parent = self._window.flow_actions.window or self._window
            self._open(self.desk.run_scope(record), parent)

    def _open(self, scope: Scope, parent: QWidget | None = None) -> None:
        from ..panes.evidence.dialog import EvidenceDialog  # noqa: PLC0415 - when asked for

        self._window.take_open_edits()
        desk = self.desk
        self._dialog = EvidenceDialog(desk, desk.scopes(scope), parent or self._window)
        self._dialog.open()
