"""The cookies of one Exchange: those that the answer set and those that went along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from gms_console.redaction import MASK
from gms_console.set_cookie import SentCookie, SetCookie, node_of, sent_cookies, set_cookies

from ...cookie_desk import expires_text
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
_VALUE_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class _Fact:
    """A line below a cookie; `warns` when a client may stumble over it."""

    name: str
    text: str = ""
    warns: bool = False


class CookiesView(QWidget):
    """A tree: each cookie with its value, below it what was said of it.

    Values are credentials: they are masked until a person asks.
    """

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._exchange: Exchange | None = None
        self._shown: object = None
        self._workers: dict[str, str] = {}
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
        self._exchange = exchange
        place = _environment_of(self._console, exchange)
        nodes = place.nodes if place is not None else ()
        self._workers = {node.worker_name: node.name for node in nodes}
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
        exchange = self._exchange
        came = set_cookies(exchange) if exchange is not None else ()
        went = sent_cookies(exchange) if exchange is not None else ()
        plain = self.show_button.isChecked()
        self._stack.setCurrentWidget(self.tree if came or went else self._empty)
        for button in (self.show_button, self.copy_button):
            button.setVisible(bool(came or went))
        values = [
            value for value in (*(one.value for one in came), *(o.value for o in went)) if value
        ]
        kept = not values or not all(map(_is_masked, values))
        self.show_button.setEnabled(kept)
        self.show_button.setToolTip(_SHOW_TIP if kept else _NOT_KEPT)
        # Compared without the time of arrival: a poll must not move what is being read.
        facts = [(one.name, one.line, self._facts(one)) for one in came]
        shown = (facts, went, plain, tuple(self._workers.items()))
        if shown == self._shown:
            return
        self._shown = shown
        place, bar = self._place(), self.tree.verticalScrollBar()
        scrolled = bar.value()
        self.tree.clear()
        self._add_group(_SET, [self._set_item(one) for one in came])
        self._add_group(_SENT, [self._sent_item(one) for one in went])
        self._go_to(place)
        bar.setValue(scrolled)
        self._show_choice()

    def _add_group(self, title: str, items: list[QTreeWidgetItem]) -> None:
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

    def _set_item(self, one: SetCookie) -> QTreeWidgetItem:
        item = self._item(one.name or "(no name)", one.value, one.worker)
        for fact in self._facts(one):
            item.addChild(_fact_item(fact))
        return item

    def _sent_item(self, one: SentCookie) -> QTreeWidgetItem:
        item = self._item(one.name or "(no name)", one.value, one.worker)
        for fact in self._pointing(one.worker):
            item.addChild(_fact_item(fact))
        return item

    def _item(self, name: str, value: str, worker: str) -> QTreeWidgetItem:
        masked = f"{MASK}.{worker}" if worker else MASK
        shown = value if self.show_button.isChecked() else masked if value else ""
        item = QTreeWidgetItem([name, shown])
        item.setData(0, _VALUE_ROLE, value)
        item.setToolTip(0, plain_tip(name))
        item.setToolTip(1, plain_tip(shown))
        return item

    def _facts(self, one: SetCookie) -> list[_Fact]:
        ends = "at once: the cookie is taken away" if one.ended else expires_text(one.expires)
        same_site = f"SameSite={one.same_site}" if one.same_site else ""
        marks = ["HttpOnly" if one.http_only else "", "Secure" if one.secure else "", same_site]
        domain = f"{one.domain} and all below" if one.domain else f"{one.host} alone"
        path = one.path if one.names_path else f"{one.path} (none was named)"
        return [
            *self._pointing(one.worker),
            _Fact("Domain", domain),
            _Fact("Path", path),
            _Fact("Expires", ends),
            _Fact("Marks", ", ".join(filter(None, marks)) or "none"),
            *(_Fact(name, value or "(no value)") for name, value in one.other_attributes),
            *(_Fact(f"⚠ {oddity}", warns=True) for oddity in one.oddities),
        ]

    def _pointing(self, worker: str) -> Iterator[_Fact]:
        """Say which node a sticky cookie points to, and whether the request went elsewhere."""
        points_to = node_of(worker, self._workers.items())
        if not points_to:
            return
        node = self._exchange.node if self._exchange is not None else ""
        strays = len(self._workers) > 1 and bool(node) and points_to != node
        text = f"⚠ {points_to}; the request went to {node}" if strays else points_to
        yield _Fact("Points to", text, warns=strays)

    # --- choosing ----------------------------------------------------------------------------

    def _chosen(self) -> QTreeWidgetItem | None:
        """Give the cookie that is chosen, or the one that a chosen fact belongs to."""
        item = self.tree.currentItem()
        while item is not None and item.data(0, _VALUE_ROLE) is None:
            item = item.parent()
        return item

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
        item = self._chosen()
        kept = item is None or not _is_masked(item.data(0, _VALUE_ROLE))
        self.copy_button.setEnabled(item is not None and kept)
        self.copy_button.setToolTip(_COPY_TIP if kept else _NOT_KEPT)

    def copy_value(self) -> None:
        """Copy the value of the chosen cookie, as a person asked to."""
        item = self._chosen()
        if item is not None and _is_masked(item.data(0, _VALUE_ROLE)):
            self._console.message.emit(f"{_NOT_KEPT}.")
        elif item is not None:
            QGuiApplication.clipboard().setText(item.data(0, _VALUE_ROLE))
            self._console.message.emit(f"Value of {item.text(0)} copied")

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


def _is_masked(value: str) -> bool:
    """Whether a value was masked before it was kept; what it ends with may name a node."""
    return value == MASK or value.startswith(f"{MASK}.")


def _fact_item(fact: _Fact) -> QTreeWidgetItem:
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
