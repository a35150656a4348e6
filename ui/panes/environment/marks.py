"""What has to be kept in mind of an environment, and what has to be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gms_console.model.environment import Environment

from ...environments.guard_desk import LEVELS
from ...tips import plain_tip
from ..common import icon_button, label, named

_TLS_TIP = (
    "Certificates are not checked in this environment: whoever is on the way can read and "
    "change what is sent. The settings have the switch."
)


class PlaceMarks(QWidget):
    """Marks that stay as long as the environment is in use: TLS that is not checked, the guard."""

    def __init__(self) -> None:
        super().__init__()
        self.tls_mark = named(label("TLS not checked", "errorBadge"), "tlsMark", "TLS not checked")
        self.tls_mark.setToolTip(_TLS_TIP)
        self.guard_mark = named(label("", "badge"), "guardMark", "Guard level")
        row = _row(self)
        row.addWidget(self.tls_mark)
        row.addWidget(self.guard_mark)

    def show_environment(self, environment: Environment | None) -> None:
        """Show the marks of an environment; none for a base URL that was typed."""
        self.tls_mark.setVisible(environment is not None and not environment.verify_tls)
        words, meaning = LEVELS[environment.guard] if environment is not None else ("", "")
        self.guard_mark.setText(words)
        self.guard_mark.setToolTip(meaning)
        self.guard_mark.setAccessibleName(f"Guard level: {words}")
        self.guard_mark.setVisible(bool(words))
        self.setVisible(not (self.tls_mark.isHidden() and self.guard_mark.isHidden()))


class Notices(QWidget):
    """A row of things to do, each a button that begins with it; no row while there is nothing.

    `secrets_wanted` comes when missing secrets are to be typed, `poll_wanted` when a poll
    elsewhere is to be shown, `settings_wanted` when files are to be looked at.
    """

    secrets_wanted = Signal()
    poll_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.secrets_mark = _notice("secretsMark", "lock")
        self.poll_mark = _notice("pollElsewhereButton", "")
        self.poll_mark.setToolTip("Go to the poll")
        self.mistakes_mark = _notice("environmentMistakesMark", "warning")
        row = _row(self)
        for notice in (self.secrets_mark, self.poll_mark, self.mistakes_mark):
            row.addWidget(notice)
        row.addStretch(1)
        self.secrets_mark.clicked.connect(self.secrets_wanted)
        self.poll_mark.clicked.connect(self.poll_wanted)
        self.mistakes_mark.clicked.connect(self.settings_wanted)

    def show_missing(self, names: Sequence[str], lives: str) -> None:
        """Say that secrets are not known; `lives` says where they are kept."""
        one = len(names) == 1
        text = "Secret not known yet" if one else f"{len(names)} secrets not known yet"
        tip = f"Not known yet: {', '.join(names)}.\n{lives}".strip()
        _say(self.secrets_mark, text if names else "", plain_tip(tip))
        self._show()

    def show_elsewhere(self, text: str) -> None:
        """Say how many polls run elsewhere."""
        _say(self.poll_mark, text, "Go to the poll")
        self._show()

    def show_mistakes(self, mistakes: Sequence[str]) -> None:
        """Say how many files could not be read; the tooltip has the reasons."""
        text = f"{len(mistakes)} file{'' if len(mistakes) == 1 else 's'} not read"
        _say(self.mistakes_mark, text if mistakes else "", plain_tip("\n".join(mistakes)))
        self._show()

    def _show(self) -> None:
        marks = (self.secrets_mark, self.poll_mark, self.mistakes_mark)
        self.setVisible(any(not mark.isHidden() for mark in marks))


def _row(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    return row


def _notice(object_name: str, icon_name: str) -> QToolButton:
    button = icon_button(icon_name, "", " ") if icon_name else QToolButton()
    named(button, object_name, "Nothing to do")
    button.setProperty("role", "mark")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.hide()
    return button


def _say(button: QToolButton, text: str, tip: str) -> None:
    button.setText(text.replace("&", "&&"))
    button.setAccessibleName(text or "Nothing to do")
    button.setToolTip(tip)
    button.setVisible(bool(text))
