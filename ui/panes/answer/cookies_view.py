"""The cookies of one Exchange: those that the answer set and those that went along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.answer import Answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange

from ...models.exchange_cookies import CookieFact, ExchangeCookies, ShownCookie, cookies_of
from ...theme import colours
from ...tips import plain_tip
from ..common import label, named

if TYPE_CHECKING:
    from ...console import Console

_EMPTY = (
    "This answer set no cookie, and none went along with the request.\n\n"
    "Behind a load balancer GMS sets JSESSIONID when a service is created; what it ends with "
    "names the node. Those that an instance keeps are listed by Ctrl+Shift+K."
)
_SET, _SENT = "Set by the answer", "Sent with the request"
_SHOW_TIP = "A session cookie is as good as a password while it lasts"
_COPY_TIP = "Copy the value of the chosen cookie (Ctrl+C)"
_NOT_KEPT = "The history keeps no values of cookies, so there is none to show or copy"
_COOKIE_ROLE = Qt.ItemDataRole.UserRole


class CookiesView(QWidget):
    """A tree: each cookie with its value, below it what was said of it.

    Values are credentials: they are masked until a person asks.
    """

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._cookies = ExchangeCookies()
        self._shown: tuple[ExchangeCookies, bool] | None = None
        self.tree = named(QTreeWidget(), "answerCookies", "Cookies of this answer")
        self.tree.setHeaderLabels(["Cookie", "Value"])
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.setIndentation(16)
        self.tree.header().setStretchLastSection(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.installEventFilter(self)
        self._empty = label(_EMPTY, "muted")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(24)
        self.show_button = named(QPushButton("Show va&lues"), "answerCookiesShow", "Show values")
        self.show_button.setCheckable(True)
        self.show_button.setToolTip(_SHOW_TIP)
        self.copy_button = named(QPushButton("Copy val&ue"), "answerCookiesCopy", "Copy value")
        self.copy_button.setToolTip(_COPY_TIP)
        self._lay_out()
        self.show_button.toggled.connect(self._fill)
        self.copy_button.clicked.connect(self.copy_value)
        self.tree.currentItemChanged.connect(self._show_choice)
        self._fill()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.tree)
        self._stack.addWidget(self._empty)
        row = QHBoxLayout()
        row.addWidget(self.show_button)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._stack, 1)
        column.addLayout(row)

    # --- the tab ---------------------------------------------------------------------------

    @property
    def text_view(self) -> QPlainTextEdit | None:
        """There is no text to find in; the lines themselves stand among the headers."""
        return None

    @property
    def focus_target(self) -> QWidget:
        """What takes the cursor."""
        return self.tree

    def show_exchange(self, exchange: Exchange, answer: Answer) -> None:
        """Show the cookies of an Exchange."""
        del answer
        self._cookies = cookies_of(exchange, _environment_of(self._console, exchange))
        self._fill()

    def copy_text(self) -> str:
        """Give what the tree shows, masked values as they are shown."""
        lines: list[str] = []
        for place in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(place)
            if group is not None:
                lines += ["", *_lines(group, 0)] if lines else _lines(group, 0)
        return "\n".join(lines)

    def refresh_colours(self) -> None:
        """Draw in the colours of the scheme in force."""
        self._shown = None
        self._fill()

    # --- filling -----------------------------------------------------------------------------

    def _fill(self) -> None:
        cookies, plain = self._cookies, self.show_button.isChecked()
        self._stack.setCurrentWidget(self.tree if cookies else self._empty)
        for button in (self.show_button, self.copy_button):
            button.setVisible(bool(cookies))
        self.show_button.setEnabled(cookies.have_values)
        self.show_button.setToolTip(_SHOW_TIP if cookies.have_values else _NOT_KEPT)
        # A poll must not move what is being read.
        if (cookies, plain) == self._shown:
            return
        self._shown = cookies, plain
        place, bar = self._place(), self.tree.verticalScrollBar()
        scrolled = bar.value()
        self.tree.clear()
        self._add_group(_SET, cookies.set)
        self._add_group(_SENT, cookies.sent)
        self._go_to(place)
        bar.setValue(scrolled)
        self._show_choice()

    def _add_group(self, title: str, cookies: tuple[ShownCookie, ...]) -> None:
        items = [self._item(one) for one in cookies]
        group = QTreeWidgetItem([f"{title} · {len(items)}", ""])
        font = self.font()
        font.setBold(True)
        group.setFont(0, font)
        group.setFirstColumnSpanned(True)
        group.addChildren(items)
        if not items:
            none = QTreeWidgetItem(["none", ""])
            none.setForeground(0, QBrush(QColor(colours().muted)))
            group.addChild(none)
        self.tree.addTopLevelItem(group)
        group.setFirstColumnSpanned(True)
        self.tree.expandItem(group)
        for item in items:
            self.tree.expandItem(item)
            for place in range(item.childCount()):
                child = item.child(place)
                if child is not None and not child.text(1):
                    child.setFirstColumnSpanned(True)

    def _item(self, one: ShownCookie) -> QTreeWidgetItem:
        shown = one.value if self.show_button.isChecked() else one.masked
        item = QTreeWidgetItem([one.name, shown])
        item.setData(0, _COOKIE_ROLE, one)
        item.setToolTip(0, plain_tip(one.name))
        item.setToolTip(1, plain_tip(shown))
        item.addChildren([_fact_item(fact) for fact in one.facts])
        return item

    # --- choosing ----------------------------------------------------------------------------

    def _chosen(self) -> ShownCookie | None:
        """Give the cookie that is chosen, or the one that a chosen fact belongs to."""
        item = self.tree.currentItem()
        while item is not None:
            found = item.data(0, _COOKIE_ROLE)
            if isinstance(found, ShownCookie):
                return found
            item = item.parent()
        return None

    def _place(self) -> tuple[int, ...]:
        """Give where the chosen line stands, from the top down."""
        item, way = self.tree.currentItem(), []
        while item is not None:
            above = item.parent()
            way.append(
                above.indexOfChild(item)
                if above is not None
                else self.tree.indexOfTopLevelItem(item)
            )
            item = above
        return tuple(reversed(way))

    def _go_to(self, place: tuple[int, ...]) -> None:
        if not place:
            place = (0, 0)
        item = self.tree.topLevelItem(place[0])
        for step in place[1:]:
            below = item.child(min(step, item.childCount() - 1)) if item is not None else None
            if below is None:
                break
            item = below
        if item is not None:
            self.tree.setCurrentItem(item)

    def _show_choice(self) -> None:
        chosen = self._chosen()
        kept = chosen is None or chosen.is_kept
        self.copy_button.setEnabled(chosen is not None and kept)
        self.copy_button.setToolTip(_COPY_TIP if kept else _NOT_KEPT)

    def copy_value(self) -> None:
        """Copy the value of the chosen cookie, as a person asked to."""
        chosen = self._chosen()
        if chosen is not None and not chosen.is_kept:
            self._console.message.emit(f"{_NOT_KEPT}.")
        elif chosen is not None:
            QGuiApplication.clipboard().setText(chosen.value)
            self._console.message.emit(f"Value of {chosen.name} copied")

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Mask again, so that another look begins so."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.show_button.setChecked(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let Ctrl+C copy the value while the tree has the focus."""
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            self.copy_value()
            return True
        return super().eventFilter(watched, event)


def _fact_item(fact: CookieFact) -> QTreeWidgetItem:
    item = QTreeWidgetItem([fact.name, fact.text])
    scheme = colours()
    if fact.warns:
        for column in (0, 1):
            item.setForeground(column, QBrush(QColor(scheme.warning)))
    else:
        item.setForeground(0, QBrush(QColor(scheme.muted)))
    item.setToolTip(0, plain_tip(fact.name))
    item.setToolTip(1, plain_tip(fact.text))
    return item


def _lines(item: QTreeWidgetItem, depth: int) -> list[str]:
    name, text = item.text(0), item.text(1)
    lines = [f"{'  ' * depth}{name}{f': {text}' if text else ''}"]
    for place in range(item.childCount()):
        child = item.child(place)
        if child is not None:
            lines += _lines(child, depth + 1)
    return lines


def _environment_of(console: Console, exchange: Exchange) -> Environment | None:
    """Give the Environment that an Exchange went to, as far as it is known still."""
    instance, current = console.shown_instance, console.environment
    if instance is not None:
        return instance.environment
    same = current is not None and current.name == exchange.environment
    return current if same else None
