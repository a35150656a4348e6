"""Redirects beside the answer: the way that was gone, and the question before another place."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout

from gms_console.model.exchange import Exchange

from ..console import Console
from ..tips import plain_tip
from .common import give_way, named
from .flow import FlowBar
from .phone.parts import Text

_LONGEST = 32
"""Characters of an address on a button; the tooltip has it whole."""


class RedirectHops(FlowBar):
    """One button for each Exchange of the way, in order; it shows that one."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        named(self, "redirectHops", "Redirects that led here")
        self._console = console
        self._shown: tuple[Exchange, ...] = ()
        self._buttons: list[QToolButton] = []
        self.hide()

    def refresh(self) -> None:
        """Show the way of the answer that is shown, if redirects led to it."""
        way = self._console.redirects.way
        if len(way) < 2:
            self._shown = ()
            self.hide()
            return
        if [one.id for one in way] != [one.id for one in self._shown]:
            self._rebuild(way)
        for one, button in zip(way, self._buttons, strict=True):
            button.setChecked(one is self._console.exchange)
        self.show()

    def _rebuild(self, way: tuple[Exchange, ...]) -> None:
        self._shown = way
        self._buttons.clear()
        self.clear()
        for place, one in enumerate(way):
            button = self._button(one, place, way)
            self._buttons.append(button)
            self.add(button)
        for part in self.parts:
            part.show()
        self.arrange()

    def _button(self, one: Exchange, place: int, way: tuple[Exchange, ...]) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "chip")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        status = "no answer" if one.response is None else str(one.response.status)
        address = f"→ {_short(one, way[place - 1])} " if place else ""
        button.setText(f"{address}{status}".replace("&", "&&"))
        said = f"{one.request.method} {one.request.url}: {status}"
        button.setToolTip(plain_tip(said))
        button.setAccessibleName(f"Request {place + 1} of {len(way)}: {said}")
        button.clicked.connect(lambda: self._choose(one.id))
        return button

    def _choose(self, exchange_id: str) -> None:
        self._console.show_exchange(exchange_id)
        self.refresh()


class RedirectBox(QFrame):
    """Where an answer leads that was not followed, and the one button that follows it."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        named(self, "redirectBox", "Redirect to another place")
        self._console = console
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(4)
        self.where_label = _text("redirectWhereLabel", "Where it leads")
        self.where_label.setProperty("role", "warning")
        self.why_label = _text("redirectWhyLabel", "Why it was not followed")
        self.consent_label = _text("redirectConsentLabel", "What would go along")
        self.follow_button = named(
            QPushButton("Follow once, without credentials"),
            "redirectFollowButton",
            "Follow once, without credentials",
        )
        self.follow_button.clicked.connect(self._console.redirects.follow)
        row = QHBoxLayout()
        row.addWidget(self.follow_button)
        row.addStretch(1)
        for part in (self.where_label, self.why_label, self.consent_label):
            column.addWidget(part)
        column.addLayout(row)
        console.busy_changed.connect(self._show_busy)
        self.hide()

    def refresh(self) -> None:
        """Show the redirect of the answer that is shown, or hide."""
        redirect = self._console.redirects.redirect
        self.setVisible(redirect is not None)
        if redirect is None:
            return
        self.where_label.say(f"{redirect.status} leads to {redirect.url}", "warning")
        self.why_label.say(f"Not followed. {redirect.why}", "")
        self.consent_label.say(redirect.consent if redirect.allowed else "", "muted")
        self.consent_label.setVisible(redirect.allowed)
        self.follow_button.setVisible(redirect.allowed)
        self.follow_button.setAccessibleDescription(f"{redirect.url}. {redirect.consent}")
        self._show_busy()

    def _show_busy(self) -> None:
        self.follow_button.setEnabled(not self._console.sending)


def _short(exchange: Exchange, before: Exchange) -> str:
    """Give the address in short: without the origin where that stays the same."""
    parts, came_from = urlsplit(exchange.request.url), urlsplit(before.request.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    if (parts.scheme, parts.netloc) != (came_from.scheme, came_from.netloc):
        target = f"{parts.scheme}://{parts.netloc}{target}"
    return target if len(target) <= _LONGEST else f"…{target[-_LONGEST:]}"


def _text(object_name: str, meaning: str) -> Text:
    made = named(Text("", ""), object_name, meaning)
    give_way(made)
    return made
