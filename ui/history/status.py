"""The marks of the history in the status bar: private mode, and trouble that stays."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStatusBar, QToolButton

from ..panes.common import icon_button
from ..tips import plain_tip


class HistoryStatus:
    """Two buttons at the end of the status bar, each hidden while there is nothing to say."""

    def __init__(self, bar: QStatusBar) -> None:
        self.private_mark = _mark("privateMark", "private", "Private mode")
        self.private_mark.setToolTip("Nothing that you send is kept. Press for the settings.")
        self.trouble_mark = _mark("historyTroubleMark", "warning", "History")
        for mark in (self.trouble_mark, self.private_mark):
            bar.addPermanentWidget(mark)

    def show(self, private: bool, trouble: str) -> None:
        """Show what there is to say."""
        self.private_mark.setVisible(private)
        self.trouble_mark.setVisible(bool(trouble))
        self.trouble_mark.setToolTip(plain_tip(trouble))
        self.trouble_mark.setAccessibleDescription(trouble)


def _mark(name: str, icon_name: str, text: str) -> QToolButton:
    mark = icon_button(icon_name, text, text)
    mark.setObjectName(name)
    mark.setProperty("role", "mark")
    mark.setProperty("small", True)
    mark.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return mark
